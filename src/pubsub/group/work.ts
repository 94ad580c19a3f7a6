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
 * Handles the messages that wait: stale ones with half of the requests, so that those that always fail keep none from its turn;
 * then page after page, as many as there are requests left for; then the rest of the stale ones. Messages that were read and
 * cannot be handled any more are given back. Returns when to call it again, in epoch milliseconds; `undefined` when nothing waits.
 */
export async function work(
  group: GroupContext,
  { budget = unlimited, requestsPerMessage = 3 }: WorkOptions = {},
): Promise<number | undefined> {
  const { pubsub, state, retryMs } = group;

  /** A part of the work, which leaves `kept` requests to the others. */
  function createRun(kept: number) {
    let isCut = false;
    const hasRoom = (): boolean => budget.left() - reserve - kept >= requestsPerMessage;
    const within: GroupContext = {
      ...group,
      async begin() {
        isCut ||= !(await waitForRequests(hasRoom, () => budget.held() > 0, pubsub.clock));
        return isCut ? undefined : budget.hold(requestsPerMessage);
      },
    };
    return { within, isCut: () => isCut, hasRoom: () => !isCut && hasRoom() };
  }

  const half = createRun(budget === unlimited ? 0 : Math.max(0, (budget.left() - reserve) / 2));
  const whole = createRun(0);
  let isMoreWaiting = true;
  const isHeld = (): boolean => state.pending.size >= maxPending;

  async function readOn(): Promise<void> {
    // Handlers may have published more: only an empty page is the last. A run that was cut knows of none.
    isMoreWaiting = true;
    while (isMoreWaiting && whole.hasRoom() && !isHeld()) {
      pubsub.state.counters.polls += 1;
      const entries = await readPage(whole.within);
      for (const { streamId } of entries) state.pending.set(streamId, pubsub.clock.now());
      await handleAll(whole.within, entries, () => 1);
      isMoreWaiting = entries.length > 0;
    }
  }

  const isSplit = half.hasRoom();
  if (isSplit) await retryStale(half.within);
  await readOn();
  if ((half.isCut() || !isSplit) && whole.hasRoom()) {
    const { delivered } = await retryStale(whole.within);
    if (delivered > 0) await readOn();
  }
  await flush(group);
  if ((isMoreWaiting || whole.isCut()) && !isHeld()) return pubsub.clock.now();
  return isMoreWaiting || (await countPending(group)) > 0 ? pubsub.clock.now() + retryMs : undefined;
}

// --- Internal helpers ---

/** Messages that were read and not acknowledged, by any worker. */
async function countPending({ pubsub, name }: GroupContext): Promise<number> {
  const [count] = await pubsub.exec<[number, ...unknown[]]>("XPENDING", pubsub.keys.stream, name);
  return count;
}
