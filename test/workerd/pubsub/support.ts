import { systemClock } from "../../../src/platform/index.ts";
import type { PubsubCommands } from "../../../src/pubsub/context.ts";
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
      timeoutMs: 5_000,
      fetch: database.fetch,
      clock: database.clock,
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

/** Adds messages to the channel "all" with one command; their ids and data are their numbers from `first` on. */
export const fill = (database: Database, count: number, first = 1, key = "t:b:main") =>
  database.raw(
    "EVAL",
    `for i = ARGV[1], ARGV[2] do redis.call("XADD", KEYS[1], "*", "c", "all", "i", i, "t", "message", "d", i, "s", "x") end`,
    1,
    key,
    first,
    first + count - 1,
  );

/** Redis by hand: answers each command as `answer` says, and notes it. */
export function createScript(answer: (command: readonly (string | number)[]) => unknown) {
  const sent: (readonly (string | number)[])[] = [];
  const commands = {
    exec: async (command: readonly (string | number)[]) => {
      sent.push(command);
      return answer(command);
    },
  } as unknown as PubsubCommands;
  return { sent, redis: () => commands };
}

/** Returns a handler that records its messages. */
export function createRecorder() {
  const got: Message[] = [];
  return { got, handler: (message: Message) => void got.push(message), data: () => got.map(({ data }) => data) };
}

/** Returns how many messages the workers of the group "feeds" have read that are neither acknowledged nor dead. */
export const pendingOf = async (database: Database) =>
  database.raw("XPENDING", "t:b:main", "feeds").then(
    (reply) => (reply as [number])[0],
    () => undefined,
  );

/** Redis runs the command, and its reply is lost. */
export const lostReply = { at: "after", do: "drop", times: 1 } as const;

/** The fields of an entry, as pubsub writes them but for those that differ; null leaves a field out. */
export function fieldsWith(more: Record<string, string | null>): string[] {
  const fields = { c: "all", i: "m1", t: "message", d: "1", s: "one", ...more };
  return Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [name, value]));
}
