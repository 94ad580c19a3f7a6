import * as v from "valibot";
import { expect, it } from "vitest";
import { systemClock } from "../../src/platform/index.ts";
import { createConnection, createRedisState } from "../../src/redis/index.ts";
import { createSessions, sessionKind } from "../../src/sessions/index.ts";
import { createLua } from "./redis/lua.ts";
import { createServer } from "./redis/server.ts";

// Sessions and Redis on one clock, so that every life is seen to end, to the millisecond.

const minute = 60_000;
const schema = v.string();
const short = sessionKind({ name: "short", schema, ttlMs: 5 * minute, lifetimeMs: 5 * minute });
const long = sessionKind({ name: "long", schema, ttlMs: 10 * minute, lifetimeMs: 60 * minute });

function setUp() {
  const server = createServer(createLua());
  const startAt = 1_800_000_000_000;
  const time = { ...systemClock, at: startAt, now: () => time.at };
  const background: Promise<unknown>[] = [];
  const connection = createConnection({
    url: "http://redis",
    token: "",
    state: createRedisState(),
    clock: time,
    fetch: async (_input, init) => {
      const body = typeof init?.body === "string" ? init.body : "[]";
      return new Response(server.answer(body, time.at).body);
    },
  });
  const sessions = createSessions({
    redis: () => connection.commands,
    prefix: "t:",
    clock: time,
    waitUntil: (work) => void background.push(work),
  });
  return {
    sessions,
    time,
    startAt,
    async settled() {
      while (background.length > 0) await background.shift();
    },
    /** The keys that Redis holds now, each with its remaining life. */
    lives(): Record<string, number> {
      const { store } = server.primary;
      store.now = time.at;
      const held = [...store.values.keys()].flatMap((key) => {
        const value = store.any(key);
        return value ? [[key, value.endsAt - time.at] as const] : [];
      });
      return Object.fromEntries(held);
    },
  };
}

it("ends an owner's list with the last session on it, and not a millisecond earlier", async () => {
  const { sessions, time, startAt, settled, lives } = setUp();
  const first = await sessions.store(short).create("", { owner: "ada" });
  await settled();
  expect(lives()).toEqual({ [`t:s:${first.id}`]: 5 * minute, "t:su:ada": 5 * minute });
  time.at += minute;
  const second = await sessions.store(short).create("", { owner: "ada" });
  await settled();
  time.at = startAt + 6 * minute - 1;
  expect(await sessions.store(short).get({ id: first.id, owner: "ada" })).toBeUndefined();
  expect(await sessions.store(short).get({ id: second.id, owner: "ada" })).toBeDefined();
  expect(lives()).toEqual({ [`t:s:${second.id}`]: 1, "t:su:ada": 1 });
  time.at += 1;
  expect(await sessions.store(short).get({ id: second.id, owner: "ada" })).toBeUndefined();
  expect(lives()).toEqual({});
});

it("keeps an owner's list while a session slides, up to the session's absolute end", async () => {
  const { sessions, time, startAt, settled, lives } = setUp();
  const { id } = await sessions.store(long).create("", { owner: "ada" });
  const ref = { id, owner: "ada" };
  await settled();
  for (let used = 1; used < 12; used++) {
    time.at = startAt + used * 5 * minute;
    if (used === 5) await sessions.store(short).create("", { owner: "ada" });
    expect(await sessions.store(long).get(ref)).toBeDefined();
    await settled();
    expect(lives()["t:su:ada"]).toBe(startAt + 60 * minute - time.at);
  }
  time.at = startAt + 60 * minute - 1;
  expect(await sessions.store(long).update(ref, () => "changed")).toMatchObject({ found: true });
  expect(lives()).toEqual({ [`t:s:${id}`]: 1, "t:su:ada": 1 });
  time.at += 1;
  expect(await sessions.store(long).get(ref)).toBeUndefined();
  expect(lives()).toEqual({});
});
