import { channels } from "./channels.ts";
import type { Pubsub } from "./pubsub.ts";

/** Names of cache entries that every isolate must forget. */
export interface Invalidation {
  names: readonly string[];
}

export interface Invalidations {
  /** Publishes to the other isolates. Cost: 1 command per 200 names, 1 round trip. */
  publish(invalidation: Invalidation): Promise<void>;
  /**
   * Calls `apply` for each invalidation of another isolate, with every poll. Calls `missed` after a gap: then any entry
   * may be stale. Returns a function that ends the subscription.
   * Cost: 0 commands.
   */
  subscribe(apply: (invalidation: Invalidation) => void, missed: () => void): () => void;
}

/** The most names in one message. */
const namesPerMessage = 200;

/**
 * Returns invalidations that travel as messages on the bus.
 * Cost: 0 commands.
 *
 * @example
 * const invalidations = invalidationsOn(pubsub);
 * const cache = createCache({ ...options, bus: invalidations });
 * invalidations.subscribe(cache.apply, () => isolate.cache.entries.clear());
 */
export function invalidationsOn(pubsub: Pick<Pubsub, "publish" | "subscribe" | "onGap" | "source">): Invalidations {
  return {
    async publish({ names }) {
      const pages = Array.from({ length: Math.ceil(names.length / namesPerMessage) }, (_, page) =>
        names.slice(page * namesPerMessage, (page + 1) * namesPerMessage),
      );
      await Promise.all(
        pages.map((page) => pubsub.publish(channels.invalidations, { names: page }, { type: "invalidation" })),
      );
    },
    subscribe(apply, missed) {
      const endMessages = pubsub.subscribe(channels.invalidations, ({ data, source }) => {
        if (source !== pubsub.source && isInvalidation(data)) apply(data);
      });
      const endGaps = pubsub.onGap(missed);
      return () => {
        endMessages();
        endGaps();
      };
    },
  };
}

// --- Internal helpers ---

const isInvalidation = (data: unknown): data is Invalidation =>
  typeof data === "object" &&
  data !== null &&
  "names" in data &&
  Array.isArray(data.names) &&
  data.names.every((name) => typeof name === "string");
