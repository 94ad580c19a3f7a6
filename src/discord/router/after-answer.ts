import { after } from "../after.ts";
import type { Answer } from "../answer.ts";
import type { Conversation } from "./conversation.ts";
import type { Stage } from "./hooks.ts";
import type { RouterServices } from "./services.ts";

/** How long Discord has to read an answer before anything may follow it. */
const settleMs = 100;
/** A Worker lives 30 s past its answer: a handler that is not done by then is given up on before. */
const lateMs = 25_000;

/** An exchange whose first answer is on its way. */
export interface Answered {
  readonly conversation: Conversation;
  readonly services: RouterServices;
  /** When the interaction came, in epoch milliseconds. */
  readonly startedAt: number;
  /** Whether the answer is the sentence of a failure. */
  readonly hasFailed: boolean;
  report(stage: Stage["stage"], outcome: Stage["outcome"], since: number): void;
  /** Reports a failure. Returns the sentence that the person reads. */
  tell(error: unknown): Answer;
  /** Reports a failure that the person is not told of. */
  note(error: unknown): void;
  /** The handler is done, or was given up. */
  done(): void;
}

/** Lets follow-ups and edits go once Discord has had time to read the first answer. */
export async function release({ services, conversation }: Answered): Promise<void> {
  await services.clock.sleep(settleMs);
  conversation.markOut();
}

/** Sends what the handler returns after its deferral, and then runs what was put off until after the answer. */
export async function finish(exchange: Answered, handling: Promise<Answer | undefined>): Promise<void> {
  const { services, conversation, startedAt } = exchange;
  const callOff = after(services.clock, lateMs, () =>
    services.waitUntil(sayLast(exchange, new Error("The handler ran out of time.")).finally(() => exchange.done())),
  );
  const answer = await handling;
  callOff();
  try {
    await conversation.finish(answer, { isFailure: exchange.hasFailed });
    exchange.report("late", "deferred", startedAt);
  } catch (error) {
    exchange.report("late", "failed", startedAt);
    await sayLast(exchange, error);
  }
  exchange.done();
  await runAfter(exchange);
}

/** Runs what the handler put off until after the answer, one after the other. A failure does not stop the rest. */
export async function runAfter(exchange: Answered): Promise<void> {
  const { services, conversation } = exchange;
  await conversation.isOut;
  for (const work of conversation.works) {
    const since = services.clock.now();
    try {
      await work();
      exchange.report("after", "ok", since);
    } catch (error) {
      exchange.report("after", "failed", since);
      exchange.note(error);
    }
  }
}

// --- Internal helpers ---

/** The person reads that it failed, in place of the answer. */
async function sayLast(exchange: Answered, error: unknown): Promise<void> {
  try {
    await exchange.conversation.finish(exchange.tell(error), { isFailure: true });
  } catch (second) {
    exchange.note(second);
  }
}
