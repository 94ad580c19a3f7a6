import { createPubsub, createPubsubState, type PubsubOptions } from "../../src/pubsub/index.ts";
import { createConnection, createRedisState } from "../../src/redis/index.ts";
import type { Contender } from "./contender.ts";

/** Returns an isolate's pubsub, with its own connection. */
export function openPubsub(url: string, token: string, options: Partial<PubsubOptions> = {}) {
  const connection = createConnection({ url, token, state: createRedisState(), timeoutMs: 10_000 });
  return createPubsub({
    state: createPubsubState(),
    redis: () => connection.commands,
    prefix: "sp:",
    source: crypto.randomUUID().slice(0, 8),
    waitUntil: () => {},
    ...options,
  });
}

export const sandpiper: Contender = {
  name: "src/pubsub",
  async open(url, token, channels) {
    const pubsub = openPubsub(url, token);
    const state = { heard: 0 };
    for (const channel of channels) pubsub.subscribe(channel, () => void (state.heard += 1));
    // An empty bus is a special case.
    await pubsub.publish("before", 0);
    await pubsub.poll();
    return {
      publish: (channel, data) => pubsub.publish(channel, data),
      async hear(count) {
        while (state.heard < count) await pubsub.poll();
      },
      close: async () => pubsub.close(),
    };
  },
};
