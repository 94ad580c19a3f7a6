import { expect, it } from "vitest";
import { createFakeClock } from "../../support/clock.ts";
import { createRecorder, createTestIsolate } from "./support.ts";

// The cost of each operation by the REST server's counters: requests, and commands as Upstash bills them.

it("publishes with one command, and with one more in the same request once an hour", async () => {
  const clock = createFakeClock(Date.now());
  const isolate = createTestIsolate({ clock });
  const publish = () => isolate.database.cost(() => isolate.invocation().publish("all", { a: 1 }));
  expect(await publish()).toEqual({ requests: 1, XADD: 1, PEXPIRE: 1 });
  await clock.advance(3_599_999);
  expect(await publish()).toEqual({ requests: 1, XADD: 1 });
  await clock.advance(1);
  expect(await publish()).toEqual({ requests: 1, XADD: 1, PEXPIRE: 1 });
  const burst = () => Promise.all(Array.from({ length: 50 }, () => isolate.invocation().publish("all", 1)));
  await clock.advance(3_600_000);
  expect(await isolate.database.cost(burst)).toEqual({ requests: 50, XADD: 50, PEXPIRE: 1 });
});

it("publishes under an idempotency key with three commands, and again under it with one", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  await pubsub.publish("all", 0);
  const publish = () => isolate.database.cost(() => pubsub.publishOnce("all", 1, { key: "order 7" }));
  expect(await publish()).toEqual({ requests: 2, SET: 2, XADD: 1 });
  expect(await publish()).toEqual({ requests: 1, SET: 1 });
});

it.each([1, 500])("polls %i channels with one command, idle or not", async (count) => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const { got, handler } = createRecorder();
  for (let index = 0; index < count; index++) pubsub.subscribe(`guild.${index}`, handler);
  await pubsub.publish("before", 1);
  expect(await isolate.database.cost(() => pubsub.poll())).toEqual({ requests: 1, XINFO: 1 });
  expect(await isolate.database.cost(() => pubsub.poll())).toEqual({ requests: 1, XREAD: 1 });
  await Promise.all(Array.from({ length: 50 }, (_, index) => pubsub.publish(`guild.${index % count}`, index)));
  expect(await isolate.database.cost(() => pubsub.poll())).toEqual({ requests: 1, XREAD: 1 });
  expect(got).toHaveLength(50);
});

it("polls for the isolate and for an invocation with one command, with two where another invocation was quicker", async () => {
  const isolate = createTestIsolate({ isolateHandlers: { all: () => {} } });
  const [one, two] = [isolate.invocation(), isolate.invocation()];
  one.subscribe("all", () => {});
  await one.publish("all", 0);
  expect(await isolate.database.cost(() => one.poll())).toEqual({ requests: 1, XINFO: 1 });
  await one.publish("all", 1);
  const both = async () => expect(await one.poll()).toEqual({ delivered: 2, hasMore: false });
  expect(await isolate.database.cost(both)).toEqual({ requests: 1, XREAD: 1 });
  await one.publish("all", 2);
  expect(await isolate.database.cost(() => two.poll())).toEqual({ requests: 1, XREAD: 1 });
  expect(await isolate.database.cost(() => one.poll())).toEqual({ requests: 1, XREAD: 2 });
  expect(await isolate.database.cost(() => one.poll())).toEqual({ requests: 1, XREAD: 1 });
  // A place that begins where the isolate's is costs nothing more.
  two.subscribe("all", () => {});
  expect(await isolate.database.cost(() => two.poll())).toEqual({ requests: 1, XREAD: 1 });
  // Nor does the place of an invocation that wants nothing any more.
  await two.publish("all", 3);
  await two.poll();
  one.unsubscribe("all");
  expect(await isolate.database.cost(() => one.poll())).toEqual({ requests: 1, XREAD: 1 });
});

it("polls along in a request that is sent anyway, at most every five seconds", async () => {
  const clock = createFakeClock();
  const isolate = createTestIsolate({ clock });
  const pubsub = isolate.invocation();
  const { got, handler } = createRecorder();
  const redis = isolate.connect();
  const along = isolate.invocation({ redis: () => redis.commands });
  along.subscribe("all", handler);
  const interaction = () =>
    isolate.database.cost(async () => {
      along.pollAlong();
      await redis.commands.get("session");
      await isolate.settled();
    });
  await pubsub.publish("all", 0);
  expect(await interaction()).toEqual({ requests: 1, GET: 1, XINFO: 1 });
  await pubsub.publish("all", 1);
  expect(await interaction()).toEqual({ requests: 1, GET: 1 });
  await clock.advance(4_999);
  expect(await interaction()).toEqual({ requests: 1, GET: 1 });
  await clock.advance(1);
  expect(await interaction()).toEqual({ requests: 1, GET: 1, XREAD: 1 });
  expect(got.map(({ data }) => data)).toEqual([1]);
});

it("polls along once in five seconds for the handlers of the isolate, whichever invocation asks", async () => {
  const clock = createFakeClock();
  const isolate = createTestIsolate({ clock, isolateHandlers: { all: () => {} } });
  const along = () => isolate.invocation().pollAlong();
  expect([along(), along()]).toEqual([true, false]);
  await clock.advance(4_999);
  expect(along()).toBe(false);
  await clock.advance(1);
  expect([along(), along()]).toEqual([true, false]);
  await isolate.settled();
});

it("does not poll along without a handler", async () => {
  const isolate = createTestIsolate();
  expect(isolate.invocation().pollAlong()).toBe(false);
});

it("reads and moves the cursor of a named subscriber with one command each", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const subscriber = pubsub.subscriber("audit");
  subscriber.subscribe("*", () => {});
  await pubsub.publish("all", 0);
  expect(await isolate.database.cost(() => subscriber.poll())).toEqual({
    requests: 4,
    GETEX: 1,
    XINFO: 1,
    SET: 1,
    XREAD: 1,
  });
  expect(await isolate.database.cost(() => subscriber.poll())).toEqual({ requests: 1, XREAD: 1 });
  await pubsub.publish("all", 1);
  expect(await isolate.database.cost(() => subscriber.poll())).toEqual({ requests: 2, XREAD: 1, SET: 1 });
});

it("reads a page for a group with one command, and acknowledges it with one in the next read's request", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const group = pubsub.group("feeds");
  group.subscribe("feed.*", () => {});
  expect(await isolate.database.cost(() => group.poll())).toEqual({
    requests: 3,
    XREADGROUP: 2,
    XGROUP: 1,
    PEXPIRE: 1,
  });
  for (let index = 0; index < 20; index++) await pubsub.publish("feed.news", index);
  expect(await isolate.database.cost(() => group.poll())).toEqual({ requests: 1, XREADGROUP: 1 });
  expect(await isolate.database.cost(() => group.poll())).toEqual({ requests: 1, XREADGROUP: 1, XACK: 1 });
  expect(await isolate.database.cost(() => group.flush())).toEqual({ requests: 0 });
  expect(await isolate.database.cost(() => group.claim())).toEqual({ requests: 1, XPENDING: 1 });
});

it("works off what waits with one command for stale messages, two for each page, one to acknowledge and one to ask", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const group = pubsub.group("feeds");
  const got: unknown[] = [];
  group.subscribe("feed.*", ({ data }) => void got.push(data));
  await group.work();
  for (let index = 0; index < 3; index++) await pubsub.publish("feed.news", index);
  const cost = await isolate.database.cost(async () => expect(await group.work()).toBeUndefined());
  // The second page is empty, and carries the acknowledgement.
  expect(cost).toEqual({ requests: 4, XPENDING: 2, XREADGROUP: 2, XACK: 1 });
  expect(got).toEqual([0, 1, 2]);
});

it("gives back with one command what there are no requests left for, which was no delivery", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const counts: number[] = [];
  const group = pubsub.group("feeds", { concurrency: 1 });
  group.subscribe("feed.*", (_message, { count }) => void counts.push(count));
  await group.work();
  for (let index = 0; index < 5; index++) await pubsub.publish(`feed.${index}`, index);
  // Room for two messages, of three requests each.
  let left = 12;
  const budget = { left: () => left, held: () => 0, hold: () => () => void (left -= 3) };
  const cost = await isolate.database.cost(async () => expect(await group.work({ budget })).toBeDefined());
  expect(cost).toEqual({ requests: 4, XPENDING: 1, XREADGROUP: 1, XCLAIM: 1, XACK: 1 });
  expect(await group.work()).toBeUndefined();
  expect(counts).toEqual([1, 1, 1, 1, 1]);
});

it("gives a message up with three commands, and lists and deletes dead letters with one each", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const group = pubsub.group("feeds", { maxDeliveries: 1 });
  let isBroken = true;
  group.subscribe("feed.*", () => {
    if (isBroken) throw new Error("no such channel");
  });
  await group.poll();
  await pubsub.publish("feed.news", 1);
  expect(await isolate.database.cost(() => group.poll())).toEqual({
    requests: 2,
    XREADGROUP: 1,
    XADD: 1,
    PEXPIRE: 1,
    XACK: 1,
  });
  expect(await isolate.database.cost(() => group.deadLetters())).toEqual({ requests: 1, XRANGE: 1 });
  isBroken = false;
  expect(await isolate.database.cost(() => group.replay())).toEqual({ requests: 2, XRANGE: 1, XDEL: 1 });
  expect(await group.deadLetters()).toEqual([]);
});

it("returns the last messages, the newest first, with one command", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  expect(await pubsub.recent(2)).toEqual([]);
  for (const data of [1, 2, 3]) await pubsub.publish("all", data);
  await isolate.database.raw("XADD", "t:b:main", "*", "not", "ours");
  const cost = await isolate.database.cost(async () => {
    expect((await pubsub.recent(3)).map(({ data }) => data)).toEqual([3, 2]);
  });
  expect(cost).toEqual({ requests: 1, XREVRANGE: 1 });
});

it("costs two commands, and two for each group, in one request to tell how a bus is doing", async () => {
  const { database, invocation } = createTestIsolate();
  const pubsub = invocation();
  const cost = () => database.cost(() => pubsub.status(["mail", "sms"]));
  expect(await pubsub.status(["mail"])).toEqual({
    name: "main",
    length: 0,
    groups: [{ name: "mail", lag: 0, pending: 0, consumers: [], deadLetters: 0 }],
  });
  const group = pubsub.group("mail");
  group.subscribe("*", () => {
    throw new Error("no");
  });
  for (let count = 0; count < 3; count++) await pubsub.publish("all", count);
  await group.poll();
  await pubsub.publish("all", 4);
  expect(await pubsub.status(["mail"])).toMatchObject({
    length: 4,
    groups: [{ lag: 1, pending: 3, consumers: [{ pending: 3 }], deadLetters: 0 }],
  });
  expect(await cost()).toMatchObject({ requests: 1, XLEN: 3, XINFO: 3 });
});
