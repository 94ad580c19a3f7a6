import type { CacheContext } from "./context.ts";
import { everything, ownTag } from "./keys.ts";
import type { CacheKind } from "./kind.ts";
import { createL2, type Found, type L2 } from "./l2.ts";
import { type CacheStats, statsOf } from "./stats.ts";

/** A read that is due soon, for all entries of a kind that the invocation waits for. */
export interface Poll<T> {
  wanted: Map<string, { key: string; tags: readonly string[] }>;
  sleepMs: number;
  found: Promise<Map<string, Promise<Found<T>>>>;
}

/** Shared by the steps of a read: the cache's context, one kind and its L2. */
export interface KindContext<T> extends CacheContext {
  kind: CacheKind<T>;
  l2: L2<T>;
  stats: CacheStats;
  /** The next read for the entries whose fetches this invocation waits for. */
  poll: { next?: Poll<T> };
  keyOf(id: string): string;
  /** Returns an entry's tags: none for a kind without tags. */
  tagsOf(id: string): readonly string[];
  /** Keeps the invocation alive for a write to Redis that goes on after the answer, and reports its failure. */
  inBackground(work: Promise<unknown>): void;
}

export function createKindContext<T>(context: CacheContext, kind: CacheKind<T>): KindContext<T> {
  const stats = statsOf(context.state.stats, kind.name);
  const base = context.keys.entry(kind.name, "");
  return {
    ...context,
    kind,
    l2: createL2(context, kind),
    stats,
    poll: {},
    keyOf: (id) => base + id,
    tagsOf: (id) => (kind.isTagged ? [everything, kind.name, ...kind.tagsOf(id).map(ownTag)] : []),
    inBackground: (work) =>
      context.waitUntil(
        work.catch((error: unknown) => {
          stats.redisFailures += 1;
          context.report({ type: "redis-failed", namespace: kind.name, error });
        }),
      ),
  };
}
