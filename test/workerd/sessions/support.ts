import * as v from "valibot";
import { type Clock, systemClock } from "../../../src/platform/index.ts";
import { createConnection, createRedisState, type RedisCommands } from "../../../src/redis/index.ts";
import { createSessions, type SessionsOptions, sessionKind } from "../../../src/sessions/index.ts";
import { createDatabase, type Database } from "../../support/database.ts";

/** Run before a command of this name is sent, with its arguments. A promise holds the command back. */
type Hooks = {
  readonly [Name in "get" | "mget" | "set" | "exec"]?: (...given: unknown[]) => Promise<unknown> | undefined;
};

function hooked(commands: RedisCommands, before: Hooks): RedisCommands {
  const changed = Object.entries(before).map(([name, hook]) => [
    name,
    (...given: unknown[]): unknown => {
      const send = () => Reflect.apply(commands[name as keyof Hooks], commands, given);
      return hook(...given)?.then(send) ?? send();
    },
  ]);
  return changed.length === 0 ? commands : { ...commands, ...Object.fromEntries(changed) };
}

/** One isolate, on a database it may share with others. */
export function createTestIsolate({
  database = createDatabase(),
  timeoutMs = 2_000,
  before = {},
  ...options
}: Partial<SessionsOptions> & { database?: Database; timeoutMs?: number; before?: Hooks } = {}) {
  const state = createRedisState();
  const background: Promise<unknown>[] = [];
  return {
    database,
    /** Returns the sessions of a new invocation. */
    invocation() {
      const { url, token, fetch, clock } = database;
      const connection = createConnection({ url, token, fetch, clock, state, timeoutMs });
      return createSessions({
        redis: () => hooked(connection.commands, before),
        prefix: "t:",
        waitUntil: (work) => void background.push(work.catch(() => {})),
        ...options,
      });
    },
    /** Resolves when the work behind the answers is done. */
    async settled() {
      while (background.length > 0) await background.shift();
    },
  };
}

/** Holds back compare-and-sets until they are released. Other commands pass. */
export function holdWrites() {
  const { promise, resolve: release } = Promise.withResolvers<void>();
  const exec = (command: unknown) => (Array.isArray(command) && command[0] === "SET" ? promise : undefined);
  return { before: { exec }, release };
}

export const minute = 60_000;

/** The kind that most tests use. */
export const counters = sessionKind({
  name: "counter",
  schema: v.object({ count: v.number(), by: v.optional(v.array(v.string())) }),
  ttlMs: 10 * minute,
  lifetimeMs: 60 * minute,
});

/** A clock moved by hand. Redis keeps its own. */
export function createTime(): Clock & { at: number } {
  const time = { ...systemClock, at: Date.now(), now: () => time.at };
  return time;
}

export const ada = "1100000000000000011";
export const robin = "1100000000000000015";

/** Isolates that share a database and a clock. */
export function createFleet(count: number, options: Parameters<typeof createTestIsolate>[0] = {}) {
  const time = createTime();
  const database = createDatabase();
  const isolates = Array.from({ length: count }, () => createTestIsolate({ database, clock: time, ...options }));
  const [first = createTestIsolate()] = isolates;
  return { time, database, isolates, first, store: () => first.invocation().store(counters) };
}
