import { type CacheEvent, type CacheOptions, createCache, createCacheState } from "../../../src/cache/index.ts";
import { createConnection, createRedisState } from "../../../src/redis/index.ts";
import { createDatabase, type Database } from "../../support/database.ts";

/** One isolate with an invocation at a time: its own L1, its own door to a database it may share with others. */
export function createTestIsolate({
  database = createDatabase(),
  ...options
}: Partial<CacheOptions> & { database?: Database } = {}) {
  const state = createCacheState();
  const redisState = createRedisState();
  const events: CacheEvent[] = [];
  const background: Promise<unknown>[] = [];
  const waitUntil = (work: Promise<unknown>) => void background.push(work);

  return {
    state,
    database,
    events,
    /** A cache as an invocation has it. */
    invocation() {
      const connection = createConnection({
        url: database.url,
        token: database.token,
        state: redisState,
        timeoutMs: 500,
      });
      return createCache({
        state,
        redis: () => connection.commands,
        prefix: "t:",
        waitUntil,
        report: (event) => void events.push(event),
        ...options,
      });
    },
    /** Until everything that goes on behind the answers is done. */
    async settled() {
      while (background.length > 0) await background.shift();
    },
    /** The next read asks Redis. */
    forgetLocally: () => state.entries.clear(),
  };
}

/** A fetcher that counts, and answers when told or at once. */
export function createFetcher<T>(value: T | (() => T)) {
  const calls = { count: 0 };
  return {
    calls,
    fetcher: async () => {
      calls.count += 1;
      await Promise.resolve();
      return typeof value === "function" ? (value as () => T)() : value;
    },
  };
}
