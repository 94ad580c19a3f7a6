import { type Budget, unlimited, waitForRequests } from "../../platform/index.ts";
import { flush } from "./acknowledge.ts";
import { type GroupContext, maxPending } from "./context.ts";
import { handleAll } from "./handle.ts";
import { readPage } from "./read-page.ts";
import { retryStale } from "./retry-stale.ts";

export interface WorkOptions {
  /** The invocation's requests. Default: as many as it likes. */
  budget?: Budget;
  /** Requests that the handlers of one message may send. Default: 3. */
  requestsPerMessage?: number;
}

/** Kept back to acknowledge, to move dead letters, to ask what still waits, and for the end of the invocation. */
const reserve = 6;

/**
 * Handles the messages that wait: stale ones, then page after page, as many as there are requests left for. Messages that were
 * read and cannot be handled any more are given back. Returns when to call it again, in epoch milliseconds; `undefined` when nothing waits.
 */
export async function work(
  group: GroupContext,
  { budget = unlimited, requestsPerMessage = 3 }: WorkOptions = {},
): Promise<number | undefined> {
  const { pubsub, state, retryMs } = group;
  const hasRoom = (): boolean => budget.left() - reserve >= requestsPerMessage;
  const run = { isCut: false };
  const within: GroupContext = {
    ...group,
    async begin() {
      run.isCut ||= !(await waitForRequests(hasRoom, () => budget.held() > 0, pubsub.clock));
      return run.isCut ? undefined : budget.hold(requestsPerMessage);
    },
  };

  if (hasRoom()) await retryStale(within);
  // Until a page is empty, and so for a run that was cut.
  let isMoreWaiting = true;
  const isHeld = (): boolean => state.pending.size >= maxPending;
  while (isMoreWaiting && !run.isCut && hasRoom() && !isHeld()) {
    pubsub.state.counters.polls += 1;
    const entries = await readPage(within);
    for (const { streamId } of entries) state.pending.set(streamId, pubsub.clock.now());
    await handleAll(within, entries, () => 1);
    // Handlers may have published more: only an empty page is the last.
    isMoreWaiting = entries.length > 0;
  }
  await flush(group);
  if (isMoreWaiting && !isHeld()) return pubsub.clock.now();
  return isMoreWaiting || (await countPending(group)) > 0 ? pubsub.clock.now() + retryMs : undefined;
}

// --- Internal helpers ---

/** Messages that were read and not acknowledged, by any worker. */
async function countPending({ pubsub, name }: GroupContext): Promise<number> {
  const [count] = await pubsub.exec<[number, ...unknown[]]>("XPENDING", pubsub.keys.stream, name);
  return count;
}
