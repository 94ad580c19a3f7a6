import { describe, expect, it } from "vitest";
import { createCooldownState } from "../../../src/discord-redis/index.ts";
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
  it("is 1 command in 1 request, and nothing while the isolate knows that the limit is used up", async () => {
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

  it("is at most 2 commands in 2 requests where another isolate counted a use since", async () => {
    const { database, open } = createFleet();
    const [one, other] = [open(), open()];
    await one.use("a", 3, windowMs);
    expect(await database.cost(() => Promise.resolve(other.use("a", 3, windowMs)))).toEqual({ requests: 2, SET: 2 });
    expect(await database.cost(() => Promise.resolve(one.use("a", 3, windowMs)))).toEqual({ requests: 2, SET: 2 });
    expect(await database.cost(() => Promise.resolve(other.use("a", 3, windowMs)))).toEqual({ requests: 1, SET: 1 });
    expect(await database.cost(() => Promise.resolve(other.use("a", 3, windowMs)))).toEqual({ requests: 0 });
  });

  it("is 1 command in 1 request for an isolate that finds the limit used up by another", async () => {
    const { database, open } = createFleet();
    await open().use("a", 1, windowMs);
    const other = open();
    expect(await database.cost(() => Promise.resolve(other.use("a", 1, windowMs)))).toEqual({ requests: 1, SET: 1 });
    expect(await database.cost(() => Promise.resolve(other.use("a", 1, windowMs)))).toEqual({ requests: 0 });
  });

  it("is answered without a promise while the isolate knows that the limit is used up", async () => {
    const store = createFleet().open();
    await store.use("a", 1, windowMs);
    expect(store.use("a", 1, windowMs)).toEqual({ isAllowed: false, retryAfterMs: windowMs });
  });
});

describe("the stored uses", () => {
  it("live as long as the last of them is in the window", async () => {
    const { database, time, open } = createFleet();
    const store = open();
    await store.use("a", 2, windowMs);
    time.at += 300_000;
    await store.use("a", 2, windowMs);
    expect(await database.raw("GET", key)).toBe(`${startedAt} ${startedAt + 300_000}`);
    const ttl = Number(await database.raw("PTTL", key));
    expect(ttl).toBeGreaterThan(300_000);
    expect(ttl).toBeLessThanOrEqual(windowMs);
  });

  it("are counted anew when Redis lost them", async () => {
    const { database, time, open } = createFleet();
    const store = open();
    await store.use("a", 2, windowMs);
    await database.raw("DEL", key);
    time.at += 1;
    expect(await isAllowed(store.use("a", 2, windowMs))).toBe(true);
    expect(await database.raw("GET", key)).toBe(String(startedAt + 1));
  });

  it.each(["", "garbage", "12 x", '{"uses":[1]}', "1e9 2", " 5"])(
    "count as none, and are overwritten, when they read %j",
    async (text) => {
      const { database, open } = createFleet();
      await database.raw("SET", key, text);
      const store = open();
      expect(await isAllowed(store.use("a", 1, windowMs))).toBe(true);
      expect(await database.raw("GET", key)).toBe(String(startedAt));
      expect(await isAllowed(open().use("a", 1, windowMs))).toBe(false);
    },
  );

  it("are not there in a key of another type: the use is rejected and the key left alone", async () => {
    const { database, open } = createFleet();
    await database.raw("RPUSH", key, "x");
    await expect(open().use("a", 1, windowMs)).rejects.toThrow("WRONGTYPE");
    expect(await database.raw("LRANGE", key, 0, -1)).toEqual(["x"]);
  });

  it("may be more than a limit that was lowered since", async () => {
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
  it("never refuse for longer than the window", async () => {
    const { database, time, open } = createFleet();
    const [ahead, behind] = [open(36_000_000), open()];
    await ahead.use("a", 1, windowMs);
    expect(await behind.use("a", 1, windowMs)).toEqual({ isAllowed: false, retryAfterMs: windowMs });
    time.at += windowMs;
    await database.raw("DEL", key);
    expect(await isAllowed(behind.use("a", 1, windowMs))).toBe(true);
  });

  it("count a use as longer or shorter by as much as they differ", async () => {
    const { open } = createFleet();
    const [behind, onTime] = [open(-120_000), open()];
    await behind.use("a", 1, windowMs);
    expect(await onTime.use("a", 1, windowMs)).toEqual({ isAllowed: false, retryAfterMs: 480_000 });
  });
});

describe("a lost reply", () => {
  it.each(["after", "before"] as const)("%s the command ran has the use counted once", async (at) => {
    const { database, open } = createFleet();
    const store = open();
    await database.break({ at, do: "drop", times: 1, match: "SET" });
    expect(await isAllowed(store.use("a", 2, windowMs))).toBe(true);
    expect(await database.raw("GET", key)).toBe(String(startedAt));
    expect(await isAllowed(store.use("a", 2, windowMs))).toBe(true);
    expect(await isAllowed(open().use("a", 2, windowMs))).toBe(false);
  });

  it("of a later use has that counted once, too", async () => {
    const { database, time, open } = createFleet();
    const store = open();
    await store.use("a", 3, windowMs);
    time.at += 60_000;
    await database.break({ at: "after", do: "drop", times: 1, match: "SET" });
    expect(await isAllowed(store.use("a", 3, windowMs))).toBe(true);
    expect(await database.raw("GET", key)).toBe(`${startedAt} ${startedAt + 60_000}`);
  });

  it("twice in a row rejects the use", async () => {
    const { database, open } = createFleet();
    await database.break({ at: "after", do: "drop", times: 2, match: "SET" });
    await expect(open().use("a", 1, windowMs)).rejects.toThrow("may or may not have run");
  });
});

it("keeps what it knows for the isolate's other invocations", async () => {
  const { database, cooldowns } = createFleet();
  const state = createCooldownState();
  const clock = { now: () => startedAt };
  await cooldowns(clock, state).use("a", 1, windowMs);
  const next = cooldowns(clock, state);
  expect(await database.cost(() => Promise.resolve(next.use("a", 1, windowMs)))).toEqual({ requests: 0 });
});
