import type { Hearing, Invalidation, InvalidationBus } from "../cache/index.ts";
import type { Clock } from "../platform/index.ts";
import {
  channels,
  type Handler,
  heardUntil,
  invalidationHandler,
  invalidationsOn,
  type Pubsub,
} from "../pubsub/index.ts";
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
  /** Tells the cache how far the isolate has heard the others. */
  hearing: Hearing;
  /**
   * Polls the bus in the request that leaves at the end of this tick: every five seconds while L1 holds something, every minute
   * otherwise, and not in an isolate's first minute.
   * Cost: 1 command, 0 round trips; 0 and 0 when it is not time.
   */
  pollAlong(): void;
  /** Returns the isolate's handlers, which each of its invocations gives to its pubsub. */
  handlers(): Readonly<Record<string, Handler>>;
}

/** How long L1 may serve what another isolate invalidated, in milliseconds. */
export const boundMs = 5_000;

/** Keeps L1 in step with other isolates: what they invalidated is served for `boundMs` at most. */
export function createCacheSync({ isolate, clock, pubsub, apply, receive }: CacheSyncOptions): CacheSync {
  return {
    bus: { publish: (invalidation) => invalidationsOn(pubsub()).publish(invalidation) },
    hearing: { heardUntil: () => heardUntil(isolate.pubsub), hear: () => pubsub().hear() },
    pollAlong() {
      if (isolate.cache.entries.size > 0) pubsub().pollAlong(boundMs);
      else if (clock.now() - isolate.startedAt >= idleMs) pubsub().pollAlong(idleMs);
    },
    handlers: () => ({
      [channels.invalidations]: invalidationHandler(isolate.id, apply),
      [channels.coordination]: ({ data }) => receive(data),
    }),
  };
}

// --- Internal helpers ---

/** Without L1 there are only the leader's orders to hear. */
const idleMs = 60_000;
