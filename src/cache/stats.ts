/** An isolate's counts for one kind, since it started. */
export interface CacheStats {
  localHits: number;
  redisHits: number;
  /** Values served in their grace: while they were refreshed, or because they could not be. */
  staleHits: number;
  misses: number;
  fetches: number;
  /** How long a fetch takes, in milliseconds: a moving average. */
  fetchMs: number;
  fetchFailures: number;
  redisFailures: number;
  /** Unreadable values, which were replaced. */
  repairs: number;
}

/** Returns the counters of a kind. They start at 0. */
export function statsOf(all: Map<string, CacheStats>, kind: string): CacheStats {
  const known = all.get(kind);
  if (known) return known;
  const stats = {
    localHits: 0,
    redisHits: 0,
    staleHits: 0,
    misses: 0,
    fetches: 0,
    fetchMs: 0,
    fetchFailures: 0,
    redisFailures: 0,
    repairs: 0,
  };
  all.set(kind, stats);
  return stats;
}

/** Returns the share of reads that needed no fetch, from 0 to 1. */
export function hitRate({ localHits, redisHits, staleHits, misses }: CacheStats): number {
  const hits = localHits + redisHits + staleHits;
  return hits + misses === 0 ? 0 : hits / (hits + misses);
}
