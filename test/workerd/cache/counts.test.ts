import { expect, it } from "vitest";
import { cacheKind, createCacheState } from "../../../src/cache/index.ts";
import { graceEntry, isUntouched, localEntry, markMissed } from "../../../src/cache/l1.ts";
import { base, createFetcher, createTestIsolate, createTime, failing } from "./support.ts";

const user = cacheKind<string>({ ...base, jitter: 0, graceMs: 60_000 });

it("counts each read once, by where its value came from", async () => {
  const { clock, advance } = createTime();
  const isolate = createTestIsolate({ clock });
  const users = () => isolate.invocation().of(user);
  const { fetcher } = createFetcher("Ada");
  const read = async (more: object) => {
    await users().get("1", fetcher);
    await isolate.settled();
    expect(users().stats()).toMatchObject({ fetchFailures: 0, redisFailures: 0, repairs: 0, ...more });
  };
  const none = { localHits: 0, redisHits: 0, staleHits: 0, misses: 0, fetches: 0, fetchMs: 0 };
  expect(users().stats()).toMatchObject(none);
  await read({ ...none, misses: 1, fetches: 1 });
  await read({ ...none, misses: 1, fetches: 1, localHits: 1 });
  isolate.forgetLocally();
  await read({ ...none, misses: 1, fetches: 1, localHits: 1, redisHits: 1 });
  advance(60_000);
  isolate.forgetLocally();
  await read({ ...none, misses: 1, fetches: 2, localHits: 1, redisHits: 1, staleHits: 1 });
});

it("counts what it serves without Redis, fresh and in its grace, and fetches that fail", async () => {
  const { clock, advance } = createTime();
  const isolate = createTestIsolate({ clock });
  const users = () => isolate.invocation().of(user);
  await users().set("1", "Ada");
  await isolate.database.break({ at: "before", do: "drop" });
  advance(5_000);
  await users().get("1", failing);
  expect(users().stats()).toMatchObject({ localHits: 1, staleHits: 0, redisFailures: 1, fetchFailures: 0 });
  advance(55_000);
  await users().get("1", failing);
  expect(users().stats()).toMatchObject({ localHits: 1, staleHits: 1, redisFailures: 2 });
  await users()
    .get("2", failing)
    .catch(() => undefined);
  expect(users().stats()).toMatchObject({ localHits: 1, staleHits: 1, redisFailures: 3, fetchFailures: 1, misses: 1 });
  await isolate.database.mend();
});

it("reports and counts what fails behind the answer", async () => {
  const isolate = createTestIsolate();
  const users = isolate.invocation().of(user);
  const failed = async (work: () => unknown) => {
    await isolate.database.break({ at: "before", do: "drop", match: "SET" });
    await work();
    await isolate.settled();
    await isolate.database.mend();
    return [isolate.events.splice(0).map(({ type }) => type), users.stats().redisFailures];
  };
  expect(await failed(() => users.remember(new Map([["1", "carried"]]))())).toEqual([["redis-failed"], 1]);
  await isolate.database.raw("SET", "t:c:user:2", "theirs");
  expect(await failed(() => users.remember(new Map([["2", "carried"]]))())).toEqual([["redis-failed"], 2]);
});

it("serves from L1 until a time, and not at it", () => {
  const { state } = createTestIsolate();
  const times = { storedAt: 0, readAt: 0, freshUntil: 50, localUntil: 60, serveUntil: 100 };
  const entry = { value: "x", tags: ["*"], sequence: 0, ...times };
  state.entries.set("k", entry, 1);
  expect([59, 60].map((now) => localEntry(state, "k", now))).toEqual([entry, undefined]);
  expect([99, 100].map((now) => graceEntry(state, "k", now))).toEqual([entry, undefined]);
  expect([localEntry(state, "other", 0), graceEntry(state, "other", 0)]).toEqual([undefined, undefined]);
});

it("knows nothing untouched that was read before invalidations were missed, and everything before the first poll", () => {
  const { state } = createTestIsolate();
  const read = () => ({ sequence: state.sequence, tags: ["*"] });
  const first = read();
  state.sequence += 1;
  expect(isUntouched(state, "k", first)).toBe(true);
  const last = read();
  markMissed(state);
  expect([first, last].map((one) => isUntouched(state, "k", one))).toEqual([false, false]);
  const since = read();
  state.sequence += 1;
  expect(isUntouched(state, "k", since)).toBe(true);
});

it("holds 5,000 entries and 16 MiB of them, and no more", () => {
  const entry = { value: "x", tags: [], sequence: 0, storedAt: 0, readAt: 0 };
  const times = { freshUntil: 1, localUntil: 1, serveUntil: 1 };
  const many = createCacheState();
  for (let index = 0; index <= 5_000; index++) many.entries.set(String(index), { ...entry, ...times }, 1);
  expect([many.entries.size, many.entries.get("0"), many.entries.get("1")]).toMatchObject([5_000, undefined, entry]);
  const large = createCacheState();
  large.entries.set("fits", { ...entry, ...times }, 16 * 1_048_576);
  large.entries.set("does not", { ...entry, ...times }, 16 * 1_048_576 + 1);
  expect(Array.from(large.entries.entries(), ([key]) => key)).toEqual(["fits"]);
});
