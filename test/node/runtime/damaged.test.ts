import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { World } from "../../../local/kit/world.ts";
import { jobsOf, minute, openWorld, received, refused, second } from "./support.ts";

// Numbers and records in Redis that no version of the Worker wrote.

// Each damaged record is said in the log.
beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => {}));
afterEach(() => void vi.restoreAllMocks());

/** Schedules a reminder among whatever else is there. Returns when it is due. */
async function remind({ run, discord, clock }: World): Promise<number> {
  const dueAt = clock.now() + 40 * second;
  await run(discord.command("/remind me about:tea in:40s"));
  return dueAt;
}

/** Commands of each minute that passes. */
async function billOf(world: World, minutes: number): Promise<number[]> {
  const bill: number[] = [];
  for (let count = 0; count < minutes; count++) {
    world.redis.resetCounters();
    await world.pass(minute);
    bill.push(world.redis.counters().commands);
  }
  return bill;
}

/** A reminder's record, at another due time. */
const recordAt = (id: string, dueAt: unknown): string =>
  JSON.stringify([id, "remind", "1", dueAt, 0, 1_700_000_000_000, { about: "?", channelId: "1" }]).replace(
    /"(-?inf|1e400)"/,
    "$1",
  );

describe("a score in the set of due jobs that is no time", () => {
  it.each(["-inf", "-1", "+inf", "1e300"])("%s makes no other job late, and costs a few commands", async (score) => {
    const world = await openWorld();
    await world.pass(90 * second);
    await world.redisCommand("ZADD", "sp:j:due", score, "remind:lost", score, "~nothing");
    await world.redisCommand("HSET", "sp:j:jobs", "remind:kept", recordAt("remind:kept", world.clock.now() + minute));
    await world.redisCommand("ZADD", "sp:j:due", score, "remind:kept");
    const dueAt = await remind(world);
    const bill = await billOf(world, 5);
    const tea = received(world).filter(({ text }) => text === "⏰ tea");
    expect(tea.map(({ at }) => at - dueAt <= 2 * second)).toEqual([true]);
    expect(Math.max(...bill)).toBeLessThan(60);
    expect(bill.slice(3).every((commands) => commands <= 10)).toBe(true);
    expect(refused(world)).toBe(0);
  });

  it.each(["NaN", "1e400", "soon"])("%s is refused by Redis itself", async (score) => {
    const world = await openWorld();
    await expect(world.redisCommand("ZADD", "sp:j:due", score, "remind:lost")).rejects.toThrow("not a valid float");
  });
});

describe("a record that cannot be read", () => {
  it.each(["-1", '"soon"', "1e400"])(
    "with the due time %s is tried 8 times, ever more seldom, and set aside",
    async (dueAt) => {
      const world = await openWorld();
      await world.pass(90 * second);
      await world.redisCommand("HSET", "sp:j:jobs", "remind:odd", recordAt("remind:odd", "?").replace('"?"', dueAt));
      await world.redisCommand("ZADD", "sp:j:due", world.clock.now(), "remind:odd");
      const due = await remind(world);
      const bill = await billOf(world, 20);
      expect(received(world).map(({ at }) => at - due <= 2 * second)).toEqual([true]);
      expect(Math.max(...bill)).toBeLessThan(70);
      expect(await world.redisCommand("ZCARD", "sp:j:due")).toBe(0);
      expect(await world.redisCommand("HLEN", "sp:j:jobs")).toBe(0);
      expect(await world.redisCommand("HLEN", "sp:j:unreadable")).toBe(1);
      expect(await jobsOf(world).unreadable()).toBe(1);
    },
  );

  it("makes no other job late where there are 25 of it, and is forgotten in its owner's list", async () => {
    const world = await openWorld();
    await world.pass(90 * second);
    const ids = Array.from({ length: 25 }, (_, index) => `remind:odd-${index}`);
    const now = world.clock.now();
    await world.redisCommand("HSET", "sp:j:jobs", ...ids.flatMap((id) => [id, `{"id":"${id}"}`]));
    await world.redisCommand("ZADD", "sp:j:due", ...ids.flatMap((id) => [now, id]));
    await world.redisCommand("ZADD", "sp:j:of:7", ...ids.flatMap((id) => [now, id]));
    const dueAt = await remind(world);
    const bill = await billOf(world, 20);
    expect(received(world).map(({ at }) => at - dueAt <= 2 * second)).toEqual([true]);
    expect(Math.max(...bill)).toBeLessThan(500);
    expect(bill.slice(-2).every((commands) => commands <= 3)).toBe(true);
    expect(await world.redisCommand("HLEN", "sp:j:unreadable")).toBe(25);
    expect(await jobsOf(world).list("7")).toEqual([]);
    expect(await world.redisCommand("EXISTS", "sp:j:of:7")).toBe(0);
    expect(refused(world)).toBe(0);
  });
});

describe("a key of another type", () => {
  it.each(["sp:j:due", "sp:j:jobs"])("at %s costs a bounded number of commands while it is there", async (key) => {
    const world = await openWorld();
    await world.redisCommand("SET", key, "?");
    await world.redisCommand(...(key === "sp:j:jobs" ? ["ZADD", "sp:j:due", 1, "remind:lost"] : ["PING"]));
    const bill = await billOf(world, 5);
    expect(Math.max(...bill)).toBeLessThan(120);
    await world.redisCommand("DEL", key);
    const dueAt = await remind(world);
    await world.pass(2 * minute);
    expect(received(world).map(({ at }) => at - dueAt <= 2 * second)).toEqual([true]);
  });
});
