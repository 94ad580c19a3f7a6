import { describe, expect, it } from "vitest";
import { pump } from "../src/bot/pump.ts";
import { readConfig } from "../src/config.ts";
import { createInvocation } from "../src/invocation.ts";
import { createIsolate, type Isolate } from "../src/isolate.ts";
import { createFakeClock } from "./support/clock.ts";
import { createDatabase } from "./support/database.ts";

// Isolates of one deployment, on a clock moved by hand.

function createFleet() {
  const database = createDatabase();
  const clock = createFakeClock(Date.now());
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
    isolate: () => createIsolate({ now: clock.now }),
    invoke: (isolate: Isolate) =>
      createInvocation({
        isolate,
        config,
        waitUntil: (work) => void background.push(work),
        redisTimeoutMs: 2_000,
        now: clock.now,
        sleep: clock.sleep,
      }),
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

it("an idle deployment costs at most six commands a minute, over an hour of cron ticks", {
  timeout: 60_000,
}, async () => {
  const fleet = createFleet();
  const isolate = fleet.isolate();
  const minutes = 60;
  const cost = await fleet.database.cost(async () => {
    for (let minute = 0; minute < minutes; minute++) {
      const startedAt = fleet.clock.now();
      const run = { isOver: false };
      void pump(fleet.invoke(isolate), { forMs: 55_000 }).finally(() => (run.isOver = true));
      while (!run.isOver) {
        // Redis answers on its own clock; only then somebody sleeps on this one.
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (fleet.clock.sleeping() > 0) await fleet.clock.advance(1_000);
      }
      await fleet.clock.advance(startedAt + 60_000 - fleet.clock.now());
    }
    await fleet.settled();
  });
  const { requests: _requests, ...commands } = cost;
  const total = Object.values(commands).reduce((sum, count) => sum + count, 0);
  // Three polls a minute, and a look for what was abandoned.
  expect(total / minutes).toBeLessThanOrEqual(6);
  expect(total / minutes).toBeGreaterThan(1);
});
