import { channels } from "./channels.ts";
import type { Handler } from "./handlers.ts";
import type { Pubsub } from "./pubsub.ts";

/** Names of cache entries that every isolate must forget. */
export interface Invalidation {
  names: readonly string[];
}

/** The most names in one message. */
const namesPerMessage = 200;

/**
 * Publishes invalidations as messages on the bus.
 *
 * @example
 * const pubsub = createPubsub({
 *   ...options,
 *   isolateHandlers: { [channels.invalidations]: invalidationHandler(source, (invalidation) => cache.apply(invalidation)) },
 * });
 * const cache = createCache({ ...others, bus: invalidationsOn(pubsub) });
 */
export const invalidationsOn = (pubsub: Pick<Pubsub, "publish">) => ({
  /** Tells the other isolates. Cost: 1 command per 200 names, 1 round trip. */
  async publish({ names }: Invalidation): Promise<void> {
    const pages = Array.from({ length: Math.ceil(names.length / namesPerMessage) }, (_, page) =>
      names.slice(page * namesPerMessage, (page + 1) * namesPerMessage),
    );
    await Promise.all(
      pages.map((page) => pubsub.publish(channels.invalidations, { names: page }, { type: "invalidation" })),
    );
  },
});

/** Returns the handler of an isolate that calls `apply` for each invalidation of another isolate. Cost: 0 commands. */
export const invalidationHandler =
  (isolate: string, apply: (invalidation: Invalidation) => void): Handler =>
  ({ data, source }) => {
    if (source !== isolate && isInvalidation(data)) apply(data);
  };

// --- Internal helpers ---

const isInvalidation = (data: unknown): data is Invalidation =>
  typeof data === "object" &&
  data !== null &&
  "names" in data &&
  Array.isArray(data.names) &&
  data.names.every((name) => typeof name === "string");
