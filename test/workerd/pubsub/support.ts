import { systemClock } from "../../../src/platform/index.ts";
import {
  createPubsub,
  createPubsubState,
  type Message,
  type PubsubEvent,
  type PubsubOptions,
} from "../../../src/pubsub/index.ts";
import { createConnection, createRedisState } from "../../../src/redis/index.ts";
import { createDatabase, type Database } from "../../support/database.ts";

/** Makes one isolate. Others may share its database. */
export function createTestIsolate({
  database = createDatabase(),
  source = "one",
  retries = 2,
  chance = () => 0.5,
  clock = systemClock,
  ...options
}: Partial<PubsubOptions> & { database?: Database; retries?: number; chance?(): number } = {}) {
  const state = createPubsubState();
  const redisState = createRedisState();
  const events: PubsubEvent[] = [];
  const background: Promise<unknown>[] = [];
  const connect = () =>
    createConnection({
      url: database.url,
      token: database.token,
      state: redisState,
      timeoutMs: 500,
      retries,
      breaker: { threshold: 1_000 },
    });

  return {
    state,
    database,
    events,
    connect,
    /** Returns the pubsub of one invocation. */
    invocation({ clock: own = clock, ...more }: Partial<PubsubOptions> = {}) {
      const connection = connect();
      return createPubsub({
        state,
        redis: () => connection.commands,
        prefix: "t:",
        source,
        waitUntil: (work) => void background.push(work),
        report: (event) => void events.push(event),
        // By default, every publish trims by age.
        clock: { ...own, random: chance },
        ...options,
        ...more,
      });
    },
    /** Resolves when the background work is done. */
    async settled() {
      while (background.length > 0) await background.shift();
    },
  };
}

/** Returns a handler that records its messages. */
export function createRecorder() {
  const got: Message[] = [];
  return { got, handler: (message: Message) => void got.push(message), data: () => got.map(({ data }) => data) };
}
