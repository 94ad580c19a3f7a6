import { channels } from "./channels.ts";
import type { Pubsub } from "./pubsub.ts";

/** What other isolates are to forget. */
export interface Invalidation {
  names: readonly string[];
}

export interface Invalidations {
  /** Tells the other isolates. 1 command in 1 round trip for some hundred names. */
  publish(invalidation: Invalidation): Promise<void>;
  /**
   * Hears from the other isolates, with every poll: own messages are skipped. `missed` is called where some were trimmed away
   * before this isolate asked, and anything may be stale. Gives back a function that ends it. 0 commands.
   */
  subscribe(apply: (invalidation: Invalidation) => void, missed: () => void): () => void;
}

/** Names of one message. */
const namesPerMessage = 200;

/**
 * Invalidations as messages on the bus.
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
