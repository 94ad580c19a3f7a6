import { expect, it } from "vitest";
import { createFakeClock } from "../../support/clock.ts";
import { createRecorder, createTestIsolate, runDuty } from "./support.ts";

// The cost of each operation by the REST server's counters: requests, and commands as Upstash bills them.

it("publishes with one command", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  expect(await isolate.database.cost(() => pubsub.publish("all", { a: 1 }))).toEqual({ requests: 1, XADD: 1 });
});

it("publishes under an idempotency key with three commands, and again under it with one", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
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
  await clock.advance(5_000);
  expect(await interaction()).toEqual({ requests: 1, GET: 1, XREAD: 1 });
  expect(got.map(({ data }) => data)).toEqual([1]);
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
    GET: 1,
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
  expect(await isolate.database.cost(() => group.poll())).toEqual({ requests: 3, XREADGROUP: 2, XGROUP: 1 });
  for (let index = 0; index < 20; index++) await pubsub.publish("feed.news", index);
  expect(await isolate.database.cost(() => group.poll())).toEqual({ requests: 1, XREADGROUP: 1 });
  expect(await isolate.database.cost(() => group.poll())).toEqual({ requests: 1, XREADGROUP: 1, XACK: 1 });
  expect(await isolate.database.cost(() => group.flush())).toEqual({ requests: 0 });
  expect(await isolate.database.cost(() => group.claim())).toEqual({ requests: 1, XPENDING: 1 });
});

it("gives a message up with two commands, and lists and deletes dead letters with one each", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const group = pubsub.group("feeds", { maxDeliveries: 1 });
  let isBroken = true;
  group.subscribe("feed.*", () => {
    if (isBroken) throw new Error("no such channel");
  });
  await group.poll();
  await pubsub.publish("feed.news", 1);
  expect(await isolate.database.cost(() => group.poll())).toEqual({ requests: 2, XREADGROUP: 1, XADD: 1, XACK: 1 });
  expect(await isolate.database.cost(() => group.deadLetters())).toEqual({ requests: 1, XRANGE: 1 });
  isBroken = false;
  expect(await isolate.database.cost(() => group.replay())).toEqual({ requests: 2, XRANGE: 1, XDEL: 1 });
  expect(await group.deadLetters()).toEqual([]);
});

it.each([
  ["the same isolate", false],
  ["a fresh isolate each time", true],
])(
  "costs at most 6 commands a minute in an idle hour of cron ticks in %s",
  { timeout: 30_000 },
  async (_name, isFresh) => {
    const clock = createFakeClock();
    let isolate = createTestIsolate({ clock });
    const { database } = isolate;
    await isolate.invocation().publish("all", 0);
    const cronTick = async () => {
      if (isFresh) isolate = createTestIsolate({ clock, database });
      const pubsub = isolate.invocation({ listener: "cron" });
      const group = pubsub.group("feeds");
      const subscriber = pubsub.subscriber("audit");
      group.subscribe("feed.*", () => {});
      subscriber.subscribe("*", () => {});
      const running = { is: true };
      const startedAt = clock.now();
      const duty = pubsub.duty({ followers: [group, subscriber] });
      const run = runDuty(duty, clock, startedAt + 55_000).finally(() => (running.is = false));
      while (running.is) {
        await new Promise((resolve) => void setTimeout(resolve, 0));
        // Only the duty sleeps on this clock; requests have their own.
        if (clock.sleeping() > 0) {
          await clock.advance(Math.min(isolate.state.pacing.nextAt, startedAt + 55_000) - clock.now());
        }
      }
      await run;
      await clock.advance(Math.max(0, startedAt + 60_000 - clock.now()));
    };
    // The first run makes the group and the cursor.
    await cronTick();
    const cost = await database.cost(async () => {
      for (let minute = 0; minute < 60; minute++) await cronTick();
    });
    const commands = Object.entries(cost).reduce((sum, [name, count]) => (name === "requests" ? sum : sum + count), 0);
    expect(commands).toBeLessThanOrEqual(6 * 60);
    expect(commands).toBeGreaterThan(60);
  },
);
