import type { Invalidation, InvalidationBus } from "../cache/index.ts";
import type { Clock } from "../platform/index.ts";
import { channels, type Handler, invalidationHandler, invalidationsOn, type Pubsub } from "../pubsub/index.ts";
import type { Isolate } from "./isolate.ts";

export interface CacheSyncOptions {
  isolate: Pick<Isolate, "cache" | "id" | "pubsub" | "startedAt">;
  clock: Pick<Clock, "now">;
  pubsub(): Pubsub;
  apply(invalidation: Invalidation): void;
  /** Takes what the leader sends to every instance. */
  receive(notice: unknown): Promise<unknown>;
}

/** Has an isolate hear what the others publish for it: invalidations for its L1, and the leader's notices. */
export interface CacheSync {
  /** Publishes invalidations to the other isolates. */
  bus: InvalidationBus;
  /**
   * Polls the bus in the request that leaves at the end of this tick: every five seconds while L1 holds something, every minute
   * otherwise, and not in an isolate's first minute.
   * Cost: 1 command, 0 round trips; 0 and 0 when it is not time.
   */
  pollAlong(): void;
  /** Handlers that each invocation of the isolate gives to its pubsub. */
  handlers(): Readonly<Record<string, Handler>>;
  /** Takes the news that the isolate missed messages: any entry of L1 may be stale. */
  missed(): void;
}

/**
 * Keeps L1 in step with other isolates. Isolates that read L1 apply invalidations from the bus the next time they poll it, at
 * most five seconds later.
 */
export function createCacheSync({ isolate, clock, pubsub, apply, receive }: CacheSyncOptions): CacheSync {
  const { entries } = isolate.cache;

  /** L1's older entries may have been invalidated before this isolate had a place on the bus; newer ones are within the bound. */
  function forgetOld(): void {
    for (const [key, { storedAt }] of entries.entries()) {
      if (clock.now() - storedAt > boundMs) entries.delete(key);
    }
  }

  return {
    bus: { publish: (invalidation) => invalidationsOn(pubsub()).publish(invalidation) },
    pollAlong() {
      if (isolate.pubsub.places.size === 0) forgetOld();
      if (entries.size > 0) pubsub().pollAlong(boundMs);
      else if (clock.now() - isolate.startedAt >= idleMs) pubsub().pollAlong(idleMs);
    },
    handlers: () => ({
      [channels.invalidations]: invalidationHandler(isolate.id, apply),
      [channels.coordination]: ({ data }) => receive(data),
    }),
    missed: () => entries.clear(),
  };
}

// --- Internal helpers ---

/** An isolate polls at least this often while it reads L1. */
const boundMs = 5_000;
/** Without L1 there are only the leader's orders to hear. */
const idleMs = 60_000;
