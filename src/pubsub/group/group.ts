import type { PubsubContext } from "../context.ts";
import type { Reader } from "../events.ts";
import type { Handler } from "../handlers.ts";
import type { PollResult } from "../poller.ts";
import { flush } from "./acknowledge.ts";
import { createGroupContext, maxPending } from "./context.ts";
import { type DeadLetter, type DeadLetterPage, listDeadLetters, removeDeadLetters } from "./dead-letters.ts";
import { handleAll } from "./handle.ts";
import type { GroupOptions } from "./options.ts";
import { readPage } from "./read-page.ts";
import { type ReplayOptions, type ReplayResult, replay } from "./replay.ts";
import { retryStale } from "./retry-stale.ts";
import { type WorkOptions, work } from "./work.ts";

/**
 * Workers that share the messages of the bus. One worker handles each message, at least once. A message is acknowledged once
 * no handler threw. Every worker of a group registers the same handlers: messages without a handler are acknowledged unread.
 *
 * Not guaranteed: order across workers, or of a message that is retried. One isolate handles a message that was published twice
 * once (`memorySize`); two isolates may handle it twice. A message trimmed before a worker read it is lost unnoticed; one
 * trimmed while it waits for a retry is reported as a gap.
 */
export interface Group {
  readonly name: string;
  readonly reader: Reader;
  /** Adds a handler to a channel or a pattern; returns a function that removes it. Cost: 0 commands. */
  subscribe<T>(pattern: string, handler: Handler<T>): () => void;
  /**
   * Reads one page, runs the handlers, and acknowledges the page before. The first poll makes the group.
   * Cost: 2 commands, 1 round trip; 1 command when nothing is left to acknowledge.
   */
  poll(): Promise<PollResult>;
  /** Acknowledges what is done. Cost: 1 command, 1 round trip; 0 when nothing is done. */
  flush(): Promise<void>;
  /**
   * Handles what waits, new or stale, as far as the invocation's requests go, and acknowledges it. Returns when to call it again,
   * in epoch milliseconds: at once while more waits, later for a message whose handler threw; `undefined` when nothing waits.
   * Cost: 1 command, 1 round trip for stale messages, and 2 more of each when some are stale, once more where they take half of
   * the requests; 2 and 1 for each page, 1 and 1 to acknowledge, 1 and 1 to ask what waits; 1 and 1 to give back what was read
   * and cannot be handled.
   */
  work(options?: WorkOptions): Promise<number | undefined>;
  /**
   * Handles messages that failed, or whose worker died. The cron tick calls it.
   * Cost: 1 command, 1 round trip; 2 more of each when some are stale; 2 commands more per message given up.
   */
  claim(): Promise<PollResult>;
  /** Returns dead letters, the oldest first. Cost: 1 command, 1 round trip; 1 command for each of `ids`. */
  deadLetters(page?: DeadLetterPage): Promise<DeadLetter[]>;
  /**
   * Runs this group's handlers with dead letters, at least once, and deletes those at which no handler threw.
   * Cost: 2 commands, 2 round trips; 1 command more for each of `ids` after the first.
   */
  replay(options?: ReplayOptions): Promise<ReplayResult>;
  /** Returns how many dead letters are kept. Cost: 1 command, 1 round trip. */
  deadLetterCount(): Promise<number>;
  /** Deletes dead letters; returns how many were deleted. Cost: 1 command, 1 round trip. */
  discard(ids: readonly string[]): Promise<number>;
}

export function createGroup(context: PubsubContext, name: string, options?: GroupOptions): Group {
  const group = createGroupContext(context, name, options);
  const { state, reader, handlers, pageSize } = group;

  async function poll(): Promise<PollResult> {
    if (state.pending.size >= maxPending) {
      await flush(group);
      if (state.pending.size >= maxPending) return { delivered: 0, hasMore: false, isHeld: true };
    }
    context.state.counters.polls += 1;
    const entries = await readPage(group);
    for (const { streamId } of entries) state.pending.set(streamId, context.clock.now());
    return { delivered: await handleAll(group, entries, () => 1), hasMore: entries.length === pageSize };
  }

  return {
    name,
    reader,
    subscribe: handlers.add,
    poll,
    flush: () => flush(group),
    work: (options) => work(group, options),
    claim: () => retryStale(group),
    deadLetters: (page) => listDeadLetters(context, name, page),
    deadLetterCount: () => context.exec<number>("XLEN", context.keys.deadLetters(name)),
    replay: (options) => replay(group, options),
    discard: (ids) => removeDeadLetters(context, name, ids),
  };
}
