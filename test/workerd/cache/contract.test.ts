import { describe, expect, it } from "vitest";
import { createDatabase } from "../../support/database.ts";
import { createFetcher, createTestIsolate } from "./support.ts";

// What each operation costs, from the REST server's counters: requests, and commands as Upstash bills them.

const tagged = { name: "user", ttlMs: 60_000, earliness: 0, isTagged: true };
const plain = { ...tagged, name: "plain", isTagged: false };

async function costOf(isolate: ReturnType<typeof createTestIsolate>, work: () => Promise<unknown>) {
  return isolate.database.cost(async () => {
    await work();
    await isolate.settled();
  });
}

describe.each([
  ["tagged", tagged, { requests: 3, MGET: 1, SET: 2 }, { requests: 1, MGET: 1 }],
  ["untagged", plain, { requests: 2, SET: 2 }, { requests: 1, SET: 1 }],
])("%s", (_name, options, missAndFill, hit) => {
  it("miss and fill, with a claim that holds across isolates", async () => {
    const isolate = createTestIsolate();
    const { fetcher } = createFetcher({ name: "Ada" });
    expect(await costOf(isolate, () => isolate.invocation().namespace(options).get("1", fetcher))).toEqual(missAndFill);
  });

  it("a hit in L1, and one in Redis", async () => {
    const isolate = createTestIsolate();
    const { fetcher, calls } = createFetcher({ name: "Ada" });
    await costOf(isolate, () => isolate.invocation().namespace(options).get("1", fetcher));
    expect(await costOf(isolate, () => isolate.invocation().namespace(options).get("1", fetcher))).toEqual({
      requests: 0,
    });
    isolate.forgetLocally();
    expect(await costOf(isolate, () => isolate.invocation().namespace(options).get("1", fetcher))).toEqual(hit);
    expect(calls.count).toBe(1);
  });

  it("a hundred concurrent misses of one invocation are one", async () => {
    const isolate = createTestIsolate();
    const { fetcher, calls } = createFetcher("x");
    const users = isolate.invocation().namespace<string>(options);
    const cost = await costOf(isolate, () => Promise.all(Array.from({ length: 100 }, () => users.get("1", fetcher))));
    expect([cost, calls.count]).toEqual([missAndFill, 1]);
  });

  it("two isolates with a hundred misses each fetch once; the loser reads again", async () => {
    const database = createDatabase();
    const isolates = [createTestIsolate({ database }), createTestIsolate({ database })];
    const { fetcher, calls } = createFetcher("x");
    const cost = await database.cost(async () => {
      await Promise.all(
        isolates.map(async (isolate) => {
          const users = isolate.invocation().namespace<string>(options);
          await Promise.all(Array.from({ length: 100 }, () => users.get("1", fetcher)));
          await isolate.settled();
        }),
      );
    });
    expect(calls.count).toBe(1);
    const commands = Object.entries(cost).reduce((sum, [name, count]) => (name === "requests" ? sum : sum + count), 0);
    expect(commands).toBeLessThanOrEqual(options.isTagged ? 6 : 4);
  });

  it("a batch of 50 that Redis has", async () => {
    const isolate = createTestIsolate();
    const ids = Array.from({ length: 50 }, (_, index) => String(index));
    const users = isolate.invocation().namespace<string>(options);
    await users.setMany(new Map(ids.map((id) => [id, `user ${id}`])));
    isolate.forgetLocally();
    let found = new Map<string, string>();
    const cost = await costOf(isolate, async () => void (found = await users.getMany(ids)));
    expect(cost).toEqual({ requests: 1, MGET: 1 });
    expect([found.size, found.get("49")]).toEqual([50, "user 49"]);
  });

  it("a batch of 50 that nobody has: one call of the fetcher, three round trips", async () => {
    const isolate = createTestIsolate();
    const ids = Array.from({ length: 50 }, (_, index) => String(index));
    const users = isolate.invocation().namespace<string>(options);
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

  it("forgets one", async () => {
    const isolate = createTestIsolate();
    const users = isolate.invocation().namespace<string>(options);
    await users.set("1", "Ada");
    expect(await costOf(isolate, () => users.delete("1"))).toEqual({ requests: 1, UNLINK: 1 });
    expect(await users.get("1")).toBeUndefined();
  });
});

it("forgets a namespace, a tag, or everything with one command", async () => {
  const isolate = createTestIsolate();
  const cache = isolate.invocation();
  const users = cache.namespace<string>({ ...tagged, tagsOf: () => ["guild:7"] });
  for (const forget of [() => users.clear(), () => cache.invalidate("guild:7"), () => cache.clear()]) {
    await users.set("1", "Ada");
    expect(await users.get("1")).toBe("Ada");
    expect(await costOf(isolate, forget)).toEqual({ requests: 1, INCR: 1 });
    expect(await users.get("1")).toBeUndefined();
    isolate.forgetLocally();
    expect(await users.get("1")).toBeUndefined();
  }
});

it("clears what matches a pattern in pages, and says how many", async () => {
  const isolate = createTestIsolate();
  const users = isolate.invocation().namespace<string>(tagged);
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

it("counts, and gives entries another life", async () => {
  const isolate = createTestIsolate();
  const users = isolate.invocation().namespace<string>(tagged);
  expect(await costOf(isolate, () => users.increment("visits"))).toEqual({ requests: 1, INCRBY: 1 });
  expect(await costOf(isolate, () => users.increment("visits", 5, 60_000))).toEqual({
    requests: 1,
    INCRBY: 1,
    PEXPIRE: 1,
  });
  expect(await users.increment("visits", 0)).toBe(6);
  await users.set("1", "Ada");
  expect(await costOf(isolate, () => users.expire("1", 1_000))).toEqual({ requests: 1, PEXPIRE: 1 });
  expect([await users.expire("404", 1_000), await users.exists("1"), await users.exists("404")]).toEqual([
    false,
    true,
    false,
  ]);
});
