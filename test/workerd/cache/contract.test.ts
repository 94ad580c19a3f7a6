import { describe, expect, it } from "vitest";
import { cacheKind } from "../../../src/cache/index.ts";
import { createDatabase } from "../../support/database.ts";
import { createFetcher, createTestIsolate } from "./support.ts";

// The cost of each operation, by the REST server's counters: requests, and commands as Upstash bills them.

const options = { name: "user", ttlMs: 60_000, earliness: 0, isTagged: true };
const tagged = cacheKind<string>(options);
const plain = cacheKind<string>({ ...options, name: "plain", isTagged: false });

async function costOf(isolate: ReturnType<typeof createTestIsolate>, work: () => Promise<unknown>) {
  return isolate.database.cost(async () => {
    await work();
    await isolate.settled();
  });
}

describe.each([
  ["with tags", tagged, { requests: 3, MGET: 1, SET: 2 }, { requests: 1, MGET: 1 }],
  ["without tags", plain, { requests: 2, SET: 2 }, { requests: 1, SET: 1 }],
])("%s", (how, kind, missAndFill, hit) => {
  it(`fills a miss under a claim that holds across isolates, ${how}`, async () => {
    const isolate = createTestIsolate();
    const { fetcher } = createFetcher("Ada");
    expect(await costOf(isolate, () => isolate.invocation().of(kind).get("1", fetcher))).toEqual(missAndFill);
  });

  it(`finds a value in L1 at no cost, and in Redis with one command, ${how}`, async () => {
    const isolate = createTestIsolate();
    const { fetcher, calls } = createFetcher("Ada");
    await costOf(isolate, () => isolate.invocation().of(kind).get("1", fetcher));
    expect(await costOf(isolate, () => isolate.invocation().of(kind).get("1", fetcher))).toEqual({
      requests: 0,
    });
    isolate.forgetLocally();
    expect(await costOf(isolate, () => isolate.invocation().of(kind).get("1", fetcher))).toEqual(hit);
    expect(calls.count).toBe(1);
  });

  it(`fills a hundred concurrent misses of one invocation once, ${how}`, async () => {
    const isolate = createTestIsolate();
    const { fetcher, calls } = createFetcher("x");
    const users = isolate.invocation().of(kind);
    const cost = await costOf(isolate, () => Promise.all(Array.from({ length: 100 }, () => users.get("1", fetcher))));
    expect([cost, calls.count]).toEqual([missAndFill, 1]);
  });

  it(`fetches once for two isolates with a hundred misses each, ${how}`, async () => {
    const database = createDatabase();
    const isolates = [createTestIsolate({ database }), createTestIsolate({ database })];
    const { fetcher, calls } = createFetcher("x");
    const cost = await database.cost(async () => {
      await Promise.all(
        isolates.map(async (isolate) => {
          const users = isolate.invocation().of(kind);
          await Promise.all(Array.from({ length: 100 }, () => users.get("1", fetcher)));
          await isolate.settled();
        }),
      );
    });
    expect(calls.count).toBe(1);
    const commands = Object.entries(cost).reduce((sum, [name, count]) => (name === "requests" ? sum : sum + count), 0);
    expect(commands).toBeLessThanOrEqual(kind.isTagged ? 6 : 4);
  });

  it(`reads a batch of 50 from Redis with one command, ${how}`, async () => {
    const isolate = createTestIsolate();
    const ids = Array.from({ length: 50 }, (_, index) => String(index));
    const users = isolate.invocation().of(kind);
    await users.setMany(new Map(ids.map((id) => [id, `user ${id}`])));
    isolate.forgetLocally();
    let found = new Map<string, string>();
    const cost = await costOf(isolate, async () => void (found = await users.getMany(ids)));
    expect(cost).toEqual({ requests: 1, MGET: 1 });
    expect([found.size, found.get("49")]).toEqual([50, "user 49"]);
  });

  it(`fetches a missing batch of 50 with one call of the fetcher, in three round trips, ${how}`, async () => {
    const isolate = createTestIsolate();
    const ids = Array.from({ length: 50 }, (_, index) => String(index));
    const users = isolate.invocation().of(kind);
    const calls: (readonly string[])[] = [];
    const fetchMany = async (wanted: readonly string[]) => {
      calls.push(wanted);
      return new Map(wanted.filter((id) => id !== "7").map((id) => [id, `user ${id}`]));
    };
    let found = new Map<string, string>();
    const cost = await costOf(isolate, async () => void (found = await users.getMany(ids, fetchMany)));
    expect(cost).toEqual({ requests: 3, MGET: 1, SET: 100 });
    expect([calls.length, calls[0]?.length, found.size]).toEqual([1, 50, 49]);
    expect(await costOf(isolate, () => users.getMany(ids, fetchMany))).toEqual({ requests: 0 });
  });

  it(`forgets a value with one command, ${how}`, async () => {
    const isolate = createTestIsolate();
    const users = isolate.invocation().of(kind);
    await users.set("1", "Ada");
    const forget = async () => expect(await users.delete("1")).toBe(true);
    expect(await costOf(isolate, forget)).toEqual({ requests: 1, UNLINK: 1 });
    // Two reads share one, which claims nothing.
    const read = () => Promise.all([users.get("1"), users.get("1")]);
    expect(await costOf(isolate, async () => expect(await read()).toEqual([undefined, undefined]))).toEqual({
      requests: 1,
      MGET: 1,
    });
    expect(await users.delete("1")).toBe(false);
  });
});

it("forgets a kind, a tag, or everything with one command", async () => {
  const isolate = createTestIsolate();
  const cache = isolate.invocation();
  const users = cache.of(cacheKind<string>({ ...options, tagsOf: () => ["guild:7"] }));
  for (const forget of [() => users.clear(), () => cache.invalidate("guild:7"), () => cache.clear()]) {
    await users.set("1", "Ada");
    expect(await users.get("1")).toBe("Ada");
    expect(await costOf(isolate, forget)).toEqual({ requests: 1, INCR: 1 });
    expect(await users.get("1")).toBeUndefined();
    isolate.forgetLocally();
    expect(await users.get("1")).toBeUndefined();
  }
});

it("clears the ids that match a pattern in pages, and returns how many there were", async () => {
  const isolate = createTestIsolate();
  const users = isolate.invocation().of(tagged);
  await users.setMany(new Map(Array.from({ length: 1_000 }, (_, index) => [`a${index}`, "x"])));
  await users.set("b", "kept");
  let count = 0;
  const cost = await costOf(isolate, async () => void (count = await users.clear("a*")));
  expect(count).toBe(1_000);
  expect(cost["KEYS"]).toBeUndefined();
  expect(cost["SCAN"]).toBeLessThanOrEqual(5);
  expect(await users.get("b")).toBe("kept");
  expect(await users.get("a5")).toBeUndefined();
});

it("adds to a counter with one command, and gives an entry another life with two", async () => {
  const isolate = createTestIsolate();
  const users = isolate.invocation().of(tagged);
  expect(await costOf(isolate, () => users.increment("visits"))).toEqual({ requests: 1, INCRBY: 1 });
  expect(await costOf(isolate, () => users.increment("visits", 5, 60_000))).toEqual({
    requests: 1,
    INCRBY: 1,
    PEXPIRE: 1,
  });
  expect(await users.increment("visits", 0)).toBe(6);
  await users.set("1", "Ada");
  expect(await costOf(isolate, () => users.expire("1", 1_000))).toEqual({ requests: 2, MGET: 1, SET: 1 });
  expect([await users.expire("404", 1_000), await users.exists("1"), await users.exists("404")]).toEqual([
    false,
    true,
    false,
  ]);
});

it("forgets the tagged entries of a kind by its name with one command, and no other kind's", async () => {
  const isolate = createTestIsolate();
  const other = cacheKind<string>({ ...options, name: "other" });
  const cache = isolate.invocation();
  for (const kind of [tagged, other]) await cache.of(kind).set("1", "Ada");
  expect(await costOf(isolate, () => cache.clearKind("user"))).toEqual({ requests: 1, INCR: 1 });
  const read = isolate.invocation();
  expect([await read.of(tagged).get("1"), await read.of(other).get("1")]).toEqual([undefined, "Ada"]);
  await expect(cache.clearKind("*")).rejects.toThrow('"*"');
});
