import { expect, it } from "vitest";
import { RedisReplyError } from "../../../src/redis/index.ts";
import { createDatabase } from "../../support/database.ts";
import { createRecorder, createScript, createTestIsolate, fieldsWith, fill, lostReply } from "./support.ts";

it("continues a named subscriber in another isolate, and delivers a message published twice once", async () => {
  const database = createDatabase();
  const { handler, data } = createRecorder();
  const fresh = () => {
    const pubsub = createTestIsolate({ database }).invocation();
    const subscriber = pubsub.subscriber("audit", { from: "oldest" });
    subscriber.subscribe("all", handler);
    return { pubsub, subscriber };
  };
  const { pubsub, subscriber } = fresh();
  await pubsub.publish("all", 1, { id: "m1" });
  await subscriber.poll();
  await pubsub.publish("all", 1, { id: "m1" });
  await pubsub.publish("all", 2);
  await fresh().subscriber.poll();
  await fresh().subscriber.poll();
  expect(data()).toEqual([1, 2]);
});

it("does not move a subscriber's cursor backwards when an isolate is slower", async () => {
  const database = createDatabase();
  const [a, b] = [createTestIsolate({ database }).invocation(), createTestIsolate({ database }).invocation()];
  const slow = Promise.withResolvers<void>();
  const [one, two] = [a.subscriber("audit", { from: "oldest" }), b.subscriber("audit", { from: "oldest" })];
  let began = 0;
  one.subscribe("all", () => {
    began += 1;
    return slow.promise;
  });
  two.subscribe("all", () => {});
  await a.publish("all", 1);
  const polling = one.poll();
  await expect.poll(() => began).toBe(1);
  await two.poll();
  const { streamId } = await a.publish("all", 2);
  await two.poll();
  slow.resolve();
  await polling;
  expect(String(await database.raw("GET", "t:bc:main:audit"))).toContain(streamId);
  // It goes on where the other one is.
  expect([await one.poll(), began]).toEqual([{ delivered: 0, hasMore: false }, 1]);
});

it("reports a gap to a subscriber that did not run while messages were trimmed", async () => {
  const database = createDatabase();
  const before = createTestIsolate({ database }).invocation();
  await before.publish("all", 0);
  await before.subscriber("audit").poll();
  for (let index = 0; index < 6; index++) await before.publish("all", index);
  await database.raw("XTRIM", "t:b:main", "MAXLEN", 1);
  const after = createTestIsolate({ database });
  await after.invocation().subscriber("audit").poll();
  expect(after.events).toMatchObject([{ type: "gap", reader: "subscriber audit", missed: 5 }]);
});

// Beyond every message: a cursor that was believed would deliver nothing.
const far = "9999999999999-0";
it.each([
  "{}",
  "[]",
  "nonsense",
  '["yesterday",1]',
  "[7,1]",
  `["${far}",1,""]`,
  `["${far}",1,"m1",7]`,
  `[["${far}"],1]`,
  '["1-1",1e400]',
])("delivers everything that is left to a subscriber whose cursor is %s", async (text) => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const { data, handler } = createRecorder();
  const subscriber = pubsub.subscriber("audit");
  subscriber.subscribe("all", handler);
  await pubsub.publish("all", 1);
  await isolate.database.raw("SET", "t:bc:main:audit", text);
  await subscriber.poll();
  await pubsub.publish("all", 2);
  await subscriber.poll();
  expect(data()).toEqual([1, 2]);
  // The last one is a place, whose number alone is none.
  const isPlace = text.startsWith('["1-1"');
  expect(isolate.events).toMatchObject(
    isPlace ? [{ type: "gap" }] : [{ type: "unreadable", where: "t:bc:main:audit" }],
  );
});

it("reports and replaces a subscriber's cursor and an idempotency record of another type", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const { data, handler } = createRecorder();
  for (const key of ["t:bc:main:audit", "t:bi:main:all list"]) await isolate.database.raw("RPUSH", key, "x");
  await isolate.database.raw("SET", "t:bi:main:all text", "x");
  for (const key of ["list", "text"]) {
    expect(await pubsub.publishOnce("all", key, { key })).toMatchObject({ isRepeated: false });
    expect(await pubsub.publishOnce("all", key, { key })).toMatchObject({ isRepeated: true });
  }
  const subscriber = pubsub.subscriber("audit");
  subscriber.subscribe("all", handler);
  for (let polls = 0; polls < 2; polls++) await subscriber.poll();
  expect(data()).toEqual(["list", "text"]);
  expect(isolate.events).toEqual(
    ["t:bi:main:all list", "t:bi:main:all text", "t:bc:main:audit"].map((where) => ({ type: "unreadable", where })),
  );
});

it("takes the cursor that another isolate stored meanwhile", async () => {
  const { redis, sent } = createScript(([name]) => (name === "SET" ? '["7-0",null]' : null));
  await createTestIsolate({ redis }).invocation().subscriber("audit", { from: "oldest" }).poll();
  expect(sent.slice(0, 2)).toEqual([
    ["GETEX", "t:bc:main:audit", "PX", 30 * 86_400_000],
    ["SET", "t:bc:main:audit", '["0-0",null]', "NX", "GET", "PX", 30 * 86_400_000],
  ]);
  expect(sent[2]?.at(-1)).toBe("6-18446744073709551615");
});

it("gives a cursor that replaces something else its life too", async () => {
  const isolate = createTestIsolate();
  await isolate.database.raw("RPUSH", "t:bc:main:audit", "x");
  await isolate.invocation().subscriber("audit").poll();
  const left = Number(await isolate.database.raw("PTTL", "t:bc:main:audit"));
  expect(left).toBeGreaterThan(30 * 86_400_000 - 60_000);
  expect(left).toBeLessThanOrEqual(30 * 86_400_000);
});

it("begins at the next message, or at the oldest one left", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const [late, early] = [createRecorder(), createRecorder()];
  const [now, oldest] = [pubsub.subscriber("now"), pubsub.subscriber("oldest", { from: "oldest" })];
  now.subscribe("all", late.handler);
  oldest.subscribe("all", early.handler);
  await fill(isolate.database, 3, -2);
  await isolate.database.raw("XTRIM", "t:b:main", "MAXLEN", 0);
  await oldest.poll();
  await pubsub.publish("all", 1);
  for (const subscriber of [now, oldest]) await subscriber.poll();
  await pubsub.publish("all", 2);
  for (const subscriber of [now, oldest]) await subscriber.poll();
  // What was trimmed before it began is no gap.
  expect([late.data(), early.data(), isolate.events]).toEqual([[2], [1, 2], []]);
});

it.each([
  [63, 0],
  [64, 1],
])(
  "ignores in any isolate a message published twice with %i others between, if it still knows it: %i more",
  async (between, more) => {
    const database = createDatabase();
    const { handler, data } = createRecorder();
    const poll = async () => {
      const isolate = createTestIsolate({ database });
      const subscriber = isolate.invocation().subscriber("audit", { from: "oldest" });
      subscriber.subscribe("all", handler);
      await subscriber.poll();
      return isolate.state.counters.duplicates;
    };
    await fill(database, between + 1);
    await poll();
    await fill(database, 1);
    expect(await poll()).toBe(1 - more);
    expect(data().filter((one) => one === 1)).toHaveLength(1 + more);
  },
);

it("moves the cursor when the messages were handled, and not before", async () => {
  const isolate = createTestIsolate();
  const { database } = isolate;
  const slow = Promise.withResolvers<void>();
  const began: unknown[] = [];
  const subscriber = isolate.invocation().subscriber("audit", { from: "oldest" });
  subscriber.subscribe("all", ({ data }) => {
    began.push(data);
    return slow.promise;
  });
  await fill(database, 2);
  const polling = subscriber.poll();
  await expect.poll(() => began).toEqual([1]);
  expect(await database.raw("GET", "t:bc:main:audit")).toBe('["0-0",null]');
  slow.resolve();
  expect(await polling).toEqual({ delivered: 2, hasMore: false });
  expect(began).toEqual([1, 2]);
});

it("goes on when the reply to moving its cursor is lost, and delivers nothing twice", async () => {
  const isolate = createTestIsolate({ retries: 0 });
  const { handler, data } = createRecorder();
  const subscriber = isolate.invocation().subscriber("audit", { from: "oldest" });
  subscriber.subscribe("all", handler);
  await fill(isolate.database, 1);
  await isolate.database.break({ ...lostReply, match: "SET", skip: 1 });
  await subscriber.poll();
  await fill(isolate.database, 1, 2);
  await subscriber.poll();
  expect(data()).toEqual([1, 2]);
});

it("tells the invocation's handler of gaps what a subscriber missed", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const gaps: unknown[] = [];
  pubsub.onGap(({ reader, missed }) => gaps.push([reader, missed]));
  const subscriber = pubsub.subscriber("audit");
  await subscriber.poll();
  await fill(isolate.database, 5);
  await isolate.database.raw("XTRIM", "t:b:main", "MAXLEN", 2);
  await subscriber.poll();
  expect(gaps).toEqual([["subscriber audit", 3]]);
});

it.each([
  ["move", "IFEQ"],
  ["replace", "PX"],
])("fails where it cannot %s its cursor", async (_what, word) => {
  const { redis } = createScript(([name, , , option]) => {
    if (name === "SET" && option === word) throw new Error("no answer");
    if (name === "GETEX")
      return word === "IFEQ" ? '["0-0",null]' : Promise.reject(new RedisReplyError(name, "WRONGTYPE"));
    return name === "XREAD" ? [["t:b:main", [["1-0", fieldsWith({})]]]] : null;
  });
  const subscriber = createTestIsolate({ redis }).invocation().subscriber("audit");
  await expect(subscriber.poll()).rejects.toThrow("no answer");
});
