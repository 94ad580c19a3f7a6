import type { CacheState, Invalidation, InvalidationBus } from "./cache/index.ts";
import { channels, invalidationsOn, type Pubsub } from "./pubsub/index.ts";

export interface CoherenceOptions {
  /** L1. */
  state: CacheState;
  now(): number;
  pubsub(): Pubsub;
  apply(invalidation: Invalidation): void;
  /** Takes what the leader told every instance. */
  receive(notice: unknown): Promise<unknown>;
}

/** What an isolate hears from the others: what its L1 is to forget, and what the leader says. */
export interface Coherence {
  /** Tells the others what to forget. */
  bus: InvalidationBus;
  /**
   * Asks for what the others told, in the request that leaves at the end of this tick: 1 command, every five seconds at most,
   * and none while L1 is empty.
   */
  ride(): void;
  /** Hears with every poll of this invocation; for whoever polls by itself. 0 commands. */
  listen(): void;
}

/** An invalidation on the bus is obeyed by every isolate that reads L1, with its next ride: five seconds later at most. */
export function createCoherence({ state, now, pubsub, apply, receive }: CoherenceOptions): Coherence {
  const forgetAll = () => state.entries.clear();
  let isListening = false;

  /** What L1 holds may have been invalidated before this isolate had a place on the bus; what it just learnt is within the bound. */
  function forgetOld(): void {
    for (const [key, { storedAt }] of state.entries.entries()) {
      if (now() - storedAt > boundMs) state.entries.delete(key);
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
    ride() {
      if (state.entries.size === 0) return;
      listen();
      pubsub().rideAlong();
    },
    listen,
  };
}

// --- Internal helpers ---

/** As often as an isolate asks. */
const boundMs = 5_000;
