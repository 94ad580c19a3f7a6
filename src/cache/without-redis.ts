import type { CacheContext } from "./context.ts";
import { type Entry, entryOf } from "./entry.ts";
import { CacheBusyError } from "./errors.ts";
import { isFetchable, type Wanted } from "./fetch.ts";
import { fetchUnclaimed } from "./fill.ts";
import type { KindContext } from "./kind-context.ts";
import { graceEntry } from "./l1.ts";

/**
 * Returns an entry while Redis does not answer: an older copy from L1, else the fetcher's value. Without claims nothing keeps
 * isolates from fetching at once, so that each fetches a few values at a time, and others wait. Throws `error` when there is no
 * fetcher, and `CacheBusyError` when too much is being fetched for longer than `waitMs`.
 */
export async function withoutRedis<T>(context: KindContext<T>, wanted: Wanted<T>, error: unknown): Promise<Entry<T>> {
  const { state, kind, clock, stats, report } = context;
  stats.redisFailures += 1;
  report({ type: "redis-failed", namespace: kind.name, error });
  const copied = copyOf(context, wanted);
  if (copied) return copied;
  if (!isFetchable(wanted)) throw error;
  for (let waitedMs = 0; countRunning(context) >= maxUnclaimed; waitedMs += 25) {
    if (waitedMs >= kind.waitMs) throw new CacheBusyError(wanted.key, { cause: error });
    await clock.sleep(25 * (0.5 + clock.random()));
    const fetched = copyOf(context, wanted);
    if (fetched) return fetched;
  }
  const fetch = { endsBy: clock.now() + kind.hardTimeoutMs };
  state.unclaimed.add(fetch);
  try {
    return await fetchUnclaimed(context, wanted, { generations: "", sequence: state.sequence });
  } finally {
    state.unclaimed.delete(fetch);
  }
}

// --- Internal helpers ---

/** Fetches of one isolate at a time. */
const maxUnclaimed = 8;

/** Returns what L1 has of an entry, within its grace. */
function copyOf<T>({ state, clock, stats }: KindContext<T>, { key }: Wanted<T>): Entry<T> | undefined {
  const now = clock.now();
  const copy = graceEntry(state, key, now);
  if (!copy) return undefined;
  if (now < copy.freshUntil) stats.localHits += 1;
  else stats.staleHits += 1;
  return entryOf<T>(copy, "L1", now);
}

/** Returns how many fetches run without a claim, and forgets those of invocations that died. */
function countRunning({ state: { unclaimed }, clock }: CacheContext): number {
  for (const fetch of unclaimed) if (fetch.endsBy < clock.now()) unclaimed.delete(fetch);
  return unclaimed.size;
}
