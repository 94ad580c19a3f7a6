import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createControls } from "../../../../local/playground/server/controls.ts";
import { createRedisControl, createWorldClock } from "../../../../local/playground/server/index.ts";
import type { Fault } from "../../../../local/redis/index.ts";
import { ada, general, says, startPlayground } from "./support.ts";

function start(faultMs = 60_000) {
  let faults: readonly Fault[] = [];
  let nextJobAt: number | undefined;
  const ahead: number[] = [];
  const ticks: number[] = [];
  const started = startPlayground(says("hello"), undefined, {
    isMarked: true,
    faultMs,
    redis: {
      setFaults: (set) => void (faults = set),
      setAhead: (ms) => void ahead.push(ms),
      nextJobAt: async () => nextJobAt,
    },
    fireCron: (at) => void ticks.push(at),
  });
  const control = (what: unknown) => started.api("POST", "/controls", what);
  return { ...started, control, ahead, ticks, faults: () => faults, setNextJob: (at: number) => (nextJobAt = at) };
}

describe("time", () => {
  it("moves for the simulator, Redis and the Worker together, and fires the cron", async () => {
    const { control, clock, ahead, ticks, look } = start();
    const stream = await look(ada);
    await stream.until("controls");
    const before = Date.now();
    const { body } = await control({ do: "move", byMs: 3_600_000 });
    expect(body).toMatchObject({ aheadMs: 3_600_000, can: { move: true, cron: true, redis: true } });
    expect(clock.now() - before).toBeGreaterThanOrEqual(3_600_000);
    expect(ahead).toEqual([3_600_000]);
    expect(ticks).toHaveLength(1);
    expect((ticks[0] ?? 0) - before).toBeGreaterThanOrEqual(3_600_000);
    const { exchange } = await stream.until("exchange");
    expect(exchange).toMatchObject({ id: `cron-${ticks[0]}`, kind: "cron", title: "cron, after time was moved" });
    await stream.until("controls", (event) => event.controls.aheadMs === 3_600_000);
  });

  it("moves to the next job, exactly", async () => {
    const { control, ticks, setNextJob } = start();
    expect(await control({ do: "to-next-job" })).toMatchObject({
      status: 400,
      body: { error: "No job is scheduled." },
    });
    const dueAt = Date.now() + 7_200_000;
    setNextJob(dueAt);
    expect(await control({ do: "to-next-job" })).toMatchObject({ status: 200, body: { nextJobAt: dueAt } });
    expect((ticks[0] ?? 0) - dueAt).toBeGreaterThanOrEqual(0);
    expect((ticks[0] ?? 0) - dueAt).toBeLessThan(500);
  });

  it("shows what ticks did, and none that did nothing", async () => {
    const { playground, rest, look, ticks, control } = start();
    const stream = await look(ada);
    const redis = { method: "POST", path: "/", status: 200, ms: 1, commands: [["ZRANGE"] as const], billed: 1 };
    playground.takeRedis({ ...redis, exchange: "cron-1" });
    playground.takeRedis({ ...redis, exchange: "cron-2" });
    await rest("GET", `/channels/${general}`, undefined, { "X-Sandpiper-Exchange": "cron-2" });
    await stream.until("exchange", ({ exchange }) => exchange.rest.length === 1);
    expect(stream.of("exchange").map(({ exchange }) => [exchange.id, exchange.redis.length])).toEqual([["cron-2", 1]]);
    await control({ do: "cron" });
    await stream.until("exchange", ({ exchange }) => exchange.id === `cron-${ticks[0]}`);
  });

  it("is not moved for a Worker that would not follow", async () => {
    const { api } = startPlayground(says("hello"));
    expect((await api("GET", "/controls")).body.can).toEqual({ move: false, cron: false, redis: false });
    for (const what of [{ do: "move", byMs: 1 }, { do: "cron" }, { do: "fault", name: "redis-down", isOn: true }]) {
      expect(await api("POST", "/controls", what)).toMatchObject({ status: 400, body: { error: expect.any(String) } });
    }
  });
});

describe("faults", () => {
  it("of Redis can be on together, and are mended one by one", async () => {
    const { control, faults } = start();
    await control({ do: "fault", name: "redis-slow", isOn: true });
    const { body } = await control({ do: "fault", name: "redis-loses-replies", isOn: true });
    expect(body.faults.map((fault: { name: string }) => fault.name)).toEqual(["redis-slow", "redis-loses-replies"]);
    expect(faults()).toEqual([
      { at: "before", do: "stall", ms: 1_000 },
      { at: "after", do: "drop" },
    ]);
    await control({ do: "fault", name: "redis-slow", isOn: false });
    expect(faults()).toEqual([{ at: "after", do: "drop" }]);
  });

  it.each([
    ["discord-429", 429, "You are being rate limited."],
    ["discord-500", 500, "500: injected"],
  ])("of Discord fail its REST API: %s", async (name, status, message) => {
    const { control, rest } = start();
    await control({ do: "fault", name, isOn: true });
    const response = await rest("GET", "/users/@me");
    expect([response.status, await response.json()]).toMatchObject([status, { message }]);
    await control({ do: "fault", name, isOn: false });
    expect((await rest("GET", "/users/@me")).status).toBe(200);
  });

  it("close direct messages, and nothing else", async () => {
    const { control, rest, simulator, look } = start();
    const { world } = await (await look(ada)).until("world");
    await control({ do: "fault", name: "discord-closed-dms", isOn: true });
    const path = `/channels/${world.directs[0]?.id}/messages`;
    const refused = await rest("POST", path, { content: "psst" });
    expect([refused.status, await refused.json()]).toEqual([
      403,
      { message: "Cannot send messages to this user", code: 50_007 },
    ]);
    expect((await rest("POST", `/channels/${general}/messages`, { content: "all" })).status).toBe(200);
    expect((await rest("GET", path)).status).toBe(200);
    expect(simulator.visibleMessages({ user: "ada", channel: "dm" })).toEqual([]);
  });

  it("end after a while, and say so", async () => {
    const { control, rest, look } = start(30);
    const stream = await look(ada);
    const { body } = await control({ do: "fault", name: "discord-500", isOn: true });
    expect(body.faults[0].endsAt).toBeLessThanOrEqual(Date.now() + 30);
    const shown = (length: number) => stream.until("controls", ({ controls }) => controls.faults.length === length);
    await shown(1);
    await vi.waitFor(async () => expect((await rest("GET", "/users/@me")).status).toBe(200));
    expect(stream.of("controls").at(-1)?.controls.faults).toEqual([]);
  });
});

it.each<unknown>([
  {},
  { do: "move" },
  { do: "move", byMs: -1 },
  { do: "move", byMs: 1.5 },
  { do: "move", byMs: 1e15 },
  { do: "fault", name: "all", isOn: true },
  { do: "fault", name: "redis-down", isOn: "yes" },
  "[",
])("a control is refused in a sentence: %j", async (what) => {
  const { control } = start();
  expect(await control(what)).toMatchObject({ status: 400, body: { error: expect.any(String) } });
});

it("the next job is read from Redis' reply", async () => {
  const reply = (value: unknown) =>
    createRedisControl({ server: { setFaults: () => {}, peek: async () => value }, setAhead: () => {} }).nextJobAt();
  expect(await reply([Buffer.from("remind:1"), Buffer.from("1795721401824.0009765625")])).toBe(1_795_721_401_824);
  expect(await reply([])).toBeUndefined();
  expect(await reply(new Error("WRONGTYPE"))).toBeUndefined();
});

/** Controls alone, with what they ask of the rest. */
function alone({ jobs = async (): Promise<number | undefined> => undefined, hasRedis = true } = {}) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const clock = createWorldClock(() => 1_000_000);
  const seen = { faults: [] as unknown[], rest: [] as unknown[][], ticks: [] as unknown[], looks: 0, changes: 0 };
  const controls = createControls({
    simulator: {
      world: { directChannels: new Map() },
      setRestFaults: (...set: unknown[]) => void seen.rest.push(set),
    } as never,
    clock,
    attribution: { tick: (id: string, title: string) => void seen.ticks.push([id, title]) } as never,
    ...(hasRedis && {
      redis: {
        setFaults: (set) => void seen.faults.push(set),
        setAhead: () => {},
        nextJobAt() {
          seen.looks += 1;
          return jobs();
        },
      },
    }),
    fireCron: (at) => void seen.ticks.push(at),
    onChange: () => void (seen.changes += 1),
  });
  const fault = (name: "redis-down" | "redis-slow" | "discord-500" | "discord-429", isOn: boolean) =>
    controls.act({ do: "fault", name, isOn });
  return { ...controls, fault, seen, clock };
}

it("a fault lasts a minute, and another from when it is set again", async () => {
  const { fault, view, seen } = alone();
  await fault("redis-down", true);
  expect(view().faults).toEqual([{ name: "redis-down", endsAt: Date.now() + 60_000 }]);
  vi.advanceTimersByTime(40_000);
  await fault("redis-down", true);
  vi.advanceTimersByTime(59_999);
  expect(view().faults).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(view().faults).toEqual([]);
  expect(seen.faults).toEqual([[{ at: "before", do: "drop" }], [{ at: "before", do: "drop" }], []]);
  expect(seen.changes).toBe(3);
});

it("a fault that is not on is not ended, and an ended one leaves no timer", async () => {
  const { fault, seen } = alone();
  await fault("redis-down", false);
  expect(seen).toMatchObject({ faults: [], changes: 0 });
  await fault("redis-slow", true);
  await fault("redis-slow", false);
  expect(vi.getTimerCount()).toBe(0);
  expect(seen.changes).toBe(2);
});

it("Discord's limits and failures last until they are mended", async () => {
  const { fault, seen } = alone();
  await fault("discord-429", true);
  await fault("discord-500", true);
  expect(seen.rest.at(-1)).toEqual([
    { status: 429, retryAfter: 5, times: Infinity },
    { status: 500, times: Infinity },
  ]);
});

it("all faults end with the playground", async () => {
  const { fault, close, refresh, view, seen } = alone();
  await fault("redis-down", true);
  await fault("discord-500", true);
  refresh();
  close();
  expect([view().faults, seen.faults.at(-1), seen.rest.at(-1), vi.getTimerCount()]).toEqual([[], [], [], 0]);
});

it("the next job is asked for once for all requests of a tenth of a second, and told when it changes", async () => {
  let next: number | undefined = 5_000;
  const { refresh, view, seen } = alone({ jobs: async () => next });
  for (const _ of [1, 2, 3]) refresh();
  await vi.advanceTimersByTimeAsync(99);
  expect(seen.looks).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect([seen.looks, seen.changes, view().nextJobAt]).toEqual([1, 1, 5_000]);
  refresh();
  await vi.advanceTimersByTimeAsync(100);
  expect([seen.looks, seen.changes]).toEqual([2, 1]);
  next = undefined;
  refresh();
  await vi.advanceTimersByTimeAsync(100);
  expect(seen.changes).toBe(2);
  expect(view()).not.toHaveProperty("nextJobAt");
});

it("a Redis that does not answer has no next job", async () => {
  const { refresh, act, seen } = alone({ jobs: () => Promise.reject(new Error("gone")) });
  refresh();
  await vi.advanceTimersByTimeAsync(100);
  expect(seen.changes).toBe(0);
  await expect(act({ do: "to-next-job" })).rejects.toThrow("No job is scheduled.");
});

it("time moves to a job that is due later, and stands for one that is due", async () => {
  let next = 1_000_500.25;
  const { act, clock, seen } = alone({ jobs: async () => next });
  await act({ do: "to-next-job" });
  expect([clock.aheadMs(), seen.ticks]).toEqual([501, [["cron-1000501", "cron, for the next job"], 1_000_501]]);
  next = 5;
  await act({ do: "to-next-job" });
  expect(clock.aheadMs()).toBe(501);
  await act({ do: "cron" });
  expect(seen.ticks.at(-2)).toEqual(["cron-1000501", "cron, by hand"]);
});

it("says what cannot be done without a Redis", async () => {
  const { act, fault, view, refresh } = alone({ hasRedis: false });
  expect(view().can).toEqual({ move: false, cron: true, redis: false });
  await expect(act({ do: "move", byMs: 1 })).rejects.toThrow("This Worker does not follow the playground's clock.");
  await expect(fault("redis-down", true)).rejects.toThrow("There is no Redis here whose replies could be lost.");
  await fault("discord-500", true);
  expect(view().faults).toHaveLength(1);
  refresh();
  expect(vi.getTimerCount()).toBe(1);
});

it("pictures of a host are shown until they are not", async () => {
  const { act, pictureHosts, seen } = alone();
  await act({ do: "pictures", host: "a.test", isOn: true });
  await act({ do: "pictures", host: "b.test", isOn: true });
  await act({ do: "pictures", host: "a.test", isOn: false });
  expect([pictureHosts(), seen.changes]).toEqual([["b.test"], 0]);
});
