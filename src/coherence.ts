import type { CacheState, Invalidation, InvalidationBus } from "./cache/index.ts";
import { invalidationsOn, type Pubsub } from "./pubsub/index.ts";

/** How L1 learns what other isolates invalidated. */
export interface Coherence {
  /** Tells the others. */
  bus: InvalidationBus;
  /**
   * Asks for what the others told, in the request that leaves at the end of this tick: 1 command, every five seconds at most,
   * and none while L1 is empty.
   */
  ride(apply: (invalidation: Invalidation) => void): void;
  /** Hears with every poll of this invocation; for whoever polls by itself. 0 commands. */
  listen(apply: (invalidation: Invalidation) => void): void;
}

/** An invalidation on the bus is obeyed by every isolate that reads L1, with its next ride: five seconds later at most. */
export function followInvalidations(state: CacheState, pubsub: () => Pubsub): Coherence {
  const forgetAll = () => state.entries.clear();
  let isListening = false;

  function listen(apply: (invalidation: Invalidation) => void): void {
    if (isListening) return;
    isListening = true;
    const bus = pubsub();
    // What L1 holds may have been invalidated before this isolate had a place on the bus.
    if (!bus.hasStarted()) forgetAll();
    invalidationsOn(bus).subscribe(apply, forgetAll);
  }

  return {
    bus: { publish: (invalidation) => invalidationsOn(pubsub()).publish(invalidation) },
    ride(apply) {
      if (state.entries.size === 0) return;
      listen(apply);
      pubsub().rideAlong();
    },
    listen,
  };
}
