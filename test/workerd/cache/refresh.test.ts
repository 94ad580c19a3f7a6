import { expect, it } from "vitest";
import { isDueEarly } from "../../../src/cache/entry.ts";
import { cacheKind } from "../../../src/cache/index.ts";
import { base, createFetcher, createTestIsolate, createTime, failing } from "./support.ts";

const graceful = { ...base, graceMs: 60_000, localMs: 1 };

const user = cacheKind<string>(graceful);

it("serves a value in its grace at once to concurrent readers, and refreshes it once", async () => {
  const { clock, advance } = createTime();
  // It does not wait for the refresh at all.
  const sleep = (ms: number, signal?: AbortSignal) =>
    ms === 0 ? new Promise<void>(() => {}) : clock.sleep(ms, signal);
  const isolate = createTestIsolate({ clock: { ...clock, sleep } });
  const users = () => isolate.invocation().of(user);
  await users().get("1", async () => "old");
  await isolate.settled();
  advance(61_000);
  const calls = { count: 0 };
  const fetched = Promise.withResolvers<string>();
  const fetcher = () => {
    calls.count += 1;
    return fetched.promise;
  };
  const reads = await Promise.all([users().read("1", fetcher), users().read("1", fetcher), users().read("1", fetcher)]);
  expect(reads.every(({ value, isStale }) => value === "old" && isStale)).toBe(true);
  fetched.resolve("new");
  await isolate.settled();
  expect(calls.count).toBe(1);
  // From L1 in place of the old one, and then from Redis.
  expect(await users().get("1")).toBe("new");
  advance(2);
  expect(await users().read("1", fetcher)).toMatchObject({ value: "new", source: "redis", isStale: false });
});

it("serves a value in its grace when its refresh takes longer than softTimeoutMs", async () => {
  const { clock, advance } = createTime();
  let isOver = false;
  const never = new Promise<void>(() => {});
  let soft: AbortSignal | undefined;
  const sleep = (ms: number, signal?: AbortSignal) => {
    if (ms === 50) soft = signal;
    return ms !== 50 ? clock.sleep(ms, signal) : isOver ? Promise.resolve() : never;
  };
  const isolate = createTestIsolate({ clock: { ...clock, sleep } });
  const patient = cacheKind<string>({ ...graceful, softTimeoutMs: 50 });
  const users = () => isolate.invocation().of(patient);
  await users().get("1", async () => "old");
  await isolate.settled();
  advance(61_000);
  expect(await users().get("1", async () => "quick")).toBe("quick");
  expect(soft?.aborted).toBe(true);
  await isolate.settled();
  isolate.forgetLocally();
  await isolate.database.raw("DEL", "t:cr:user:1");
  advance(61_000);
  isOver = true;
  const slow = Promise.withResolvers<string>();
  expect(await users().get("1", () => slow.promise)).toBe("quick");
  slow.resolve("slow");
  await isolate.settled();
  expect(await users().get("1")).toBe("slow");
});

it("refreshes under a claim that is neither an entry nor counted as one", async () => {
  const { clock, advance } = createTime();
  const isolate = createTestIsolate({ clock });
  const users = () => isolate.invocation().of(user);
  await users().get("1", async () => "old");
  await isolate.settled();
  advance(61_000);
  await users().get("1", async () => "new");
  await isolate.settled();
  expect(await isolate.database.raw("KEYS", "t:c*:user:*")).toEqual(
    expect.arrayContaining(["t:c:user:1", "t:cr:user:1"]),
  );
  expect(await users().get("1:r")).toBeUndefined();
  expect(await users().clear("*")).toBe(1);
});

it("serves a value in its grace when the fetcher fails, and does not call the fetcher again for a while", async () => {
  const { clock, advance } = createTime();
  const isolate = createTestIsolate({ clock });
  const users = () => isolate.invocation().of(user);
  await users().get("1", async () => "old");
  await isolate.settled();
  advance(61_000);
  let calls = 0;
  for (let index = 0; index < 5; index++) {
    expect(await users().get("1", () => (calls++, failing()))).toBe("old");
    await isolate.settled();
    advance(10);
  }
  expect(calls).toBe(1);
  advance(60_000);
  await expect(users().get("1", failing)).rejects.toThrow("Discord is away");
});

it("refreshes a fresh value early, the more likely the nearer its end", async () => {
  const { clock, advance } = createTime({ random: () => 0.000_001 });
  const isolate = createTestIsolate({ clock });
  // It serves a fresh value without waiting for a newer one.
  const eager = cacheKind<string>({ name: "user", ttlMs: 60_000, jitter: 0, localMs: 1, softTimeoutMs: 1_000 });
  const users = () => isolate.invocation().of(eager);
  await users().get("1", async () => (advance(1_000), "old"));
  await isolate.settled();
  advance(30_000);
  const { fetcher, calls } = createFetcher("new");
  await users().get("1", fetcher);
  await isolate.settled();
  expect(calls.count).toBe(0);
  advance(20_000);
  expect(await users().read("1", fetcher)).toMatchObject({ value: "old", isStale: false });
  await isolate.settled();
  expect(calls.count).toBe(1);
});

it.each([
  [0.5, 949, false],
  [0.5, 950, true],
  [1, 899, false],
  [1, 900, true],
  [2, 799, false],
  [2, 800, true],
  [0, 1_000, false],
])("by an eagerness of %d refreshes a value that ends at 1000, and took 100 ms, at %i: %s", (earliness, now, isDue) => {
  expect(isDueEarly({ freshUntil: 1_000, fetchMs: 100 }, earliness, now, () => Math.exp(-1))).toBe(isDue);
});

it.each([
  [0, 54_000],
  [1, 66_000],
])("varies the life of a value by the jitter: by chance of %s for %s ms", async (random, ms) => {
  const { clock, advance } = createTime({ random: () => random });
  const isolate = createTestIsolate({ clock });
  const user = cacheKind<string>({ ...base, localMs: 1 });
  const users = () => isolate.invocation().of(user);
  await users().get("1", async () => "x");
  await isolate.settled();
  const { fetcher, calls } = createFetcher("y");
  advance(ms - 1);
  await users().get("1", fetcher);
  expect(calls.count).toBe(0);
  advance(2);
  await users().get("1", fetcher);
  expect(calls.count).toBe(1);
});
