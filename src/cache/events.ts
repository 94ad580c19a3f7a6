/** What a cache tells its host; logs and metrics are the host's affair. */
export type CacheEvent =
  | { type: "redis-failed"; namespace: string; error: unknown }
  | { type: "fetch-failed"; namespace: string; key: string; error: unknown }
  /** Somebody else's value, or half of one: it counts as a miss and is replaced. */
  | { type: "repaired"; namespace: string; key: string };

/** What other isolates have to hear: entries with this tag, or at this key, are not to be served from L1. */
export interface Invalidation {
  names: readonly string[];
}

/** Carries invalidations to the other isolates. Until there is one, L1's own bound does it. */
export interface InvalidationBus {
  publish(invalidation: Invalidation): Promise<void>;
}
