import { expect, it } from "vitest";
import { RedisReplyError } from "../../../../src/redis/index.ts";
import { createDatabase } from "../../../support/database.ts";
import { createRecorder, createScript, createTestIsolate, fieldsWith, fill, pendingOf } from "../support.ts";

it("shares messages among the workers of a group", async () => {
  const database = createDatabase();
  const workers = ["a", "b"].map((source) => {
    const pubsub = createTestIsolate({ database, source }).invocation();
    const group = pubsub.group("feeds", { pageSize: 5 });
    const recorder = createRecorder();
    group.subscribe("feed.*", recorder.handler);
    return { pubsub, group, data: recorder.data };
  });
  await Promise.all(workers.map(({ group }) => group.poll()));
  for (let index = 0; index < 10; index++) await workers[0]?.pubsub.publish("feed.news", index);
  await workers[0]?.pubsub.publish("else", 0);
  for (const { group } of [...workers, ...workers]) await group.poll();
  for (const { group } of workers) await group.flush();
  expect(workers.map(({ data }) => data())).toEqual([
    [0, 1, 2, 3, 4],
    [5, 6, 7, 8, 9],
  ]);
  expect(await pendingOf(database)).toBe(0);
});

it("stops reading at 500 messages that are pending, and goes on when they are acknowledged", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const group = pubsub.group("feeds");
  const state = { isBroken: true };
  group.subscribe("*", () => {
    if (state.isBroken) throw new Error("no");
  });
  await fill(isolate.database, 700);
  for (let polls = 0; polls < 5; polls++) expect(await group.poll()).toEqual({ delivered: 100, hasMore: true });
  expect(await group.poll()).toEqual({ delivered: 0, hasMore: false, isHeld: true });
  expect(await pendingOf(isolate.database)).toBe(500);
  state.isBroken = false;
  const other = createTestIsolate({ database: isolate.database }).invocation().group("feeds", { retryMs: 0 });
  other.subscribe("*", () => {});
  while ((await other.claim()).hasMore);
  const again = pubsub.group("feeds", { retryMs: 0 });
  again.subscribe("*", () => {});
  await again.claim();
  expect(await again.poll()).toEqual({ delivered: 100, hasMore: true });
});

it("acknowledges what is done before it stops reading", async () => {
  const isolate = createTestIsolate();
  const group = isolate.invocation().group("feeds");
  group.subscribe("*", () => {});
  await fill(isolate.database, 1);
  await group.poll();
  const [state] = isolate.state.groups.values();
  for (let index = 0; index < 499; index++) state?.pending.set(`1-${index}`, 0);
  expect(await group.poll()).toEqual({ delivered: 0, hasMore: false });
  expect([state?.pending.size, await pendingOf(isolate.database)]).toEqual([499, 0]);
});

it("does not take for handled what a handler threw nothing at", async () => {
  const isolate = createTestIsolate();
  const group = isolate.invocation().group("feeds");
  group.subscribe("*", () => Promise.reject());
  await fill(isolate.database, 1);
  await group.poll();
  await group.flush();
  expect(await pendingOf(isolate.database)).toBe(1);
});

it("acknowledges again what it could not, and handles nothing of it twice", async () => {
  const isolate = createTestIsolate({ retries: 0 });
  const { database } = isolate;
  const { handler, data } = createRecorder();
  const group = isolate.invocation().group("feeds", { retryMs: 0 });
  group.subscribe("*", handler);
  await fill(database, 2);
  await group.poll();
  await database.break({ at: "before", do: "drop", times: 2, match: "XACK" });
  await expect(group.flush()).rejects.toThrow();
  await expect(group.poll()).rejects.toThrow();
  expect(await pendingOf(database)).toBe(2);
  // Neither is stale to the worker that has handled it, nor to an invocation of its isolate.
  const beside = isolate.invocation().group("feeds", { retryMs: 0 });
  beside.subscribe("*", handler);
  await beside.claim();
  expect([data(), await pendingOf(database), isolate.state.counters.duplicates]).toEqual([[1, 2], 0, 0]);
  expect(await database.cost(() => group.flush())).toEqual({ requests: 0 });
});

it("does not say that it acknowledged before Redis did", async () => {
  const { redis, sent } = createScript(([name]) => {
    if (name === "XACK") throw new Error("no answer");
    return name === "XREADGROUP" ? [["t:b:main", [["1-0", fieldsWith({})]]]] : null;
  });
  const group = createTestIsolate({ redis }).invocation().group("feeds");
  group.subscribe("*", () => {});
  await group.poll();
  for (let flushes = 0; flushes < 2; flushes++) await expect(group.flush()).rejects.toThrow("no answer");
  expect(sent.filter(([name]) => name === "XACK")).toHaveLength(2);
});

it("handles once a message that was published twice, and acknowledges both", async () => {
  const isolate = createTestIsolate();
  const { database } = isolate;
  const { handler, data } = createRecorder();
  const group = isolate.invocation().group("feeds");
  group.subscribe("*", handler);
  for (let times = 0; times < 2; times++) await fill(database, 1);
  expect(await group.poll()).toEqual({ delivered: 1, hasMore: false });
  await group.flush();
  expect([data(), await pendingOf(database), isolate.state.counters.duplicates]).toEqual([[1], 0, 1]);
});

it("handles up to four channels side by side, and the messages of each in turn", async () => {
  const isolate = createTestIsolate();
  const group = isolate.invocation().group("feeds");
  const waiting: (() => void)[] = [];
  const began: string[] = [];
  group.subscribe("*", ({ channel }) => {
    began.push(channel);
    return new Promise<void>((resolve) => waiting.push(resolve));
  });
  for (const channel of ["a", "a", "b", "c", "d", "e"]) {
    await isolate.database.raw("XADD", "t:b:main", "*", ...fieldsWith({ c: channel, i: String(Math.random()) }));
  }
  const polling = group.poll();
  await expect.poll(() => began).toEqual(["a", "b", "c", "d"]);
  waiting.shift()?.();
  await expect.poll(() => began).toEqual(["a", "b", "c", "d", "a"]);
  for (let ended = 0; ended < 4; ended++) waiting.shift()?.();
  await expect.poll(() => began).toEqual(["a", "b", "c", "d", "a", "e"]);
  waiting.shift()?.();
  expect(await polling).toMatchObject({ delivered: 6 });
});

it("begins at the oldest message, or at the next one published", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const [all, late] = [createRecorder(), createRecorder()];
  const [oldest, now] = [pubsub.group("oldest"), pubsub.group("now", { from: "now" })];
  oldest.subscribe("*", all.handler);
  now.subscribe("*", late.handler);
  await fill(isolate.database, 1);
  for (const group of [oldest, now]) await group.poll();
  await fill(isolate.database, 1, 2);
  for (const group of [oldest, now]) await group.poll();
  expect([all.data(), late.data()]).toEqual([[1, 2], [2]]);
});

it("reads pages of 100 at most, under one of eight names, whatever isolates there are", async () => {
  const names = new Set<unknown>();
  const counts = new Set<unknown>();
  for (let index = 0; index < 20; index++) {
    const { redis, sent } = createScript(() => null);
    const isolate = createTestIsolate({ redis, source: `isolate ${String.fromCodePoint(97 + index)}` });
    await isolate.invocation().group("feeds", { pageSize: 1_000 }).poll();
    names.add(sent[0]?.[3]);
    counts.add(sent[0]?.[5]);
  }
  expect([names.size, [...counts]]).toEqual([8, [100]]);
  const { redis, sent } = createScript(() => null);
  await createTestIsolate({ redis, source: "ab" }).invocation().group("feeds").poll();
  expect(sent[0]?.slice(0, 4)).toEqual(["XREADGROUP", "GROUP", "feeds", "w3"]);
});

it("goes on when another worker has made the group meanwhile", async () => {
  let reads = 0;
  const { redis } = createScript(([name]) => {
    if (name === "XREADGROUP" && ++reads === 1) throw new RedisReplyError(name, "NOGROUP No such key");
    if (name === "XGROUP") throw new RedisReplyError(name, "BUSYGROUP Consumer Group name already exists");
    return null;
  });
  expect(await createTestIsolate({ redis }).invocation().group("feeds").poll()).toEqual({
    delivered: 0,
    hasMore: false,
  });
  const refusing = createScript(() => Promise.reject(new RedisReplyError("XREADGROUP", "ERR no")));
  const group = createTestIsolate({ redis: refusing.redis }).invocation().group("feeds");
  await expect(group.poll()).rejects.toThrow("ERR no");
  expect(refusing.sent.map(([name]) => name)).toEqual(["XREADGROUP"]);
});

/** A group whose worker reads one message, has another that is stale, and gets no answer to one of its commands. */
function createDeafGroup(unanswered: string, stale: unknown[] = []) {
  const fate = { isBroken: false };
  const { redis, sent } = createScript(([name, , , word]) => {
    if (name === unanswered) throw new Error("no answer");
    if (name === "XPENDING") return word === "IDLE" ? stale : [0];
    if (name === "XREADGROUP" && unanswered === "XGROUP") throw new RedisReplyError(name, "NOGROUP");
    if (name === "XREADGROUP") return [["t:b:main", [["1-0", fieldsWith({})]]]];
    if (name === "XCLAIM") return [["2-0", fieldsWith({ i: "m2" })]];
    return name === "XRANGE" ? [["3-0", [...fieldsWith({ i: "m3" }), "b", "3-0", "r", "no", "n", "5"]]] : null;
  });
  const isolate = createTestIsolate({ redis });
  const group = isolate.invocation().group("feeds", { maxDeliveries: 1 });
  group.subscribe("*", () => {
    if (fate.isBroken) throw new Error("no such channel");
  });
  return { ...isolate, group, fate, sent };
}

/** Requests for one message, until it has been read. */
const spent = (sent: readonly (readonly unknown[])[]) => ({
  left: () => (sent.some(([name]) => name === "XREADGROUP") ? 6 : 9),
  held: () => 0,
  hold: () => () => {},
});

it.each<[string, string, (deaf: ReturnType<typeof createDeafGroup>) => Promise<unknown>]>([
  ["make the group", "XGROUP", async ({ group }) => group.poll()],
  ["bury a message", "XADD", async ({ group, fate }) => ((fate.isBroken = true), group.poll())],
  ["acknowledge before it claims", "XACK", async ({ group }) => (await group.poll(), group.claim())],
  [
    "acknowledge without requests",
    "XACK",
    async ({ group, sent }) => (await group.poll(), group.work({ budget: spent(sent) })),
  ],
  ["look for stale messages", "XPENDING", async ({ group }) => group.work()],
  ["give a message back", "XCLAIM", async ({ group, sent }) => group.work({ budget: spent(sent) })],
  ["delete a dead letter", "XDEL", async ({ group }) => group.replay()],
])("fails where it cannot %s, and counts nothing as given up", async (_what, unanswered, work) => {
  const deaf = createDeafGroup(unanswered);
  await expect(work(deaf)).rejects.toThrow("no answer");
  expect([deaf.state.counters.deadLetters, deaf.events.filter(({ type }) => type === "dead-letter")]).toEqual([0, []]);
});

it("fails where it cannot bury a message whose workers died", async () => {
  const { group, state } = createDeafGroup("XADD", [["2-0", "w1", 60_000, 2]]);
  await expect(group.claim()).rejects.toThrow("no answer");
  expect(state.counters.deadLetters).toBe(0);
});

it("acknowledges an entry that is no message, however many workers died with it", async () => {
  const { redis, sent } = createScript(([name]) => {
    if (name === "XPENDING") return [["2-0", "w1", 60_000, 9]];
    return name === "XCLAIM" ? [["2-0", ["not", "ours"]]] : null;
  });
  expect(await createTestIsolate({ redis }).invocation().group("feeds").claim()).toEqual({
    delivered: 0,
    hasMore: false,
  });
  expect(sent.slice(2)).toEqual([["XACK", "t:b:main", "feeds", "2-0"]]);
});
