import type { CacheState, Invalidation, InvalidationBus } from "../cache/index.ts";
import type { Clock } from "../platform/index.ts";
import { channels, invalidationsOn, type Pubsub } from "../pubsub/index.ts";

export interface CacheSyncOptions {
  /** L1. */
  state: CacheState;
  clock: Pick<Clock, "now">;
  pubsub(): Pubsub;
  apply(invalidation: Invalidation): void;
  /** Takes what the leader sends to every instance. */
  receive(notice: unknown): Promise<unknown>;
}

/** What an isolate hears from the others: invalidations for its L1, and the leader's notices. */
export interface CacheSync {
  /** Publishes invalidations to the other isolates. */
  bus: InvalidationBus;
  /**
   * Polls the bus in the request that leaves at the end of this tick, at most every five seconds.
   * Cost: 1 command, 0 round trips of its own; nothing while L1 is empty.
   */
  pollAlong(): void;
  /** Subscribes, so that every poll of this invocation is heard. Cost: 0 commands. */
  listen(): void;
}

/**
 * Keeps L1 in step with other isolates. Isolates that read L1 apply invalidations from the bus the next time they poll it, at
 * most five seconds later.
 */
export function createCacheSync({ state, clock, pubsub, apply, receive }: CacheSyncOptions): CacheSync {
  const forgetAll = () => state.entries.clear();
  let isListening = false;

  /** L1's older entries may have been invalidated before this isolate had a place on the bus; newer ones are within the bound. */
  function forgetOld(): void {
    for (const [key, { storedAt }] of state.entries.entries()) {
      if (clock.now() - storedAt > boundMs) state.entries.delete(key);
    }
  }

  function listen(): void {
    if (isListening) return;
    isListening = true;
    const bus = pubsub();
    if (!bus.hasStarted()) forgetOld();
    invalidationsOn(bus).subscribe(apply, forgetAll);
    bus.subscribe(channels.coordination, async ({ data }) => void (await receive(data)));
  }

  return {
    bus: { publish: (invalidation) => invalidationsOn(pubsub()).publish(invalidation) },
    pollAlong() {
      if (state.entries.size === 0) return;
      listen();
      pubsub().pollAlong();
    },
    listen,
  };
}

// --- Internal helpers ---

/** An isolate polls at least this often while it reads L1. */
const boundMs = 5_000;
