import { flush } from "./acknowledge.ts";
import type { GroupContext } from "./context.ts";
import { handleAll } from "./handle.ts";
import { readPage } from "./read-page.ts";
import { retryStale } from "./retry-stale.ts";

export interface WorkOptions {
  /** Returns how many more requests the invocation may send. Default: as many as it likes. */
  left?(): number;
  /** Requests that the handlers of one message are expected to send. Default: 1. */
  requestsPerMessage?: number;
}

/** Kept back to acknowledge, and to ask what still waits. */
const reserve = 6;

/**
 * Handles what waits: stale messages, then page after page, as many messages as there are requests left for. No message is read
 * that cannot be handled. Returns when to call it again, in epoch milliseconds; `undefined` when nothing waits.
 */
export async function work(
  group: GroupContext,
  { left = () => Number.POSITIVE_INFINITY, requestsPerMessage = 1 }: WorkOptions = {},
): Promise<number | undefined> {
  const { pubsub, state, retryMs } = group;
  const room = (): number => Math.min(group.pageSize, Math.floor((left() - reserve) / requestsPerMessage));

  if (room() > 0) await retryStale({ ...group, pageSize: room() });
  let isMoreWaiting = true;
  while (isMoreWaiting && room() > 0) {
    const page = { ...group, pageSize: room() };
    pubsub.state.counters.polls += 1;
    const entries = await readPage(page);
    for (const { streamId } of entries) state.pending.set(streamId, pubsub.clock.now());
    await handleAll(page, entries, () => 1);
    // What was handled may have published more: only an empty page is the last.
    isMoreWaiting = entries.length > 0;
  }
  await flush(group);
  if (isMoreWaiting) return pubsub.clock.now();
  return (await countPending(group)) > 0 ? pubsub.clock.now() + retryMs : undefined;
}

// --- Internal helpers ---

/** Messages that were read and not acknowledged, by any worker. */
async function countPending({ pubsub, name }: GroupContext): Promise<number> {
  const [count] = await pubsub.exec<[number, ...unknown[]]>("XPENDING", pubsub.keys.stream, name);
  return count;
}
