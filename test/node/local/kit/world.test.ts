import { expect, it, onTestFinished, vi } from "vitest";
import { createWorld, type World, type WorldOptions } from "../../../../local/kit/world.ts";
import { command, feature } from "../../../../src/bot/kit.ts";
import type { Feature } from "../../../../src/runtime/index.ts";

const minuteMs = 60_000;

async function open(options: WorldOptions = {}): Promise<World> {
  const world = await createWorld(options);
  onTestFinished(() => world.close());
  return world;
}

type Run = Parameters<typeof command>[0]["run"];

/** A bot whose only command does what the test says. */
const botThat = (run: Run): Feature[] => [
  feature({ name: "test", handlers: [command({ name: "go", description: "Does it.", run })] }),
];

const contents = ({ messages }: { messages: readonly { content: string }[] }) => messages.map(({ content }) => content);

it("begins at noon of a day in June, or when the test says, and stands still", async () => {
  const world = await open();
  expect(new Date(world.clock.now()).toISOString()).toBe("2026-06-01T12:00:00.000Z");
  expect((await open({ startAt: 5_000 })).clock.now()).toBe(5_000);
  expect(await world.run(Promise.resolve(7))).toBe(7);
  expect(world.clock.now()).toBe(Date.parse("2026-06-01T12:00:00Z"));
});

it("takes its chance from the test", async () => {
  expect((await open({ random: () => 0.25 })).clock.random()).toBe(0.25);
});

it("gives the Worker its bindings, those of the test first", async () => {
  const world = await open({ subrequests: 70, env: { LOG_LEVEL: "warn", EXTRA: "1" } });
  expect(world.env).toMatchObject({
    DISCORD_APPLICATION_ID: world.discord.applicationId,
    DISCORD_PUBLIC_KEY: world.discord.publicKey,
    UPSTASH_REDIS_REST_URL: world.redis.url,
    SUBREQUESTS: "70",
    LOG_LEVEL: "warn",
    EXTRA: "1",
  });
  expect((await open()).env).toMatchObject({ SUBREQUESTS: "50", LOG_LEVEL: "error" });
});

it("answers a person, and notes what it cost", async () => {
  const world = await open({ features: botThat(async () => "hello") });
  world.setCron(false);
  expect(contents(await world.run(world.discord.command("/go")))).toEqual(["hello"]);
  expect(world.invocations).toEqual([{ kind: "fetch", isolate: 0, subrequests: expect.any(Number), refused: 0 }]);
  expect((await world.run(world.fetch("/health"))).status).toBe(200);
  expect(world.invocations).toHaveLength(2);
});

it("moves time for what waits for it alone, and lets Redis expire its keys by it", async () => {
  const world = await open();
  const before = world.clock.now();
  await world.run(world.redisCommand("SET", "k", "v", "PX", 1_000));
  expect(world.clock.now()).toBe(before);
  await world.run(world.clock.sleep(999));
  expect([world.clock.now() - before, await world.redisCommand("GET", "k")]).toEqual([999, "v"]);
  await world.pass(1_000);
  expect([world.clock.now() - before, await world.redisCommand("GET", "k")]).toEqual([1_999, null]);
});

it("says that work can never end which waits for nothing", async () => {
  const world = await open();
  world.setCron(false);
  await expect(world.run(new Promise(() => {}))).rejects.toThrow("The work can never end");
});

it("passes on the error of the work", async () => {
  const world = await open();
  await expect(world.run(Promise.reject(new Error("mine")))).rejects.toThrow("mine");
});

it("fires the cron at each full minute, unless it is off", async () => {
  const world = await open({ startAt: Date.parse("2026-06-01T12:00:30Z") });
  const ticks = () => world.invocations.filter(({ kind }) => kind === "scheduled").length;
  await world.pass(29_999);
  expect(ticks()).toBe(0);
  await world.pass(1);
  expect(ticks()).toBe(1);
  await world.pass(3 * minuteMs);
  expect(ticks()).toBe(4);
  world.setCron(false);
  await world.pass(3 * minuteMs);
  expect(ticks()).toBe(4);
  world.setCron(true);
  await world.pass(minuteMs);
  expect(ticks()).toBe(5);
  world.setCron(false);
  await world.run(world.tick());
  expect(ticks()).toBe(6);
});

it("sends requests and ticks to the isolates in turn", async () => {
  const world = await open({ isolates: 3 });
  for (let count = 0; count < 4; count++) await world.run(world.fetch("/health"));
  expect(world.invocations.map(({ isolate }) => isolate)).toEqual([0, 1, 2, 0]);
});

/** A bot that tells in which isolate it runs. */
const tellsIsolate = () => botThat(async (_interaction, { isolate }) => isolate.id);

it.each<[WorldOptions["isolates"], number]>([
  [undefined, 1],
  [2, 2],
  ["fresh", 3],
])("runs three commands in %s isolates: %i of them", async (isolates, count) => {
  const world = await open({ features: tellsIsolate(), ...(isolates !== undefined && { isolates }) });
  const seen: string[] = [];
  for (let sent = 0; sent < 3; sent++) seen.push(...contents(await world.run(world.discord.command("/go"))));
  expect(new Set(seen).size).toBe(count);
});

it("refuses more requests of an invocation than the platform allows, and counts them", async () => {
  // The log says what the test makes fail.
  vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => void vi.restoreAllMocks());
  const world = await open({
    subrequests: 12,
    features: botThat(async (_interaction, { redis }) => {
      let sent = 0;
      for (let count = 0; count < 30; count++) {
        await redis.commands.exec(["GET", String(count)]).then(
          () => (sent += 1),
          () => {},
        );
      }
      return `sent ${sent}`;
    }),
    // The Worker believes in more than there are.
    env: { SUBREQUESTS: "1000" },
  });
  world.setCron(false);
  const answer = await world.run(world.discord.command("/go"));
  const [record] = world.invocations;
  expect(record?.subrequests).toBe(12);
  expect(record?.refused).toBeGreaterThan(0);
  expect(contents(answer).join()).toMatch(/sent 1[0-2]$/);
});

it("does not count what the test itself sends", async () => {
  const world = await open({ features: botThat(async () => "hello") });
  await world.run(world.discord.command("/go"));
  const before = world.invocations[0]?.subrequests;
  await world.redisCommand("PING");
  expect(world.invocations[0]?.subrequests).toBe(before);
});

/** A bot that goes on for a time after its answer, and then writes. */
const writesAfter = (ms: number) =>
  botThat(async (_interaction, { waitUntil, clock, redis }) => {
    waitUntil(
      (async () => {
        await clock.sleep(ms);
        await redis.commands.exec(["SET", "late", "1"]);
      })(),
    );
    return "hello";
  });

it.each([
  [29_000, "1"],
  [31_000, null],
])("lets an invocation go on for 30 s after its answer: what it writes after %i ms is %s", async (ms, written) => {
  const world = await open({ features: writesAfter(ms) });
  world.setCron(false);
  expect(contents(await world.run(world.discord.command("/go")))).toEqual(["hello"]);
  await world.pass(40_000);
  expect(await world.redisCommand("GET", "late")).toBe(written);
});

it("ends the invocations of an isolate that is killed, and starts a fresh one", async () => {
  const world = await open({ isolates: 2, features: writesAfter(5_000) });
  world.setCron(false);
  await world.run(world.discord.command("/go"));
  world.kill(1);
  await world.pass(10_000);
  expect(await world.redisCommand("GET", "late")).toBe("1");
  await world.redisCommand("DEL", "late");
  await world.run(world.fetch("/health"));
  await world.run(world.discord.command("/go"));
  world.kill();
  await world.pass(10_000);
  expect(await world.redisCommand("GET", "late")).toBeNull();

  const other = await open({ features: tellsIsolate() });
  const first = contents(await other.run(other.discord.command("/go")));
  other.kill();
  expect(contents(await other.run(other.discord.command("/go")))).not.toEqual(first);
});

it("breaks Redis for the Worker and mends it, and says which fault cannot be", async () => {
  const world = await open();
  await world.breakRedis({ at: "before", do: "drop" });
  await expect(world.redisCommand("PING")).rejects.toThrow();
  await world.breakRedis();
  expect(await world.redisCommand("PING")).toBe("PONG");
  await expect(world.breakRedis({ at: "before", do: "nothing" as "drop" })).rejects.toThrow(
    /^breakRedis: fault 1: .*[^.]\.$/,
  );
});

it("stalls Redis by the world's time, so that the Worker's deadlines are met, and mends it", async () => {
  const world = await open({
    features: botThat(async (_interaction, { redis, clock }) => {
      const before = clock.now();
      const outcome = await redis.commands.get<string>("k").catch((error: Error) => error.name);
      return `${outcome} after ${clock.now() - before} ms`;
    }),
  });
  world.setCron(false);
  await world.redisCommand("SET", "k", "v");
  await world.breakRedis({ at: "before", do: "stall", ms: 300, match: "GET" });
  expect(contents(await world.run(world.discord.command("/go")))).toEqual(["v after 300 ms"]);
  await world.breakRedis({ at: "before", do: "stall", ms: 60_000, match: "GET" });
  const startedAt = Date.now();
  await world.run(world.discord.command("/go"));
  await world.pass(1_000);
  expect(world.discord.visibleMessages({ channel: "#general" }).at(-1)?.content).toBe(
    "RedisTimeoutError after 2500 ms",
  );
  expect(await world.run(world.redisCommand("GET", "k"))).toBe("v");
  await world.breakRedis();
  expect(contents(await world.run(world.discord.command("/go")))).toEqual(["v after 0 ms"]);
  expect(Date.now() - startedAt).toBeLessThan(20_000);
});

it("ends an isolate in the middle of an interaction, with what it had asked of Redis done or not", async () => {
  const world = await open({
    features: botThat(async (_interaction, { redis }) => `${await redis.commands.incr("n")}`),
  });
  world.setCron(false);
  for (const [at, written] of [
    ["before", null],
    ["after", "1"],
  ] as const) {
    await world.breakRedis({ at, do: "stall", ms: 60_000, match: "INCR", times: 1 });
    const asked = world.discord.command("/go");
    await world.pass(100);
    world.kill();
    expect((await world.run(asked)).problems).toEqual([expect.stringContaining("3")]);
    expect(await world.redisCommand("GET", "n")).toBe(written);
  }
});

it("gives Redis' own error where a command is wrong", async () => {
  const world = await open();
  await expect(world.redisCommand("NOPE")).rejects.toThrow(/^ERR Command is not available/);
});

it("passes on bodies, statuses and headers of Redis and Discord alike", async () => {
  const world = await open({
    features: botThat(async (interaction, { discord }) => {
      const user = await discord.get<{ username: string }>("/users/@me");
      return `${user.username} in ${String(interaction.channelId)}`;
    }),
  });
  expect(contents(await world.run(world.discord.command("/go")))[0]).toMatch(/^sandpiper in /);
});

it("stops counting crypto jobs and serving Redis when it closes", async () => {
  const world = await createWorld();
  await world.close();
  await expect(fetch(world.redis.url)).rejects.toThrow();
});
