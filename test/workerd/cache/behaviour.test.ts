import { describe, expect, it } from "vitest";
import { CacheFetchFailedError, type CacheOptions, CacheTimeoutError } from "../../../src/cache/index.ts";
import { createDatabase } from "../../support/database.ts";
import { createFetcher, createTestIsolate } from "./support.ts";

/** A clock that stands until it is moved; whoever sleeps does so in earnest, but briefly. */
function createTime() {
  const time = { now: Date.parse("2026-06-01T12:00:00Z") };
  const options: Partial<CacheOptions> = { now: () => time.now, random: () => 0.5 };
  return { options, advance: (ms: number) => void (time.now += ms) };
}

const base = { name: "user", ttlMs: 60_000, localMs: 5_000, earliness: 0 };
const failing = () => Promise.reject(new Error("Discord is away"));

describe("values", () => {
  it.each([0, "", false, null, [], { a: { b: "1100000000000000013" } }])(
    "keeps %j as it is, in both levels",
    async (value) => {
      const isolate = createTestIsolate();
      const { fetcher, calls } = createFetcher<unknown>(() => value);
      const read = () => isolate.invocation().namespace<unknown>(base).get("1", fetcher);
      expect(await read()).toEqual(value);
      expect(await read()).toEqual(value);
      await isolate.settled();
      isolate.forgetLocally();
      expect(await read()).toEqual(value);
      expect(calls.count).toBe(1);
    },
  );

  it("remembers absence for a time of its own", async () => {
    const { options, advance } = createTime();
    const isolate = createTestIsolate(options);
    const { fetcher, calls } = createFetcher<string | undefined>(() => undefined);
    const read = () =>
      isolate
        .invocation()
        .namespace<string>({ ...base, absentMs: 10_000, localMs: 1 })
        .get("1", fetcher as never);
    for (let index = 0; index < 3; index++) {
      expect(await read()).toBeUndefined();
      await isolate.settled();
      advance(2);
    }
    expect(calls.count).toBe(1);
    advance(11_000);
    await read();
    expect(calls.count).toBe(2);
  });

  it("takes a serializer of the namespace's own", async () => {
    const isolate = createTestIsolate();
    const serializer = { stringify: (at: Date) => at.toISOString(), parse: (text: string) => new Date(text) };
    const dates = isolate.invocation().namespace<Date>({ ...base, serializer });
    await dates.set("1", new Date(5));
    isolate.forgetLocally();
    expect(await dates.get("1")).toEqual(new Date(5));
  });

  it("tells where a value came from, and how old it is", async () => {
    const { options, advance } = createTime();
    const isolate = createTestIsolate(options);
    const users = () => isolate.invocation().namespace<string>(base);
    const { fetcher } = createFetcher("Ada");
    expect(await users().read("1", fetcher)).toEqual({ value: "Ada", source: "fetch", isStale: false, ageMs: 0 });
    await isolate.settled();
    advance(2_000);
    expect(await users().read("1", fetcher)).toMatchObject({ source: "L1", ageMs: 2_000 });
    advance(4_000);
    expect(await users().read("1", fetcher)).toMatchObject({ source: "redis", ageMs: 6_000 });
  });
});

describe("staleness", () => {
  const graceful = { ...base, graceMs: 60_000, localMs: 1 };

  it("serves the old value at once while it is refreshed, once", async () => {
    const { options, advance } = createTime();
    const isolate = createTestIsolate(options);
    const users = () => isolate.invocation().namespace<string>(graceful);
    await users().get("1", async () => "old");
    await isolate.settled();
    advance(61_000);
    const { fetcher, calls } = createFetcher("new");
    const reads = await Promise.all([
      users().read("1", fetcher),
      users().read("1", fetcher),
      users().read("1", fetcher),
    ]);
    expect(reads.every(({ value, isStale }) => value === "old" && isStale)).toBe(true);
    await isolate.settled();
    expect(calls.count).toBe(1);
    advance(2);
    expect(await users().read("1", fetcher)).toMatchObject({ value: "new", isStale: false });
  });

  it("waits for the new value as long as the soft timeout says", async () => {
    const { options, advance } = createTime();
    const isolate = createTestIsolate(options);
    const users = () => isolate.invocation().namespace<string>({ ...graceful, softTimeoutMs: 50 });
    await users().get("1", async () => "old");
    await isolate.settled();
    advance(61_000);
    expect(await users().get("1", async () => "quick")).toBe("quick");
    await isolate.settled();
    isolate.forgetLocally();
    await isolate.database.raw("DEL", "t:c:user:1:r");
    advance(61_000);
    const slow = () => new Promise<string>((resolve) => void setTimeout(() => resolve("slow"), 120));
    expect(await users().get("1", slow)).toBe("quick");
    await isolate.settled();
  });

  it("serves the old value when the fetcher fails, and leaves it alone for a while", async () => {
    const { options, advance } = createTime();
    const isolate = createTestIsolate(options);
    const users = () => isolate.invocation().namespace<string>(graceful);
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

  it("gives the fetcher up after the hard timeout", async () => {
    const isolate = createTestIsolate();
    const users = isolate.invocation().namespace<string>({ ...base, hardTimeoutMs: 30 });
    await expect(users.get("1", () => new Promise(() => {}))).rejects.toThrow(CacheTimeoutError);
  });

  it("refreshes early, the more likely the nearer the end", async () => {
    const { options, advance } = createTime();
    const isolate = createTestIsolate({ ...options, random: () => 0.000_001 });
    const users = () => isolate.invocation().namespace<string>({ ...base, jitter: 0, earliness: 1, localMs: 1 });
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

  it("lets lives differ by the jitter", async () => {
    for (const [random, ms] of [
      [0, 54_000],
      [1, 66_000],
    ] as const) {
      const { options, advance } = createTime();
      const isolate = createTestIsolate({ ...options, random: () => random });
      const users = () => isolate.invocation().namespace<string>({ ...base, localMs: 1 });
      await users().get("1", async () => "x");
      await isolate.settled();
      const { fetcher, calls } = createFetcher("y");
      advance(ms - 1);
      await users().get("1", fetcher);
      expect(calls.count).toBe(0);
      advance(2);
      await users().get("1", fetcher);
      expect(calls.count).toBe(1);
    }
  });
});

describe("fillers", () => {
  it("that fail tell everybody for a moment", async () => {
    const database = createDatabase();
    const [one, other] = [createTestIsolate({ database }), createTestIsolate({ database })];
    const users = { ...base, failureMs: 60_000 };
    await expect(one.invocation().namespace<string>(users).get("1", failing)).rejects.toThrow("Discord is away");
    await one.settled();
    const { fetcher, calls } = createFetcher("x");
    await expect(other.invocation().namespace<string>(users).get("1", fetcher)).rejects.toThrow(CacheFetchFailedError);
    expect(calls.count).toBe(0);
  });

  it("that die leave a claim that ends", async () => {
    const isolate = createTestIsolate();
    await isolate.database.raw("SET", "t:c:user:1", "!dead", "PX", 60);
    const { fetcher, calls } = createFetcher("x");
    expect(await isolate.invocation().namespace<string>(base).get("1", fetcher)).toBe("x");
    expect(calls.count).toBe(1);
    await isolate.settled();
    expect(await isolate.database.raw("GET", "t:c:user:1")).toContain('"x"');
  });

  it("that are too late overwrite nothing newer", async () => {
    const database = createDatabase();
    const [slow, quick] = [createTestIsolate({ database }), createTestIsolate({ database })];
    const gate = Promise.withResolvers<string>();
    const options = { ...base, claimMs: 40, waitMs: 500 };
    const began = Promise.withResolvers<void>();
    const late = slow
      .invocation()
      .namespace<string>(options)
      .get("1", () => (began.resolve(), gate.promise));
    await began.promise;
    // The claim ends before its filler does.
    await expect.poll(() => database.raw("GET", "t:c:user:1"), { interval: 5 }).toBeNull();
    expect(
      await quick
        .invocation()
        .namespace<string>(options)
        .get("1", async () => "newer"),
    ).toBe("newer");
    await quick.settled();
    gate.resolve("older");
    expect(await late).toBe("older");
    await slow.settled();
    expect(await database.raw("GET", "t:c:user:1")).toContain('"newer"');
  });

  it.each([
    ["the key", (users: Users) => users.delete("1")],
    ["the namespace", (users: Users) => users.clear()],
  ])("lose to an invalidation of %s that came meanwhile", async (_name, forget) => {
    const database = createDatabase();
    const [one, other] = [createTestIsolate({ database }), createTestIsolate({ database })];
    const gate = Promise.withResolvers<string>();
    const began = Promise.withResolvers<void>();
    const filling = one
      .invocation()
      .namespace<string>(base)
      .get("1", () => (began.resolve(), gate.promise));
    await began.promise;
    await forget(other.invocation().namespace<string>(base));
    gate.resolve("from before");
    await filling;
    await one.settled();
    const { fetcher, calls } = createFetcher("after");
    expect(await other.invocation().namespace<string>(base).get("1", fetcher)).toBe("after");
    expect(calls.count).toBe(1);
  });
  type Users = ReturnType<ReturnType<ReturnType<typeof createTestIsolate>["invocation"]>["namespace"]>;
});

describe("L1", () => {
  it("never serves longer than its bound after an invalidation elsewhere, and not at all after one it heard of", async () => {
    const { options, advance } = createTime();
    const database = createDatabase();
    const [one, other] = [createTestIsolate({ database, ...options }), createTestIsolate({ database, ...options })];
    const users = (isolate: typeof one) => isolate.invocation().namespace<string>(base);
    await users(one).get("1", async () => "old");
    await one.settled();
    expect(await users(other).get("1")).toBe("old");
    await users(one).clear();
    advance(4_999);
    expect(await users(other).get("1")).toBe("old");
    advance(1);
    expect(await users(other).get("1")).toBeUndefined();

    await users(one).set("1", "again");
    expect(await users(other).get("1")).toBe("again");
    await users(one).delete("1");
    other.invocation().apply({ names: ["t:c:user:1"] });
    expect(await users(other).get("1")).toBeUndefined();
  });

  it("tells the bus what is invalidated, and says nothing when it obeys", async () => {
    const published: unknown[] = [];
    const isolate = createTestIsolate({
      bus: { publish: async (invalidation) => void published.push(invalidation.names) },
    });
    const cache = isolate.invocation();
    const users = cache.namespace<string>(base);
    await users.delete("1");
    await users.clear();
    await cache.invalidate("guild:7");
    cache.apply({ names: ["guild:8"] });
    expect(published).toEqual([["t:c:user:1"], ["user"], ["guild:7"]]);
  });
});

describe("Redis", () => {
  it("gone: L1 copies in their grace, else the fetcher, a few at a time", async () => {
    const { options, advance } = createTime();
    const isolate = createTestIsolate(options);
    const users = () => isolate.invocation().namespace<string>({ ...base, graceMs: 60_000 });
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
    expect(most).toBeLessThanOrEqual(8);
    expect(isolate.events.some(({ type }) => type === "redis-failed")).toBe(true);
    await isolate.database.mend();
    await isolate.settled();
  });

  it.each([
    ["half a value", ["SET", "t:c:user:1", '[1,2,3,4,"0,0"']],
    ["another program's value", ["SET", "t:c:user:1", '{"name":"theirs"}']],
    ["a value of another type", ["RPUSH", "t:c:user:1", "a"]],
    ["nothing but text", ["SET", "t:c:user:1", ""]],
  ])("with %s in it: a miss that is told of and mended", async (_name, command) => {
    const isolate = createTestIsolate();
    await isolate.database.raw(...command);
    const users = isolate.invocation().namespace<string>(base);
    expect(await users.get("1", async () => "good")).toBe("good");
    await isolate.settled();
    expect(isolate.events.map(({ type }) => type)).toEqual(["repaired"]);
    isolate.forgetLocally();
    expect(await users.get("1")).toBe("good");
  });

  it("whose answer to a claim was lost: the claim is found again", async () => {
    const isolate = createTestIsolate();
    await isolate.database.break({ at: "after", do: "drop", times: 1, match: "SET" });
    const { fetcher, calls } = createFetcher("x");
    expect(await isolate.invocation().namespace<string>(base).get("1", fetcher)).toBe("x");
    await isolate.settled();
    expect(calls.count).toBe(1);
    expect(await isolate.database.raw("GET", "t:c:user:1")).toContain('"x"');
  });
});

it("learns what it meets: into L1 for nothing, into Redis when told to, where that has nothing fresh", async () => {
  const isolate = createTestIsolate();
  const users = isolate.invocation().namespace<string>(base);
  const met = new Map([
    ["1", "Ada"],
    ["2", "Linus"],
  ]);
  let share = () => {};
  expect(await isolate.database.cost(async () => void (share = users.learn(met)))).toEqual({ requests: 0 });
  expect(await users.get("1")).toBe("Ada");
  share();
  await isolate.settled();
  isolate.forgetLocally();
  expect(await users.get("2")).toBe("Linus");
  isolate.forgetLocally();
  const cost = await isolate.database.cost(async () => {
    users.learn(met)();
    await isolate.settled();
  });
  expect(cost).toEqual({ requests: 1, MGET: 1 });
});

it("counts what happened, with its hit rate", async () => {
  const isolate = createTestIsolate();
  const users = isolate.invocation().namespace<string>(base);
  for (let index = 0; index < 3; index++) await users.get("1", async () => "x");
  await isolate.settled();
  isolate.forgetLocally();
  await users.get("1");
  expect(users.stats()).toMatchObject({ localHits: 2, redisHits: 1, misses: 1, fetches: 1, hitRate: 0.75 });
});
