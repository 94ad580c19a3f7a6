import { expect, it } from "vitest";
import { cacheKind } from "../../../src/cache/index.ts";
import { type Clock, systemClock } from "../../../src/platform/index.ts";
import { createConnection, createRedisState } from "../../../src/redis/index.ts";
import { createDatabase } from "../../support/database.ts";
import { base, createFetcher, createTestIsolate, createTime } from "./support.ts";

const user = cacheKind<string>(base);

const anything = cacheKind<unknown>(base);

it.each([0, "", false, null, [], { a: { b: "1100000000000000013" } }])(
  "returns %j unchanged from L1 and from Redis",
  async (value) => {
    const isolate = createTestIsolate();
    const { fetcher, calls } = createFetcher<unknown>(() => value);
    const read = () => isolate.invocation().of(anything).get("1", fetcher);
    expect(await read()).toEqual(value);
    expect(await read()).toEqual(value);
    await isolate.settled();
    isolate.forgetLocally();
    expect(await read()).toEqual(value);
    expect(calls.count).toBe(1);
  },
);

it("remembers absence for absentMs", async () => {
  const { clock, advance } = createTime();
  const isolate = createTestIsolate({ clock });
  const { fetcher, calls } = createFetcher<string | undefined>(() => undefined);
  const kind = cacheKind<string>({ ...base, absentMs: 10_000, localMs: 1 });
  const read = () => isolate.invocation().of(kind).get("1", fetcher);
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

it("uses the serializer of the kind, also for values that are no JSON", async () => {
  const isolate = createTestIsolate();
  const serializer = { stringify: (at: Date) => at.toISOString(), parse: (text: string) => new Date(text) };
  const dates = isolate.invocation().of(cacheKind<Date>({ ...base, serializer }));
  await dates.set("1", new Date(5));
  isolate.forgetLocally();
  expect(await dates.get("1")).toEqual(new Date(5));

  const sums = isolate.invocation().of(
    cacheKind<{ sum: bigint }>({
      ...base,
      name: "sum",
      serializer: { stringify: ({ sum }) => String(sum), parse: (text) => ({ sum: BigInt(text) }) },
    }),
  );
  expect(await sums.get("1", async () => ({ sum: 2n ** 64n }))).toEqual({ sum: 2n ** 64n });
  await isolate.settled();
  isolate.forgetLocally();
  expect(await sums.get("1")).toEqual({ sum: 2n ** 64n });
});

it("tells where a value came from, and how old it is", async () => {
  const { clock, advance } = createTime();
  const isolate = createTestIsolate({ clock });
  const users = () => isolate.invocation().of(user);
  const { fetcher } = createFetcher("Ada");
  expect(await users().read("1", fetcher)).toEqual({ value: "Ada", source: "fetch", isStale: false, ageMs: 0 });
  await isolate.settled();
  advance(2_000);
  expect(await users().read("1", fetcher)).toMatchObject({ source: "L1", ageMs: 2_000 });
  advance(4_000);
  expect(await users().read("1", fetcher)).toMatchObject({ source: "redis", ageMs: 6_000 });
  expect(users().stats()).toMatchObject({ misses: 1, localHits: 1, redisHits: 1 });
});

it("fetches a value although a read without a fetcher is under way", async () => {
  const isolate = createTestIsolate();
  const users = isolate.invocation().of(user);
  const [without, withFetcher] = await Promise.all([users.read("1"), users.read("1", async () => "Ada")]);
  expect([without, withFetcher.value]).toEqual([
    { value: undefined, source: "redis", isStale: false, ageMs: 0 },
    "Ada",
  ]);
  expect(users.stats()).toMatchObject({ misses: 2, localHits: 0 });
  // A read that has ended is joined no more.
  await isolate.settled();
  await users.set("1", "Linus");
  isolate.forgetLocally();
  expect(await users.get("1")).toBe("Linus");
});

it("joins a fetch that is under way, with a fetcher or without", async () => {
  const users = createTestIsolate().invocation().of(user);
  const { fetcher, calls } = createFetcher("Ada");
  expect(await Promise.all([users.get("1", fetcher), users.get("1", fetcher), users.get("1")])).toEqual([
    "Ada",
    "Ada",
    "Ada",
  ]);
  expect([calls.count, users.stats().localHits]).toEqual([1, 0]);
});

it("sends nothing for a setMany or getMany of no ids", async () => {
  const isolate = createTestIsolate();
  const users = isolate.invocation().of(user);
  const cost = await isolate.database.cost(async () => {
    await users.setMany(new Map());
    expect(await users.getMany([])).toEqual(new Map());
  });
  expect(cost).toEqual({ requests: 0 });
});

it("remembers values in L1 at no cost, and into Redis when told to, where Redis has nothing fresh", async () => {
  const isolate = createTestIsolate();
  const users = isolate.invocation().of(user);
  const met = new Map([
    ["1", "Ada"],
    ["2", "Linus"],
  ]);
  let share = () => {};
  expect(await isolate.database.cost(async () => void (share = users.remember(met)))).toEqual({ requests: 0 });
  expect(await users.get("1")).toBe("Ada");
  share();
  await isolate.settled();
  isolate.forgetLocally();
  expect(await users.get("2")).toBe("Linus");
  isolate.forgetLocally();
  const cost = await isolate.database.cost(async () => {
    users.remember(met)();
    await isolate.settled();
  });
  expect(cost).toEqual({ requests: 1, MGET: 1 });
});

it("counts hits and misses of a kind, with its hit rate", async () => {
  const isolate = createTestIsolate();
  const users = isolate.invocation().of(user);
  for (let index = 0; index < 3; index++) await users.get("1", async () => "x");
  await isolate.settled();
  isolate.forgetLocally();
  await users.get("1");
  expect(users.stats()).toMatchObject({ localHits: 2, redisHits: 1, misses: 1, fetches: 1, hitRate: 0.75 });
});

it("forgets in L1 what it could not be sure to have forgotten in Redis", async () => {
  const isolate = createTestIsolate();
  const users = isolate.invocation().of(user);
  for (const forget of [
    () => users.delete("1"),
    () => users.clear(),
    () => isolate.invocation().invalidate("guild:7"),
    () => isolate.invocation().clearKind("user"),
  ]) {
    await users.set("1", "Ada");
    const before = isolate.state.sequence;
    await isolate.database.break({ at: "after", do: "drop", times: 3 });
    await expect(forget()).rejects.toThrow();
    await isolate.database.mend();
    expect(isolate.state.sequence).toBeGreaterThan(before);
  }
  await isolate.database.break({ at: "after", do: "drop", times: 3 });
  const untagged = isolate.invocation().of(cacheKind<string>({ ...base, name: "untagged", isTagged: false }));
  await expect(untagged.clear()).rejects.toThrow();
  await isolate.database.mend();
});

it.each([true, false])("clears a whole kind for every isolate, with tags: %s", async (isTagged) => {
  const database = createDatabase();
  const kind = cacheKind<string>({ ...base, name: "whole", isTagged });
  const [one, two] = [createTestIsolate({ database }), createTestIsolate({ database })];
  await one.invocation().of(kind).set("1", "Ada");
  await one.invocation().of(kind).clear();
  expect([await one.invocation().of(kind).get("1"), await two.invocation().of(kind).get("1")]).toEqual([
    undefined,
    undefined,
  ]);
});

it("clears ids by a pattern under a prefix that has the signs of one, and nothing of another deployment", async () => {
  const database = createDatabase();
  const [odd, other] = [
    createTestIsolate({ database, prefix: "a*[b]?:" }),
    createTestIsolate({ database, prefix: "axxb!:" }),
  ];
  for (const isolate of [odd, other]) await isolate.invocation().of(user).set("1", "Ada");
  expect(await odd.invocation().of(user).clear("*")).toBe(1);
  other.forgetLocally();
  expect([await odd.invocation().of(user).get("1"), await other.invocation().of(user).get("1")]).toEqual([
    undefined,
    "Ada",
  ]);
});

it("asks once for an id that a batch names twice", async () => {
  const isolate = createTestIsolate();
  const asked: (readonly string[])[] = [];
  const fetchMany = async (ids: readonly string[]) => {
    asked.push(ids);
    return new Map(ids.map((id) => [id, `user ${id}`]));
  };
  const cost = await isolate.database.cost(async () => {
    const found = await isolate.invocation().of(user).getMany(["1", "2", "1"], fetchMany);
    expect([...found.keys()]).toEqual(["1", "2"]);
    await isolate.settled();
  });
  const users = isolate.invocation().of(user);
  await users.getMany(["1", "2"]);
  expect([users.stats().localHits, await users.getMany(["404"])]).toEqual([2, new Map()]);
  expect([asked, cost]).toEqual([[["1", "2"]], { requests: 3, MGET: 1, SET: 4 }]);
});

it("gives up to change the life of a value that changes each time", async () => {
  const isolate = createTestIsolate();
  const { commands } = createConnection({
    url: isolate.database.url,
    token: isolate.database.token,
    state: createRedisState(),
  });
  let reads = 0;
  const rival = createTestIsolate({
    database: isolate.database,
    redis: () =>
      ({
        ...commands,
        mget: async (...keys: string[]) => {
          reads += 1;
          const texts = await commands.mget(...keys);
          await isolate.invocation().of(user).set("1", `version ${reads}`);
          return texts;
        },
      }) as never,
  });
  await isolate.invocation().of(user).set("1", "Ada");
  expect(await rival.invocation().of(user).expire("1", 1_000)).toBe(false);
  expect(reads).toBe(3);
});

it("measures how long a fetch takes as a moving average", async () => {
  const { clock, advance } = createTime();
  const isolate = createTestIsolate({ clock });
  const users = () => isolate.invocation().of(user);
  for (const [id, ms] of [
    ["1", 100],
    ["2", 200],
  ] as const) {
    await users().get(id, async () => {
      advance(ms);
      return "Ada";
    });
  }
  expect(users().stats().fetchMs).toBeCloseTo(120);
  await isolate.settled();
});

it("fetches at the end of the turn what a batch misses, and later by itself what another isolate was fetching", async () => {
  const sleeps: number[] = [];
  const clock: Clock = {
    ...systemClock,
    random: () => 0,
    sleep: async (ms, signal) => (ms < 5_000 ? void sleeps.push(ms) : systemClock.sleep(ms, signal)),
  };
  const isolate = createTestIsolate({ clock });
  await isolate.database.raw("SET", "t:c:user:2", "!theirs", "PX", 60_000);
  const asked: (readonly string[])[] = [];
  const fetchMany = async (ids: readonly string[]) => {
    asked.push(ids);
    return new Map(ids.map((id) => [id, `user ${id}`]));
  };
  const found = await isolate.invocation().of(user).getMany(["1", "2"], fetchMany);
  expect([asked, found.get("1"), found.get("2")]).toEqual([[["1"], ["2"]], "user 1", "user 2"]);
  expect(sleeps.filter((ms) => ms < 5)).toEqual([0, 0]);
  await isolate.settled();
});
