import { LRUCache } from "lru-cache";

/** What outlives an invocation, as plain data: it belongs to the isolate and is shared by all its caches. */
export interface CacheState {
  /** L1. Bounded by entries and by bytes of the serialised values; made when first looked into. */
  readonly entries: LRUCache<string, LocalEntry>;
  readonly stats: Map<string, CacheStats>;
  /** Counts invalidations that this isolate knows of; an entry is valid that was read after those of its tags. */
  sequence: number;
  /** The last invalidation of a tag or key. */
  readonly invalidated: Map<string, number>;
  /** Fetches that go on while Redis is away. */
  unguarded: number;
}

export interface LocalEntry {
  value: unknown;
  storedAt: number;
  freshUntil: number;
  serveUntil: number;
  fetchMs: number;
  /** Served without asking Redis until then. */
  localUntil: number;
  tags: readonly string[];
  /** The isolate's count of invalidations when the read of it began. */
  sequence: number;
}

/** Since the isolate started. */
export interface CacheStats {
  localHits: number;
  redisHits: number;
  /** Served past their freshness: while they were refreshed, or because they could not be. */
  staleHits: number;
  misses: number;
  fetches: number;
  /** How long a fetch takes, in milliseconds: a moving average. */
  fetchMs: number;
  fetchFailures: number;
  redisFailures: number;
  /** Values that could not be read, and were replaced. */
  repairs: number;
}

export interface CacheStateOptions {
  maxEntries?: number;
  maxBytes?: number;
}

const defaultMaxBytes = 16 * 1024 * 1024;

export const createCacheState = ({
  maxEntries = 5_000,
  maxBytes = defaultMaxBytes,
}: CacheStateOptions = {}): CacheState => {
  let entries: LRUCache<string, LocalEntry> | undefined;
  return {
    get entries() {
      return (entries ??= new LRUCache({ max: maxEntries, maxSize: maxBytes }));
    },
    stats: new Map(),
    sequence: 0,
    invalidated: new Map(),
    unguarded: 0,
  };
};

export function statsOf(state: CacheState, namespace: string): CacheStats {
  const known = state.stats.get(namespace);
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
  state.stats.set(namespace, stats);
  return stats;
}

/** Of all reads those that needed no fetch, from 0 to 1. */
export function hitRate({ localHits, redisHits, staleHits, misses }: CacheStats): number {
  const hits = localHits + redisHits + staleHits;
  return hits + misses === 0 ? 0 : hits / (hits + misses);
}

const maxInvalidated = 10_000;

/** Entries with this tag, or at this key, that were read before are not served any more. */
export function invalidateLocally(state: CacheState, tagOrKey: string): void {
  state.sequence += 1;
  if (state.invalidated.size >= maxInvalidated) {
    // Too many to tell apart: everything read so far goes.
    state.entries.clear();
    state.invalidated.clear();
  }
  state.invalidated.set(tagOrKey, state.sequence);
}

export function isValid(state: CacheState, key: string, { sequence, tags }: LocalEntry): boolean {
  if (sequence === state.sequence) return true;
  const isOlder = (name: string) => (state.invalidated.get(name) ?? 0) > sequence;
  return !isOlder(key) && !tags.some(isOlder);
}
