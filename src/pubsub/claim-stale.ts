import type { PubsubContext } from "./context.ts";
import { type Entry, type RawEntry, readEntry } from "./message.ts";

/** Messages of a group that a worker read and did not acknowledge for long. */
export interface Abandoned {
  /** Taken over: with how often each has been delivered, this time included. */
  taken: { entry: Entry; deliveries: number }[];
  /** All that were found, taken or not. */
  ids: string[];
  /** Gone from the bus. */
  trimmed: string[];
}

export interface TakeOverOptions {
  group: string;
  consumer: string;
  idleMs: number;
  count: number;
  /** Done by this worker, so that there is nothing to take over. */
  isDone(streamId: string): boolean;
}

/**
 * Takes over what is abandoned. XAUTOCLAIM would do it in one command and not say how often a message was delivered, by which
 * it is given up: 1 command in 1 round trip when there is none, else 1 more, and 1 for each that is gone.
 */
export async function takeOver(
  context: PubsubContext,
  { group, consumer, idleMs, count, isDone }: TakeOverOptions,
): Promise<Abandoned> {
  const { stream } = context.keys;
  const pending = await context.exec<[id: string, consumer: string, idleMs: number, deliveries: number][]>(
    ...(["XPENDING", stream, group, "IDLE", idleMs, "-", "+", count] as [string, ...(string | number)[]]),
  );
  const ids = pending.map(([id]) => id);
  const wanted = ids.filter((id) => !isDone(id));
  if (wanted.length === 0) return { taken: [], ids, trimmed: [] };
  // Another worker that claims them at the same time gets none of these: they are not idle any more.
  const claimed = await context.exec<RawEntry[]>("XCLAIM", stream, group, consumer, idleMs, ...wanted);
  const deliveries = new Map(pending.map(([id, , , before]) => [id, before + 1]));
  const taken = claimed.flatMap((raw) => {
    const entry = readEntry(raw);
    return entry ? [{ entry, deliveries: deliveries.get(entry.streamId) ?? 1 }] : [];
  });
  const missing = wanted.filter((id) => !taken.some(({ entry }) => entry.streamId === id));
  // Claimed by another worker meanwhile, or gone.
  const found = await Promise.all(missing.map((id) => context.exec<RawEntry[] | null>("XRANGE", stream, id, id)));
  return { taken, ids, trimmed: missing.filter((_id, index) => (found[index] ?? []).length === 0) };
}
