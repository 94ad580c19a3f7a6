import { type Entry, entryOf, fetchedEntry, isDueEarly } from "./entry.ts";
import type { Envelope } from "./envelope.ts";
import { fetchAndKeep, isFetchable, type Wanted } from "./fetch.ts";
import { land } from "./fill.ts";
import { keepLocally } from "./keep.ts";
import type { KindContext } from "./kind-context.ts";
import type { Found } from "./l2.ts";

/**
 * Returns a stored value, and refreshes it after the answer when it is in its grace, or soon will be. A value in its grace is
 * returned at once, or after `softTimeoutMs` when its refresh takes longer.
 */
export async function serve<T>(
  context: KindContext<T>,
  wanted: Wanted<T>,
  found: Found<T> & { stored: Envelope<T> },
): Promise<Entry<T>> {
  const { stored } = found;
  const { kind, clock, stats, waitUntil } = context;
  keepLocally(context, wanted.key, wanted.tags, stored, found);
  const entry = entryOf<T>(stored, "redis", clock.now());
  if (entry.isStale) stats.staleHits += 1;
  else stats.redisHits += 1;
  if (!entry.isStale && !isDueEarly(stored, kind.earliness, clock.now(), clock.random)) return entry;
  const refreshing = refresh(context, wanted, found).catch(() => undefined);
  waitUntil(refreshing);
  if (!entry.isStale || kind.softTimeoutMs === 0) return entry;
  const timer = new AbortController();
  const newer = await Promise.race([refreshing, clock.sleep(kind.softTimeoutMs, timer.signal)]);
  timer.abort();
  return newer ?? entry;
}

// --- Internal helpers ---

/**
 * Fetches a newer value for one that is still served. Returns `undefined` when another isolate does, or when there is no
 * fetcher.
 * Cost: 2 commands, 2 round trips.
 */
async function refresh<T>(
  context: KindContext<T>,
  wanted: Wanted<T>,
  { stored, sequence }: Found<T> & { stored: Envelope<T> },
): Promise<Entry<T> | undefined> {
  const { l2, clock, inBackground } = context;
  if (!isFetchable(wanted) || !(await l2.claimRefresh(wanted.key))) return undefined;
  const envelope = await fetchAndKeep(context, wanted, { generations: stored.generations, sequence });
  inBackground(land(context, wanted.key, stored.text, envelope));
  return fetchedEntry(envelope, clock.now());
}
