import { expect, it } from "vitest";
import { cacheKind } from "../../../src/cache/index.ts";
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
});

it("fetches a value although a read without a fetcher is under way", async () => {
  const users = createTestIsolate().invocation().of(user);
  const [without, withFetcher] = await Promise.all([users.read("1"), users.read("1", async () => "Ada")]);
  expect([without.value, withFetcher.value]).toEqual([undefined, "Ada"]);
});

it("joins a fetch that is under way, with a fetcher or without", async () => {
  const users = createTestIsolate().invocation().of(user);
  const { fetcher, calls } = createFetcher("Ada");
  expect(await Promise.all([users.get("1", fetcher), users.get("1", fetcher), users.get("1")])).toEqual([
    "Ada",
    "Ada",
    "Ada",
  ]);
  expect(calls.count).toBe(1);
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
