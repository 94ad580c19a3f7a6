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

/** Hears the invalidations of other isolates. The caller passes them to `cache.apply`, and to `cache.missed` what it missed. */
export interface Hearing {
  /** Returns the time before which every acknowledged invalidation was applied or missed, in epoch milliseconds. 0 at first. */
  heardUntil(): number;
  /** Hears what was acknowledged so far. Rejects when Redis does not answer. */
  hear(): Promise<void>;
}

/**
 * Carries invalidations to other isolates, whose caches take them with `cache.apply`. Without a bus, an isolate serves an
 * entry that another one invalidated for at most `localMs`.
 */
export interface InvalidationBus {
  publish(invalidation: Invalidation): Promise<void>;
}
