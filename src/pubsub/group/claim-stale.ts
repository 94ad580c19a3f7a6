import { type Entry, type RawEntry, readEntries } from "../message.ts";
import type { GroupContext } from "./context.ts";

/** Messages that a worker read but has not acknowledged for `retryMs`. */
export interface Stale {
  /** Claimed by this worker, with how often each has been delivered, this time included. */
  claimed: { entry: Entry; deliveries: number }[];
  /** All stale messages of the page, claimed or not. */
  ids: string[];
  /** Trimmed from the bus. */
  trimmed: string[];
}

/**
 * Claims stale messages, except those this worker has done. XAUTOCLAIM does it in one command, but does not say how
 * often a message was delivered.
 * Cost: 1 command, 1 round trip; 1 more of each when some are stale; 1 command more for each trimmed message.
 */
export async function claimStale({ pubsub, name, consumer, retryMs, pageSize, state }: GroupContext): Promise<Stale> {
  const { stream } = pubsub.keys;
  const pending = await pubsub.exec<[id: string, consumer: string, idleMs: number, deliveries: number][]>(
    "XPENDING",
    stream,
    name,
    "IDLE",
    retryMs,
    "-",
    "+",
    pageSize,
  );
  const ids = pending.map(([id]) => id);
  const wanted = ids.filter((id) => !state.done.has(id));
  if (wanted.length === 0) return { claimed: [], ids, trimmed: [] };
  // A worker that claims at the same time gets nothing: the messages are no longer idle.
  const replies = await pubsub.exec<RawEntry[]>("XCLAIM", stream, name, consumer, retryMs, ...wanted);
  const deliveries = new Map(pending.map(([id, , , before]) => [id, before + 1]));
  const claimed = readEntries(pubsub, replies).map((entry) => ({
    entry,
    deliveries: deliveries.get(entry.streamId) ?? 1,
  }));
  const missing = wanted.filter((id) => !claimed.some(({ entry }) => entry.streamId === id));
  // Claimed by another worker meanwhile, or trimmed.
  const left = await Promise.all(missing.map((id) => pubsub.exec<RawEntry[] | null>("XRANGE", stream, id, id)));
  return { claimed, ids, trimmed: missing.filter((_id, index) => (left[index] ?? []).length === 0) };
}
