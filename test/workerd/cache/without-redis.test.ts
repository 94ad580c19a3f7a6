import { expect, it } from "vitest";
import { CacheBusyError, cacheKind } from "../../../src/cache/index.ts";
import { RedisError } from "../../../src/redis/index.ts";
import { base, createTestIsolate, createTime, failing } from "./support.ts";

it("serves copies from L1 in their grace while Redis does not answer, else fetches a few values at a time", async () => {
  const { clock, advance } = createTime();
  const isolate = createTestIsolate({ clock });
  const user = cacheKind<string>({ ...base, graceMs: 60_000 });
  const users = () => isolate.invocation().of(user);
  await users().get("1", async () => "old");
  await isolate.settled();
  await isolate.database.break({ at: "before", do: "drop" });
  advance(70_000);
  expect(await users().read("1", failing)).toMatchObject({ value: "old", source: "L1", isStale: true });
  let most = 0;
  let now = 0;
  const fetcher = async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => void setTimeout(resolve, 5));
    now -= 1;
    return "fetched";
  };
  const values = await Promise.all(Array.from({ length: 30 }, (_, index) => users().get(`n${index}`, fetcher)));
  expect(values).toEqual(Array.from({ length: 30 }, () => "fetched"));
  expect(most).toBe(8);
  expect(isolate.events.some(({ type }) => type === "redis-failed")).toBe(true);
  await isolate.database.mend();
  await isolate.settled();
});

it("forgets the fetches of an invocation that died, once they must have ended", async () => {
  const chances = [0, 1];
  const sleeps: number[] = [];
  const { clock, advance } = createTime({ random: () => chances[sleeps.length % 2] ?? 0 });
  const user = cacheKind<string>({ ...base, hardTimeoutMs: 5_000 });
  // Neither a fetch nor its timeout ever ends in an invocation that died.
  const sleep = async (ms: number) => {
    if (ms === user.hardTimeoutMs) return new Promise<void>(() => {});
    sleeps.push(ms);
  };
  const isolate = createTestIsolate({ clock: { ...clock, sleep } });
  await isolate.database.break({ at: "before", do: "drop" });
  const dead = isolate.invocation().of(user);
  for (let index = 0; index < 8; index++) void dead.get(`n${index}`, () => new Promise(() => {}));
  await expect.poll(() => isolate.state.unclaimed.size).toBe(8);
  const read = () =>
    isolate
      .invocation()
      .of(user)
      .get("1", async () => "fetched");
  await expect(read()).rejects.toThrow(CacheBusyError);
  // Two seconds, a fortieth of a second at a time, give or take half of that.
  expect([sleeps.length, ...sleeps.slice(0, 2)]).toEqual([80, 12.5, 37.5]);
  advance(5_000);
  await expect(read()).rejects.toThrow(CacheBusyError);
  advance(1);
  expect(await read()).toBe("fetched");
  await isolate.database.mend();
});

it("throws without Redis where nothing is at hand, and serves nothing past its grace", async () => {
  const { clock, advance } = createTime();
  const isolate = createTestIsolate({ clock });
  const user = cacheKind<string>({ ...base, jitter: 0, graceMs: 60_000 });
  const users = () => isolate.invocation().of(user);
  await users().set("1", "Ada");
  await isolate.database.break({ at: "before", do: "drop" });
  await expect(users().get("2")).rejects.toThrow(RedisError);
  advance(119_999);
  expect(await users().read("1")).toMatchObject({ value: "Ada", source: "L1", isStale: true });
  expect(users().stats()).toMatchObject({ staleHits: 1, redisFailures: 2 });
  advance(1);
  await expect(users().get("1")).rejects.toThrow(RedisError);
  await isolate.database.mend();
});

it("frees the place of a fetch that failed", async () => {
  const isolate = createTestIsolate();
  const user = cacheKind<string>(base);
  await isolate.database.break({ at: "before", do: "drop" });
  for (let index = 0; index < 10; index++) {
    await expect(isolate.invocation().of(user).get(String(index), failing)).rejects.toThrow("Discord is away");
  }
  expect(isolate.state.unclaimed.size).toBe(0);
  await isolate.database.mend();
});
