import { expect, it } from "vitest";
import { createFakeClock, settle } from "../../support/clock.ts";
import type { Database } from "../../support/database.ts";
import { createRecorder, createScript, createTestIsolate } from "./support.ts";

// How long the keys of pubsub live, and how readers fare when a bus has ended and begun anew.

const hour = 3_600_000;
const day = 24 * hour;
const bus = "t:b:main";

/** Returns each key's life in milliseconds; -1 for a key without expiry. */
async function livesOf(database: Database): Promise<Record<string, number>> {
  const keys = (await database.raw("KEYS", "*")) as string[];
  return Object.fromEntries(
    await Promise.all(keys.map(async (key) => [key, Number(await database.raw("PTTL", key))] as const)),
  );
}

/** Ends a bus, as its expiry does. */
const endBus = (database: Database) => database.raw("DEL", bus);

it("gives every key a life, with each operation", async () => {
  const isolate = createTestIsolate({ isolateHandlers: { all: () => {} } });
  const { database } = isolate;
  const pubsub = isolate.invocation();
  const group = pubsub.group("feeds", { maxDeliveries: 1, retryMs: 0 });
  const subscriber = pubsub.subscriber("audit");
  const state = { isBroken: true };
  group.subscribe("*", () => {
    if (state.isBroken) throw new Error("no such channel");
  });
  subscriber.subscribe("*", () => {});
  const through = ({ command }: { command: readonly (string | number)[] }) =>
    database.raw(...(command as [string, ...(string | number)[]]));
  const operations: Record<string, () => Promise<unknown>> = {
    "a group's first read": () => group.poll(),
    publish: () => pubsub.publish("all", 1),
    poll: () => pubsub.poll(),
    hear: () => pubsub.hear(),
    publishOnce: () => pubsub.publishOnce("all", 2, { key: "order 7" }),
    "publishOnce again": () => pubsub.publishOnce("all", 2, { key: "order 7" }),
    "a subscriber's first poll": () => subscriber.poll(),
    "a publish through a fence": () => pubsub.publish("all", 3, { through }),
    "a subscriber's poll": () => subscriber.poll(),
    "a group's work": () => group.work(),
    claim: () => group.claim(),
    flush: () => group.flush(),
    replay: () => group.replay(),
    "replay that succeeds": async () => {
      state.isBroken = false;
      await group.replay({ count: 1 });
    },
    discard: async () => group.discard((await group.deadLetters()).map(({ id }) => id)),
  };
  for (const [name, operation] of Object.entries(operations)) {
    await operation();
    for (const [key, ms] of Object.entries(await livesOf(database)))
      expect([name, key, ms > 0]).toEqual([name, key, true]);
  }
  const lives = await livesOf(database);
  expect(Object.keys(lives).toSorted()).toEqual([bus, "t:bc:main:audit", "t:bd:main:feeds", "t:bi:main:all order 7"]);
  for (const [key, ms] of Object.entries({
    [bus]: day + 2 * hour,
    "t:bc:main:audit": 30 * day,
    "t:bd:main:feeds": 30 * day,
    "t:bi:main:all order 7": day,
  })) {
    expect([key, Math.abs((lives[key] ?? 0) - ms) < 60_000]).toEqual([key, true]);
  }
});

it.each([
  ["its first message is written through something else", { isThrough: true }],
  ["the request of the first publish is lost", { isThrough: false }],
])("gives the bus a life when %s", async (_name, { isThrough }) => {
  const isolate = createTestIsolate();
  const { database } = isolate;
  const slow = async ({ command }: { command: readonly (string | number)[] }) => {
    await new Promise((resolve) => void setTimeout(resolve, 20));
    return database.raw(...(command as [string, ...(string | number)[]]));
  };
  if (!isThrough) await database.break({ at: "before", do: "drop", times: 1 });
  await isolate.invocation().publish("all", 1, isThrough ? { through: slow } : {});
  expect((await livesOf(database))[bus]).toBeGreaterThan(day);
});

it("keeps the last message for as long as it is promised, whichever isolate extended the bus's life", async () => {
  const clock = createFakeClock(Date.now());
  const isolate = createTestIsolate({ clock, retentionMs: hour });
  await isolate.invocation().publish("all", 1);
  // The life runs by the server's clock: as if 59 minutes had passed for both.
  await clock.advance(59 * 60_000);
  await isolate.database.raw("PEXPIRE", bus, 3 * hour - 59 * 60_000);
  await isolate.invocation().publish("all", 2);
  expect((await livesOf(isolate.database))[bus]).toBeGreaterThan(2 * hour - 60_000);
});

it("keeps the cursor of a subscriber that only looks, and begins anew when it was not used", async () => {
  const clock = createFakeClock(Date.now());
  const isolate = createTestIsolate({ clock });
  const { database } = isolate;
  const key = "t:bc:main:audit";
  await isolate.invocation().publish("all", 1);
  const poll = () => isolate.invocation().subscriber("audit").poll();
  await poll();
  await database.raw("PEXPIRE", key, hour);
  await poll();
  expect((await livesOf(database))[key]).toBeLessThanOrEqual(hour);
  await clock.advance(day);
  expect(await database.cost(poll)).toEqual({ requests: 2, GETEX: 1, XREAD: 1 });
  expect((await livesOf(database))[key]).toBeGreaterThan(29 * day);
  expect(await database.cost(poll)).toEqual({ requests: 1, XREAD: 1 });
});

it("continues for isolates, invocations and followers when the bus has ended and begun anew", async () => {
  const heard = createRecorder();
  const missed = { times: 0 };
  const isolate = createTestIsolate({
    isolateHandlers: { all: heard.handler },
    onMissed: () => void (missed.times += 1),
  });
  const { database } = isolate;
  const [busy, own] = [isolate.invocation(), isolate.invocation()];
  const visitor = createRecorder();
  own.subscribe("all", visitor.handler);
  const { streamId } = await busy.publish("all", "before");
  for (let index = 0; index < 5; index++) await busy.publish("all", "before");
  await own.poll();
  await endBus(database);
  expect(await own.poll()).toEqual({ delivered: 0, hasMore: false });
  for (const data of [1, 2]) {
    await busy.publish("all", data);
    await own.poll();
  }
  expect([heard.data(), visitor.data()]).toEqual([
    [1, 2],
    [1, 2],
  ]);
  // Nothing tells how much was in the bus when it ended: what was read before counts as unknown, once.
  expect(isolate.events).toMatchObject([
    { type: "gap", reader: "isolate", missed: undefined },
    { type: "gap", reader: "invocation", missed: undefined },
  ]);
  expect(missed.times).toBe(2);
  const steps: unknown[] = [];
  for await (const step of busy.steps(["all"], { after: streamId })) {
    steps.push(step.type === "message" ? step.message.data : step.type);
    if (step.type === "idle") break;
  }
  expect(steps).toEqual(["gap", 1, 2, "idle"]);
});

it("reports no gap to a reader that begins while the bus has ended", async () => {
  const isolate = createTestIsolate({ isolateHandlers: { all: () => {} } });
  const { database } = isolate;
  const pubsub = isolate.invocation();
  await pubsub.publish("all", 0);
  await endBus(database);
  const { handler, data } = createRecorder();
  pubsub.subscribe("all", handler);
  await pubsub.poll();
  for (const one of [1, 2, 3]) await pubsub.publish("all", one);
  await pubsub.poll();
  expect([data(), isolate.events]).toEqual([[1, 2, 3], []]);
});

it("names no number of missed messages when the bus may have ended between two of them", async () => {
  const isolate = createTestIsolate({ isolateHandlers: { all: () => {} }, retentionMs: hour });
  const { database } = isolate;
  const pubsub = isolate.invocation();
  const now = Date.now();
  const add = (at: number, id: string) =>
    database.raw("XADD", bus, `${at}-0`, "c", "all", "i", id, "t", "message", "d", "1", "s", "x");
  await add(now - 5 * hour, "old");
  await pubsub.poll();
  await endBus(database);
  // More messages than there were before, the first of them trimmed.
  for (let index = 0; index < 5; index++) await add(now + index, `new ${index}`);
  await database.raw("XTRIM", bus, "MAXLEN", 2);
  await pubsub.poll();
  expect(isolate.events).toMatchObject([{ type: "gap", missed: undefined }]);
});

it("continues for a named subscriber when the bus has ended and begun anew", async () => {
  const isolate = createTestIsolate();
  const { database } = isolate;
  const pubsub = isolate.invocation();
  const { handler, data } = createRecorder();
  const subscriber = pubsub.subscriber("audit");
  subscriber.subscribe("all", handler);
  await pubsub.publish("all", "before");
  await subscriber.poll();
  await endBus(database);
  expect(await subscriber.poll()).toEqual({ delivered: 0, hasMore: false });
  for (const one of [1, 2]) await pubsub.publish("all", one);
  for (let polls = 0; polls < 2; polls++) await subscriber.poll();
  expect(data()).toEqual([1, 2]);
  expect(isolate.events).toMatchObject([{ type: "gap", reader: "subscriber audit", missed: undefined }]);
});

it("continues for a group when the bus has ended and begun anew, with what it had read and not acknowledged", async () => {
  const isolate = createTestIsolate();
  const { database } = isolate;
  const pubsub = isolate.invocation();
  const group = pubsub.group("feeds", { retryMs: 0 });
  const { handler, data } = createRecorder();
  group.subscribe("all", handler);
  await pubsub.publish("all", "before");
  await group.poll();
  await endBus(database);
  // Nothing is there to acknowledge, to claim, or to read: the group is made anew, and waits for nothing.
  expect(await group.claim()).toEqual({ delivered: 0, hasMore: false });
  expect(await group.work()).toBeUndefined();
  await endBus(database);
  await pubsub.publish("all", "after");
  expect(await group.work()).toBeUndefined();
  expect(data()).toEqual(["before", "after"]);
  expect(isolate.events).toEqual([]);
  expect((await livesOf(database))[bus]).toBeGreaterThan(day);
});

it("extends the bus's life again two seconds after an invocation that died while it did", async () => {
  const clock = createFakeClock();
  const { redis, sent } = createScript(([name]) => (name === "PEXPIRE" ? new Promise(() => {}) : "1-0"));
  const isolate = createTestIsolate({ redis, clock });
  const publish = async () => {
    void isolate.invocation().publish("all", 1);
    await settle();
    return sent.filter(([name]) => name === "PEXPIRE").length;
  };
  expect(await publish()).toBe(1);
  await clock.advance(1_999);
  expect(await publish()).toBe(1);
  await clock.advance(1);
  expect(await publish()).toBe(2);
});

it("publishes although the bus's life cannot be extended, and tries again with the next message", async () => {
  const { redis, sent } = createScript(([name]) => {
    if (name === "PEXPIRE") throw new Error("no answer");
    return "1-0";
  });
  const isolate = createTestIsolate({ redis, clock: createFakeClock() });
  for (let messages = 1; messages <= 2; messages++) {
    expect(await isolate.invocation().publish("all", 1)).toMatchObject({ streamId: "1-0" });
    expect(sent.filter(([name]) => name === "PEXPIRE")).toHaveLength(2 * messages);
  }
});

it("says that a message is published when its bus has a life", async () => {
  const extended = Promise.withResolvers<number>();
  const { redis, sent } = createScript(([name]) =>
    name === "XADD" ? "1-0" : sent.length === 2 ? 0 : extended.promise,
  );
  let isPublished = false;
  const publishing = createTestIsolate({ redis })
    .invocation()
    .publish("all", 1)
    .then(() => (isPublished = true));
  await settle();
  expect([isPublished, sent.length]).toEqual([false, 3]);
  extended.resolve(1);
  await publishing;
});
