import { describe, expect, it } from "vitest";
import { CacheKindError, cacheKind } from "../../../src/cache/index.ts";
import { base, createFetcher, createTestIsolate } from "./support.ts";

describe("cacheKind", () => {
  it.each(["", "a:b", "*", "with space", "é", "x".repeat(33)])("refuses the name %j", (name) => {
    expect(() => cacheKind({ name, ttlMs: 1 })).toThrow(CacheKindError);
    expect(() => cacheKind({ name, ttlMs: 1 })).toThrow(/letters, digits, - and _/);
  });

  it.each([
    ["a lifetime of 0", { ttlMs: 0 }, /"user" needs ttlMs above 0, not 0/],
    ["a lifetime without end", { ttlMs: Number.POSITIVE_INFINITY }, /ttlMs above 0, not Infinity/],
    ["a lifetime that is no number", { ttlMs: Number.NaN }, /ttlMs above 0, not NaN/],
    ["a claim of 0", { claimMs: 0 }, /claimMs above 0, not 0/],
    ["a negative grace", { graceMs: -1 }, /graceMs of 0 or more, not -1/],
    ["a grace without end", { graceMs: Number.POSITIVE_INFINITY }, /graceMs of 0 or more, not Infinity/],
    ["a negative jitter", { jitter: -0.1 }, /jitter from 0 to below 1, not -0.1/],
    ["a jitter of 1", { jitter: 1 }, /jitter from 0 to below 1, not 1/],
    ["more tags without tags", { isTagged: false, tagsOf: () => ["guild:7"] }, /tagsOf, which needs isTagged/],
  ])("refuses %s", (_name, options, message) => {
    expect(() => cacheKind({ ...base, ...options })).toThrow(message);
  });

  it("accepts a name of letters, digits, - and _", () => {
    expect(cacheKind({ name: "Weather_2-a", ttlMs: 1 })).toMatchObject({ name: "Weather_2-a", ttlMs: 1, graceMs: 0 });
  });
});

it("has lives in seconds, a tenth of jitter, tags, and no grace unless it says otherwise", () => {
  expect(cacheKind({ name: "user", ttlMs: 1 })).toMatchObject({
    graceMs: 0,
    localMs: 5_000,
    absentMs: 30_000,
    failureMs: 1_000,
    jitter: 0.1,
    earliness: 1,
    softTimeoutMs: 0,
    hardTimeoutMs: 5_000,
    claimMs: 6_000,
    waitMs: 2_000,
    isTagged: true,
  });
});

describe("cache.of", () => {
  it("shares one fetch between two calls with the same kind in one invocation", async () => {
    const isolate = createTestIsolate();
    const user = cacheKind<string>(base);
    const cache = isolate.invocation();
    const { fetcher, calls } = createFetcher("Ada");
    const cost = await isolate.database.cost(async () => {
      expect(await Promise.all([cache.of(user).get("1", fetcher), cache.of(user).get("1", fetcher)])).toEqual([
        "Ada",
        "Ada",
      ]);
      await isolate.settled();
    });
    expect(cost).toEqual({ requests: 3, MGET: 1, SET: 2 });
    expect(calls.count).toBe(1);
  });

  it("refuses a second kind of the same name", () => {
    const cache = createTestIsolate().invocation();
    cache.of(cacheKind<string>(base));
    expect(() => cache.of(cacheKind<number>(base))).toThrow(
      'The cache kind "user" is declared twice. Declare it once, at module level, and import it.',
    );
  });

  it("keeps entries of two kinds with the same id apart", async () => {
    const cache = createTestIsolate().invocation();
    const [user, guild] = [cacheKind<string>(base), cacheKind<string>({ ...base, name: "guild" })];
    await cache.of(user).set("1", "Ada");
    await cache.of(guild).set("1", "The Harbour");
    expect([await cache.of(user).get("1"), await cache.of(guild).get("1")]).toEqual(["Ada", "The Harbour"]);
  });
});
