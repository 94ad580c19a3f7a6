import { reasonOf } from "../../platform/index.ts";
import { MessagePutOffError } from "../errors.ts";
import { isRemembered, remember } from "../memory.ts";
import type { Entry, Message } from "../message.ts";
import type { GroupContext } from "./context.ts";
import { bury } from "./dead-letters.ts";
import { giveBack } from "./give-back.ts";
import { inLanes } from "./lanes.ts";

/**
 * Runs handlers: messages of one channel in turn, channels side by side. Messages without a handler are done. Gives up those
 * with too many deliveries, and gives back those that there are no requests left for, or that a handler put off. Returns how many
 * messages reached a handler.
 * Cost: 0 commands; 3 commands for each message given up, 1 for those given back, all in 1 round trip.
 */
export async function handleAll(
  group: GroupContext,
  entries: readonly Entry[],
  deliveriesOf: (streamId: string) => number,
): Promise<number> {
  const wanted: Message[] = [];
  for (const { streamId, message } of entries) {
    if (message && group.handlers.has(message.channel)) wanted.push(message);
    else group.state.done.add(streamId);
  }
  const outcomes = await inLanes(
    wanted,
    ({ channel }) => channel,
    (message) => handle(group, message, deliveriesOf(message.streamId)),
    group.concurrency,
  );
  const all = (wanted: Handled["is"]) => outcomes.flatMap(({ is, message }) => (is === wanted ? [message] : []));
  const dead = outcomes.filter(
    (one) => one.is === "failed" && deliveriesOf(one.message.streamId) >= group.maxDeliveries,
  );
  await Promise.all([
    giveBack(group, all("unhandled"), deliveriesOf, group.retryMs),
    giveBack(group, all("put-off"), deliveriesOf, 0),
    ...dead.map(({ message, error }) => giveUp(group, message, deliveriesOf(message.streamId), error)),
  ]);
  return outcomes.filter(({ is }) => is === "handled" || is === "failed").length;
}

/** Moves a message to the dead letters. Cost: 3 commands, 1 round trip. */
export async function giveUp(
  { pubsub, name, state }: GroupContext,
  message: Message,
  deliveries: number,
  error: unknown,
): Promise<void> {
  await bury(pubsub, name, { message, deliveries, reason: reasonOf(error) });
  state.pending.delete(message.streamId);
  pubsub.state.counters.deadLetters += 1;
  pubsub.report({ type: "dead-letter", group: name, message, deliveries, error });
}

// --- Internal helpers ---

/** As long as a job may run. One that waits without a limit would keep its invocation from all other work. */
const maxHandlingMs = 18_000;
const tooLong = `a handler took longer than ${maxHandlingMs / 1_000} s`;

interface Handled {
  is: "handled" | "failed" | "put-off" | "unhandled" | "duplicate";
  message: Message;
  error?: unknown;
}

async function handle(group: GroupContext, message: Message, deliveries: number): Promise<Handled> {
  const { pubsub, state, handlers, reader, begin, maxDeliveries } = group;
  if (isRemembered(state.memory, message.id)) {
    pubsub.state.counters.duplicates += 1;
    state.done.add(message.streamId);
    return { is: "duplicate", message };
  }
  const end = await begin();
  if (!end) return { is: "unhandled", message };
  const ended = new AbortController();
  const outcome = await Promise.race([
    handlers.run(message, reader, { count: deliveries, isLast: deliveries >= maxDeliveries }),
    pubsub.clock.sleep(maxHandlingMs, ended.signal),
  ]);
  const failures = outcome ?? [new Error(tooLong)];
  if (!outcome) handlers.tell(message, reader, failures);
  ended.abort();
  end();
  if (failures.length > 0) {
    const isPutOff = failures.every((error) => error instanceof MessagePutOffError);
    return { is: isPutOff ? "put-off" : "failed", message, error: failures[0] };
  }
  remember(state.memory, message.id);
  state.done.add(message.streamId);
  return { is: "handled", message };
}
