import * as v from "valibot";
import { createConnection, createRedisState, type RedisCommands } from "../../../src/redis/index.ts";
import { createSessions, type SessionsOptions, sessionKind } from "../../../src/sessions/index.ts";
import { createDatabase, type Database } from "../../support/database.ts";

/** What happens before a command of this name is sent. */
type Hooks = { readonly [Name in "get" | "set" | "exec"]?: () => Promise<unknown> };

function hooked(commands: RedisCommands, before: Hooks): RedisCommands {
  const changed = Object.entries(before).map(([name, hook]) => [
    name,
    async (...given: unknown[]): Promise<unknown> => {
      await hook();
      return Reflect.apply(commands[name as keyof Hooks], commands, given);
    },
  ]);
  return changed.length === 0 ? commands : { ...commands, ...Object.fromEntries(changed) };
}

/** One isolate with an invocation at a time, on a database it may share with others. */
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
    /** The sessions as an invocation has them. */
    invocation() {
      const { url, token } = database;
      const connection = createConnection({ url, token, state, timeoutMs });
      return createSessions({
        redis: () => hooked(connection.commands, before),
        prefix: "t:",
        waitUntil: (work) => void background.push(work.catch(() => {})),
        ...options,
      });
    },
    /** Until everything that goes on behind the answers is done. */
    async settled() {
      while (background.length > 0) await background.shift();
    },
  };
}

export const minute = 60_000;

/** What most tests keep. */
export const counters = sessionKind({
  name: "counter",
  schema: v.object({ count: v.number(), by: v.optional(v.array(v.string())) }),
  ttlMs: 10 * minute,
  lifetimeMs: 60 * minute,
});

/** A clock moved by hand; Redis keeps its own. */
export function createTime() {
  const time = { at: Date.now(), now: () => time.at };
  return time;
}
