import { type Entry, entryOf } from "./entry.ts";
import { CacheBusyError } from "./errors.ts";
import { isFetchable, type Wanted } from "./fetch.ts";
import { fetchUnclaimed } from "./fill.ts";
import type { KindContext } from "./kind-context.ts";
import { graceEntry } from "./l1.ts";

/**
 * Returns an entry while Redis does not answer: an older copy from L1, else the fetcher's value. Without claims nothing keeps
 * isolates from fetching at once, so that each fetches a few values at a time. Throws `error` when there is no fetcher, and
 * `CacheBusyError` when too much is being fetched.
 */
export async function withoutRedis<T>(context: KindContext<T>, wanted: Wanted<T>, error: unknown): Promise<Entry<T>> {
  const { state, kind, clock, stats, report } = context;
  stats.redisFailures += 1;
  report({ type: "redis-failed", namespace: kind.name, error });
  const copy = graceEntry(state, wanted.key, clock.now());
  if (copy) {
    stats.staleHits += 1;
    return entryOf<T>(copy, "L1", clock.now());
  }
  if (!isFetchable(wanted)) throw error;
  for (let waits = 0; state.unguarded >= maxUnguarded; waits++) {
    if (waits >= maxWaits) throw new CacheBusyError(wanted.key, { cause: error });
    await clock.sleep(25 * (0.5 + clock.random()));
  }
  state.unguarded += 1;
  try {
    return await fetchUnclaimed(context, wanted, { generations: "", sequence: state.sequence });
  } finally {
    state.unguarded -= 1;
  }
}

// --- Internal helpers ---

/** Fetches of one isolate at a time. */
const maxUnguarded = 8;
/** About half a second. */
const maxWaits = 20;
