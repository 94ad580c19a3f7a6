import { describe, expect, it } from "vitest";
import { features } from "../../../src/bot/features.ts";
import { readConfig } from "../../../src/runtime/config.ts";
import { createInvocation } from "../../../src/runtime/create-invocation.ts";
import { runCron } from "../../../src/runtime/cron.ts";
import { indexFeatures } from "../../../src/runtime/feature-index.ts";
import { createIsolate, type Isolate } from "../../../src/runtime/isolate.ts";
import { createDatabase } from "../../support/database.ts";
import { createTimeline } from "../../support/timeline.ts";

// Isolates of one deployment, on a clock moved by hand.

const index = indexFeatures(features);

function createFleet() {
  const database = createDatabase();
  const timeline = createTimeline();
  const { clock } = timeline;
  const { config } = readConfig({
    DISCORD_APPLICATION_ID: "1100000000000000001",
    DISCORD_PUBLIC_KEY: "00".repeat(32),
    UPSTASH_REDIS_REST_URL: database.url,
    UPSTASH_REDIS_REST_TOKEN: database.token,
    LOG_LEVEL: "error",
  });
  if (!config) throw new Error("The configuration is wrong.");
  const background: Promise<unknown>[] = [];
  return {
    database,
    clock,
    isolate: () => createIsolate({ clock }),
    invoke: (isolate: Isolate) =>
      createInvocation({
        isolate,
        config,
        features: index,
        waitUntil: (work) => void background.push(work),
        redisTimeoutMs: 2_000,
        clock,
        fetch: timeline.fetch,
      }),
    drive: (work: Promise<unknown>, between?: () => Promise<void> | void) =>
      timeline.drive(work, between ? { between } : {}),
    async settled() {
      while (background.length > 0) await background.shift();
    },
  };
}

describe("what one isolate invalidates", () => {
  const options = { name: "thing", ttlMs: 600_000, localMs: 300_000, earliness: 0 };

  it("is not served from L1 by another after its next ride, which costs no round trip, and is told to nobody twice", async () => {
    const fleet = createFleet();
    const [a, b] = [fleet.isolate(), fleet.isolate()];
    let version = 1;
    const read = async (isolate: Isolate) => {
      const value = await fleet
        .invoke(isolate)
        .cache.namespace<number>(options)
        .get("1", async () => version);
      await fleet.settled();
      return value;
    };
    /** Any interaction that asks Redis for something. */
    const interact = async (isolate: Isolate) => {
      const invocation = fleet.invoke(isolate);
      void invocation.cache;
      await invocation.redis.commands.get("anything");
      await fleet.settled();
    };
    await fleet.invoke(a).pubsub.publish("all", "a bus that is in use");
    expect([await read(a), await read(b)]).toEqual([1, 1]);
    await interact(b);
    expect(await read(b)).toBe(1);
    version = 2;
    await fleet.invoke(a).cache.namespace<number>(options).delete("1");
    await fleet.settled();
    expect(await read(b)).toBe(1);
    await fleet.clock.advance(5_000);
    const cost = await fleet.database.cost(() => interact(b));
    expect(cost).toEqual({ requests: 1, GET: 1, XREAD: 1 });
    expect(await read(b)).toBe(2);
    expect(await fleet.database.raw("XLEN", "sp:b:main")).toBe(2);
  });

  it("costs an isolate with nothing in L1 no command, and one within five seconds none", async () => {
    const fleet = createFleet();
    const isolate = fleet.isolate();
    const interact = () =>
      fleet.database.cost(async () => {
        const invocation = fleet.invoke(isolate);
        void invocation.cache;
        await invocation.redis.commands.get("anything");
        await fleet.settled();
      });
    expect(await interact()).toEqual({ requests: 1, GET: 1 });
    await fleet
      .invoke(isolate)
      .cache.namespace<number>(options)
      .get("1", async () => 1);
    await fleet.settled();
    await interact();
    expect(await interact()).toEqual({ requests: 1, GET: 1 });
  });
});

describe("two pumps at once", () => {
  it("have one leader, who tells both what to do", { timeout: 30_000 }, async () => {
    const fleet = createFleet();
    const isolates = [fleet.isolate(), fleet.isolate()];
    const pumps = isolates.map((isolate) => runCron(fleet.invoke(isolate), index, 55_000));
    const seen = { leaders: new Set<string | null>(), isTold: false };
    for (const isolate of isolates) {
      await fleet
        .invoke(isolate)
        .cache.namespace<number>({ name: "x", ttlMs: 600_000 })
        .get("1", async () => 1);
      // The next isolate would wait for this one's fill, on a clock that does not move yet.
      await fleet.settled();
    }
    const asked = fleet.invoke(fleet.isolate());
    const job = { kind: "broadcast", owner: "42", data: { order: "forget", note: null } };
    await asked.jobs.schedule({ ...job, dueAt: fleet.clock.now() });
    await fleet.drive(Promise.all(pumps), async () => {
      const { leader } = await asked.coordination.info();
      if (leader !== null) seen.leaders.add(leader);
    });
    expect(seen.leaders.size).toBe(1);
    expect(isolates.map(({ id }) => id)).toContain([...seen.leaders][0]);
    expect(isolates.map(({ cache }) => cache.entries.size)).toEqual([0, 0]);
    const { members, token } = await asked.coordination.info();
    expect([members.length, token]).toEqual([2, 1]);
    expect(await asked.jobs.list("42")).toEqual([]);
  });

  it("are replaced by the next, at the next tick, when they die without a word", { timeout: 30_000 }, async () => {
    const fleet = createFleet();
    const [first, second] = [fleet.isolate(), fleet.isolate()];
    // Dies right after it became leader: its clock stands still for ever.
    await fleet.invoke(first).coordination.tick(true);
    expect(fleet.invoke(first).coordination.isLeader()).toBe(true);
    await fleet.clock.advance(60_000);
    expect(fleet.invoke(first).coordination.isLeader()).toBe(false);
    await fleet.database.raw("DEL", "sp:l:main");
    await fleet.drive(runCron(fleet.invoke(second), index, 2_000));
    expect(await fleet.invoke(second).coordination.info()).toMatchObject({ token: 2, leader: second.id });
  });
});

it("an idle deployment costs at most six commands a minute, over an hour of cron ticks", {
  timeout: 60_000,
}, async () => {
  const fleet = createFleet();
  const isolate = fleet.isolate();
  const minutes = 60;
  const cost = await fleet.database.cost(async () => {
    for (let minute = 0; minute < minutes; minute++) {
      const startedAt = fleet.clock.now();
      await fleet.drive(runCron(fleet.invoke(isolate), index, 55_000));
      await fleet.clock.advance(startedAt + 60_000 - fleet.clock.now());
      // By Redis's own clock hardly any time has passed: the lease, which lasts 59 s, is over all the same.
      await fleet.database.raw("DEL", "sp:l:main");
    }
    await fleet.settled();
  });
  const { requests: _requests, DEL: _expiries, ...commands } = cost;
  const total = Object.values(commands).reduce((sum, count) => sum + count, 0);
  // Three polls a minute, and a look for what was abandoned.
  expect(total / minutes).toBeLessThanOrEqual(6);
  expect(total / minutes).toBeGreaterThan(1);
});
