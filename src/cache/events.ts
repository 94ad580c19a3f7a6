/** Events that the cache reports, for logs and metrics. */
export type CacheEvent =
  | { type: "redis-failed"; namespace: string; error: unknown }
  | { type: "fetch-failed"; namespace: string; key: string; error: unknown }
  /** A stored value was truncated, or written by something else. It counts as a miss and is replaced. */
  | { type: "repaired"; namespace: string; key: string };

/** Tells other isolates to stop serving entries from L1: those at these keys, and those with these tags. */
export interface Invalidation {
  names: readonly string[];
}

/**
 * Carries invalidations to other isolates, whose caches take them with `cache.apply`. Without a bus, an isolate serves an
 * entry that another one invalidated for at most `localMs`.
 */
export interface InvalidationBus {
  publish(invalidation: Invalidation): Promise<void>;
}
