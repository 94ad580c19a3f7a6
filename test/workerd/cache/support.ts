import { type CacheEvent, type CacheOptions, createCache, createCacheState } from "../../../src/cache/index.ts";
import { type Clock, systemClock } from "../../../src/platform/index.ts";
import { createConnection, createRedisState } from "../../../src/redis/index.ts";
import { createDatabase, type Database } from "../../support/database.ts";

/** One isolate with an invocation at a time: its own L1, its own connection to a database that it may share with others. */
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
    /** Returns a cache as an invocation has it. */
    invocation() {
      const connection = createConnection({
        url: database.url,
        token: database.token,
        state: redisState,
        timeoutMs: 5_000,
        fetch: database.fetch,
        clock: database.clock,
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
    /** Resolves when the work that goes on after the answers is done. */
    async settled() {
      while (background.length > 0) await background.shift();
    },
    /** Empties L1, so that the next read asks Redis. */
    forgetLocally: () => state.entries.clear(),
  };
}

/** Returns a fetcher that counts its calls. */
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

/** A fetcher that fails. */
export const failing = () => Promise.reject(new Error("Discord is away"));

/** Returns a clock that stands still until it is moved. Sleeping on it takes real time. */
export function createTime({ random = () => 0.5 }: Partial<Pick<Clock, "random">> = {}) {
  const time = { now: Date.parse("2026-06-01T12:00:00Z") };
  const clock: Clock = { ...systemClock, now: () => time.now, random };
  return { clock, advance: (ms: number) => void (time.now += ms) };
}

/** Options of a kind whose values stay the same for a minute, but for those that a test changes. */
export const base = { name: "user", ttlMs: 60_000, localMs: 5_000, earliness: 0 };
