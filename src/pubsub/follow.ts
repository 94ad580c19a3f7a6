import { matchesChannel } from "./channels.ts";
import type { PubsubContext } from "./context.ts";
import { UnknownPositionError } from "./errors.ts";
import type { Gap } from "./events.ts";
import { createMemory, isRemembered, remember } from "./memory.ts";
import type { Message } from "./message.ts";
import { nextPace, type PaceOptions, pauseMs, slow } from "./pace.ts";
import { endOfBus, readAfter } from "./reader.ts";
import type { Cursor } from "./state.ts";
import { compareIds, timeOf } from "./stream-id.ts";

export interface FollowOptions extends PaceOptions {
  /** The stream id of the last message that is known. Default: only messages published from now on. */
  after?: string | undefined;
  /** Ends the iteration. */
  signal?: AbortSignal;
  /** Returns how many more requests the invocation may send; the iteration ends before it runs out. Default: no limit. */
  left?(): number;
}

/** One step of following the bus. */
export type Step =
  | { type: "message"; message: Message }
  | ({ type: "gap" } & Gap)
  /** Every message of these channels up to this stream id was yielded. */
  | { type: "idle"; streamId: string };

/** Kept back for one poll, whose read and whose count of missed messages may each be sent three times. */
const reserve = 6;

/**
 * Yields everything on some channels and patterns, with its own cursor. Polls only when the last step was taken,
 * so that a slow reader costs no memory. A failure of Redis ends it. An iteration that continues after a known message polls at
 * the slow pace until something comes. Throws `UnknownPositionError` for a position ahead of the bus, and `WrongTypeError`.
 * Cost: 1 command, 1 round trip per poll, for any number of channels.
 */
export async function* steps(
  context: PubsubContext,
  patterns: readonly string[],
  { after, signal, left = () => Number.POSITIVE_INFINITY, fastMs = 250, slowMs = 20_000 }: FollowOptions = {},
): AsyncGenerator<Step, void, void> {
  if (after !== undefined) await checkPosition(context, after);
  const memory = createMemory(context.memorySize);
  let cursor: Cursor = after === undefined ? await endOfBus(context) : { id: after, ordinal: undefined };
  let pace = nextPace(slow, after === undefined);
  if (after === undefined) yield { type: "idle", streamId: cursor.id };
  const isOver = () => signal?.aborted === true;
  while (!isOver() && left() >= reserve) {
    const page = await readAfter(context, cursor, context.pageSize);
    context.state.counters.polls += 1;
    if (page.gap) {
      const gap = { reader: "follower" as const, ...page.gap };
      context.reportGap(gap);
      yield { type: "gap", ...gap };
    }
    for (const { message } of page.entries) {
      if (!message || !patterns.some((pattern) => matchesChannel(pattern, message.channel))) continue;
      if (isRemembered(memory, message.id)) continue;
      remember(memory, message.id);
      yield { type: "message", message };
      if (isOver()) return;
    }
    cursor = page.cursor;
    pace = nextPace(pace, page.entries.length > 0);
    yield { type: "idle", streamId: cursor.id };
    if (page.isFull) continue;
    await context.clock.sleep(pauseMs(pace, context.clock.random(), { fastMs, slowMs }), signal);
  }
}

// --- Internal helpers ---

/** A position this far ahead of the clock, in milliseconds, is looked up. */
const aheadMs = 86_400_000;

/** Redis would wait for such a position without a word. */
async function checkPosition(context: PubsubContext, after: string): Promise<void> {
  if (timeOf(after) <= context.clock.now() + aheadMs) return;
  const end = await endOfBus(context);
  if (compareIds(after, end.id) > 0) throw new UnknownPositionError(after);
}
