import { describe, expect, it } from "vitest";
import { createCooldownState, createCooldownStore } from "../../../src/discord-redis/index.ts";
import { createConnection, createRedisState } from "../../../src/redis/index.ts";
import { createStores } from "./support.ts";

const key = "t:r:a";
const startedAt = Date.parse("2026-06-01T12:00:00Z");

/** Ten minutes: longer than a test may take, since Redis keeps its own time. */
const windowMs = 600_000;

/** A database, and isolates whose clocks are moved by hand. */
function createFleet() {
  const { database, cooldowns } = createStores();
  const time = { at: startedAt };
  /** Opens an isolate whose clock is ahead by this much. */
  const open = (aheadMs = 0) => cooldowns({ now: () => time.at + aheadMs });
  return { database, time, open, cooldowns };
}

const isAllowed = async (use: unknown) => ((await use) as { isAllowed: boolean }).isAllowed;

describe("what a use costs", () => {
  it("a use costs 1 command in 1 request, and 0 while the isolate knows that the limit is used up", async () => {
    const { database, time, open } = createFleet();
    const store = open();
    const use = () => database.cost(() => Promise.resolve(store.use("a", 2, windowMs)));
    expect(await use()).toEqual({ requests: 1, SET: 1 });
    expect(await use()).toEqual({ requests: 1, SET: 1 });
    for (let again = 0; again < 3; again++) expect(await use()).toEqual({ requests: 0 });
    time.at += windowMs;
    await database.raw("DEL", key);
    expect(await use()).toEqual({ requests: 1, SET: 1 });
  });

  it("a use costs 2 commands in 2 requests when another isolate counted one since", async () => {
    const { database, open } = createFleet();
    const [one, other] = [open(), open()];
    await one.use("a", 3, windowMs);
    expect(await database.cost(() => Promise.resolve(other.use("a", 3, windowMs)))).toEqual({ requests: 2, SET: 2 });
    expect(await database.cost(() => Promise.resolve(one.use("a", 3, windowMs)))).toEqual({ requests: 2, SET: 2 });
    expect(await database.cost(() => Promise.resolve(other.use("a", 3, windowMs)))).toEqual({ requests: 1, SET: 1 });
    expect(await database.cost(() => Promise.resolve(other.use("a", 3, windowMs)))).toEqual({ requests: 0 });
  });

  it("a use costs 1 command in 1 request when another isolate used the limit up", async () => {
    const { database, open } = createFleet();
    await open().use("a", 1, windowMs);
    const other = open();
    expect(await database.cost(() => Promise.resolve(other.use("a", 1, windowMs)))).toEqual({ requests: 1, SET: 1 });
    expect(await database.cost(() => Promise.resolve(other.use("a", 1, windowMs)))).toEqual({ requests: 0 });
  });

  it("a use is refused without a promise while the isolate knows that the limit is used up", async () => {
    const store = createFleet().open();
    await store.use("a", 1, windowMs);
    expect(store.use("a", 1, windowMs)).toEqual({ isAllowed: false, retryAfterMs: windowMs });
  });
});

describe("the stored uses", () => {
  it("stored uses live as long as the last of them is in the window", async () => {
    const { database, time, open } = createFleet();
    const store = open();
    await store.use("a", 2, windowMs);
    const first = Number(await database.raw("PTTL", key));
    expect(first).toBeGreaterThan(300_000);
    expect(first).toBeLessThanOrEqual(windowMs);
    time.at += 300_000;
    await store.use("a", 2, windowMs);
    expect(await database.raw("GET", key)).toBe(`${startedAt} ${startedAt + 300_000}`);
    const ttl = Number(await database.raw("PTTL", key));
    expect(ttl).toBeGreaterThan(300_000);
    expect(ttl).toBeLessThanOrEqual(windowMs);
  });

  it("stored uses are counted anew when Redis lost them", async () => {
    const { database, time, open } = createFleet();
    const store = open();
    await store.use("a", 2, windowMs);
    await database.raw("DEL", key);
    time.at += 1;
    expect(await isAllowed(store.use("a", 2, windowMs))).toBe(true);
    expect(await database.raw("GET", key)).toBe(String(startedAt + 1));
  });

  it.each(["", "garbage", "12 x", '{"uses":[1]}', "1e9 2", " 5"])(
    "stored uses that read %j count as none and are overwritten",
    async (text) => {
      const { database, open } = createFleet();
      await database.raw("SET", key, text);
      const store = open();
      expect(await isAllowed(store.use("a", 1, windowMs))).toBe(true);
      expect(await database.raw("GET", key)).toBe(String(startedAt));
      expect(await isAllowed(open().use("a", 1, windowMs))).toBe(false);
    },
  );

  it("rejects a use when the key is of another type, and leaves the key unchanged", async () => {
    const { database, open } = createFleet();
    await database.raw("RPUSH", key, "x");
    await expect(open().use("a", 1, windowMs)).rejects.toThrow("WRONGTYPE");
    expect(await database.raw("LRANGE", key, 0, -1)).toEqual(["x"]);
  });

  it("stored uses beyond a lowered limit refuse until enough have left the window", async () => {
    const { time, open } = createFleet();
    const store = open();
    for (let use = 0; use < 5; use++) {
      await store.use("a", 5, windowMs);
      time.at += 60_000;
    }
    expect(await open().use("a", 2, windowMs)).toEqual({ isAllowed: false, retryAfterMs: 480_000 });
  });
});

describe("isolates whose clocks differ", () => {
  it("isolates whose clocks differ never refuse for longer than the window", async () => {
    const { database, time, open } = createFleet();
    const [ahead, behind] = [open(36_000_000), open()];
    await ahead.use("a", 1, windowMs);
    expect(await behind.use("a", 1, windowMs)).toEqual({ isAllowed: false, retryAfterMs: windowMs });
    time.at += windowMs;
    await database.raw("DEL", key);
    expect(await isAllowed(behind.use("a", 1, windowMs))).toBe(true);
  });

  it("isolates whose clocks differ count a use longer or shorter by the difference", async () => {
    const { open } = createFleet();
    const [behind, onTime] = [open(-120_000), open()];
    await behind.use("a", 1, windowMs);
    expect(await onTime.use("a", 1, windowMs)).toEqual({ isAllowed: false, retryAfterMs: 480_000 });
  });
});

describe("a lost reply", () => {
  it.each(["after", "before"] as const)("counts a use once when its reply is lost %s it ran", async (at) => {
    const { database, open } = createFleet();
    const store = open();
    await database.break({ at, do: "drop", times: 1, match: "SET" });
    expect(await isAllowed(store.use("a", 2, windowMs))).toBe(true);
    expect(await database.raw("GET", key)).toBe(String(startedAt));
    expect(await isAllowed(store.use("a", 2, windowMs))).toBe(true);
    expect(await isAllowed(open().use("a", 2, windowMs))).toBe(false);
  });

  it("counts a later use once when its reply is lost", async () => {
    const { database, time, open } = createFleet();
    const store = open();
    await store.use("a", 3, windowMs);
    time.at += 60_000;
    await database.break({ at: "after", do: "drop", times: 1, match: "SET" });
    expect(await isAllowed(store.use("a", 3, windowMs))).toBe(true);
    expect(await database.raw("GET", key)).toBe(`${startedAt} ${startedAt + 60_000}`);
  });

  it("rejects a use when two replies in a row are lost", async () => {
    const { database, open } = createFleet();
    await database.break({ at: "after", do: "drop", times: 2, match: "SET" });
    await expect(open().use("a", 1, windowMs)).rejects.toThrow("may or may not have run");
  });
});

it("gives up counting a use after three rounds more than its limit, in each of which another stored something", async () => {
  const { database, cooldowns } = createStores();
  const { commands } = createConnection({ ...database, state: createRedisState() });
  let rounds = 0;
  const rival = () => database.raw("SET", key, `another ${++rounds}`);
  const store = createCooldownStore({
    state: createCooldownState(),
    prefix: "t:",
    redis: () => ({
      ...commands,
      set: (async (...given: Parameters<typeof commands.set>) => (await rival(), commands.set(...given))) as never,
      exec: async (command) => (await rival(), commands.exec(command)),
    }),
  });
  await expect(store.use("a", 2, windowMs)).rejects.toThrow("changed the uses of a cooldown 5 times while one was");
  expect(rounds).toBe(5);
  expect(await isAllowed(cooldowns({ now: () => startedAt }).use("a", 1, windowMs))).toBe(true);
});

it("shares known uses with the isolate's other invocations", async () => {
  const { database, cooldowns } = createFleet();
  const state = createCooldownState();
  const clock = { now: () => startedAt };
  await cooldowns(clock, state).use("a", 1, windowMs);
  const next = cooldowns(clock, state);
  expect(await database.cost(() => Promise.resolve(next.use("a", 1, windowMs)))).toEqual({ requests: 0 });
});

it("an isolate remembers ten thousand cooldowns, and two hundred thousand uses at most", () => {
  const { seen } = createCooldownState();
  const uses = (count: number) => ({ text: "", times: Array.from({ length: count }, () => startedAt) });
  for (let index = 0; index <= 10_000; index++) seen.set(`key-${index}`, uses(1), 1);
  expect([seen.get("key-0"), seen.get("key-1")?.times]).toEqual([undefined, [startedAt]]);
  const heavy = createCooldownState().seen;
  for (let index = 0; index <= 200; index++) heavy.set(`key-${index}`, uses(1), 1_000);
  expect([heavy.get("key-0"), heavy.get("key-1")?.times]).toEqual([undefined, [startedAt]]);
});
