import { describe, expect, it } from "vitest";
import { features } from "../../../src/bot/features.ts";
import { cacheKind } from "../../../src/cache/index.ts";
import { readConfig } from "../../../src/runtime/config.ts";
import { createInvocation } from "../../../src/runtime/create-invocation.ts";
import { indexFeatures } from "../../../src/runtime/feature-index.ts";
import { createIsolate, type Isolate } from "../../../src/runtime/isolate.ts";
import { createDatabase } from "../../support/database.ts";
import { createTimeline } from "../../support/timeline.ts";

// Isolates of one deployment, on a clock moved by hand.

const index = indexFeatures(features);
const thing = cacheKind<number>({ name: "thing", ttlMs: 600_000, localMs: 300_000, earliness: 0 });

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
    drive: timeline.drive,
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
    async settled() {
      while (background.length > 0) await background.shift();
    },
  };
}

describe("what one isolate invalidates", () => {
  it("is not served from L1 by another isolate that polls along, which costs no round trip", async () => {
    const fleet = createFleet();
    const [a, b] = [fleet.isolate(), fleet.isolate()];
    let version = 1;
    const read = async (isolate: Isolate) => {
      const value = await fleet
        .invoke(isolate)
        .cache.of(thing)
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
    await fleet.invoke(a).cache.of(thing).delete("1");
    await fleet.settled();
    expect(await read(b)).toBe(1);
    await fleet.clock.advance(5_000);
    const cost = await fleet.database.cost(() => interact(b));
    expect(cost).toEqual({ requests: 1, GET: 1, XREAD: 1 });
    expect(await read(b)).toBe(2);
    expect(await fleet.database.raw("XLEN", "sp:b:main")).toBe(2);
  });

  it("is served for five seconds at the most by an isolate that only hits L1, at 1 command in five seconds", async () => {
    const fleet = createFleet();
    const { clock, database } = fleet;
    const [a, b] = [fleet.isolate(), fleet.isolate()];
    let version = 1;
    const read = async (isolate: Isolate) => {
      const { value, source } = await fleet
        .invoke(isolate)
        .cache.of(thing)
        .read("1", async () => version);
      await fleet.settled();
      return { value, source };
    };
    await read(a);
    await read(b);
    await clock.advance(5_000);
    // The first hit after five seconds begins to hear the bus, and what was read before it is read again.
    expect(await database.cost(() => read(b))).toEqual({ requests: 2, XINFO: 1, MGET: 1 });
    let forgottenAt = Number.POSITIVE_INFINITY;
    let hits = 0;
    const cost = await database.cost(async () => {
      for (let second = 1; second <= 60; second++) {
        await clock.advance(1_000);
        if (second === 33) {
          version = 2;
          await fleet.invoke(a).cache.of(thing).delete("1");
          forgottenAt = clock.now();
        }
        const { value, source } = await read(b);
        if (clock.now() - forgottenAt >= 5_000) expect(value).toBe(2);
        if (source === "L1") hits += 1;
      }
    });
    expect(hits).toBe(59);
    // One of them is a's.
    expect(cost).toMatchObject({ XREAD: 12 });
    // Within five seconds after a poll or a read, a hit costs nothing.
    await clock.advance(5_000);
    expect(await database.cost(() => read(b))).toEqual({ requests: 1, XREAD: 1 });
    await clock.advance(4_999);
    expect(await database.cost(() => read(b))).toEqual({ requests: 0 });
  });

  it("is served from L1 while Redis does not answer, and no longer once it does", async () => {
    const fleet = createFleet();
    const { clock, database } = fleet;
    const [a, b] = [fleet.isolate(), fleet.isolate()];
    let version = 1;
    const read = (isolate: Isolate) =>
      fleet
        .invoke(isolate)
        .cache.of(thing)
        .get("1", async () => version);
    await fleet.invoke(b).pubsub.poll();
    await read(b);
    await fleet.settled();
    version = 2;
    await fleet.invoke(a).cache.of(thing).delete("1");
    await clock.advance(5_000);
    await database.break({ at: "before", do: "status", status: 503, times: 3 });
    expect(await fleet.drive(read(b), { stepMs: 10 })).toBe(1);
    await database.mend();
    expect(await read(b)).toBe(2);
  });

  it("is forgotten in two commands, in one round trip", async () => {
    const fleet = createFleet();
    const [a, b] = [fleet.isolate(), fleet.isolate()];
    await fleet.invoke(b).pubsub.poll();
    await fleet.invoke(a).pubsub.publish("all", "the isolate's first publish");
    const forget = () => fleet.invoke(a).cache.of(thing).delete("1");
    expect(await fleet.database.cost(forget)).toEqual({ requests: 1, UNLINK: 1, XADD: 1 });
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
      .cache.of(thing)
      .get("1", async () => 1);
    await fleet.settled();
    await interact();
    expect(await interact()).toEqual({ requests: 1, GET: 1 });
  });
});

describe("an order of the leader", () => {
  it("reaches every isolate with its next poll, whatever it polls for", async () => {
    const fleet = createFleet();
    const [a, b] = [fleet.isolate(), fleet.isolate()];
    const remember = (isolate: Isolate) =>
      fleet
        .invoke(isolate)
        .cache.of(thing)
        .get("1", async () => 1);
    await fleet.invoke(a).pubsub.publish("all", "a bus that is in use");
    for (const isolate of [a, b]) await fleet.invoke(isolate).pubsub.poll();
    for (const isolate of [a, b]) await remember(isolate);
    const services = fleet.invoke(a);
    const led = await services.coordination.asLeader(() => services.coordination.broadcast("forget"));
    expect(led).toMatchObject({ led: true });
    expect([a, b].map(({ cache }) => cache.entries.size)).toEqual([1, 1]);
    for (const isolate of [a, b]) await fleet.invoke(isolate).pubsub.poll();
    expect([a, b].map(({ cache }) => cache.entries.size)).toEqual([0, 0]);
  });

  it("can be given by the next instance once the lease of a leader that died is over", async () => {
    const fleet = createFleet();
    const [first, second] = [fleet.isolate(), fleet.isolate()];
    // It dies right after it became leader.
    await fleet.invoke(first).coordination.tick(true);
    const { coordination } = fleet.invoke(second);
    const refused = await coordination.asLeader(async () => "too early");
    expect(refused).toMatchObject({ led: false, by: first.id });
    const waitMs = refused.led ? 0 : refused.retryAt - fleet.clock.now();
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(15_001);
    // Redis goes by its own clock, which the test does not move.
    await fleet.database.raw("DEL", "sp:l:main");
    await fleet.clock.advance(waitMs);
    expect(await coordination.asLeader(async () => "in time")).toEqual({ led: true, value: "in time" });
    expect(coordination.isLeader()).toBe(false);
  });
});
