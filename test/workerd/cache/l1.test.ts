import { expect, it } from "vitest";
import { type CacheState, cacheKind, createCacheState } from "../../../src/cache/index.ts";
import { invalidateLocally, isValid, type LocalEntry } from "../../../src/cache/l1.ts";
import { createDatabase } from "../../support/database.ts";
import { base, createTestIsolate, createTime } from "./support.ts";

const entry = (more: Partial<LocalEntry> = {}): LocalEntry => ({
  value: "x",
  storedAt: 0,
  readAt: 0,
  freshUntil: 1,
  serveUntil: 1,
  localUntil: 1,
  tags: ["*", "user"],
  sequence: 0,
  ...more,
});

const keysOf = ({ entries }: CacheState): string[] => Array.from(entries.entries(), ([key]) => key);

it("is bounded by entries and by bytes, and drops the least recently used first", () => {
  const few = createCacheState({ maxEntries: 2 });
  for (const key of ["a", "b", "c"]) few.entries.set(key, entry(), 1);
  expect(keysOf(few)).toEqual(["b", "c"]);
  const small = createCacheState({ maxBytes: 100 });
  small.entries.set("a", entry(), 60);
  small.entries.set("b", entry(), 60);
  small.entries.set("too large", entry(), 101);
  expect(keysOf(small)).toEqual(["b"]);
});

it("stops serving the entries that an invalidation names, and stays bounded under many invalidations", () => {
  const state = createCacheState();
  invalidateLocally(state, "guild:7");
  expect(isValid(state, "k", entry({ tags: ["*", "guild:7"] }))).toBe(false);
  expect(isValid(state, "k", entry({ tags: ["*", "guild:8"] }))).toBe(true);
  expect(isValid(state, "k", entry({ tags: ["guild:7"], sequence: state.sequence }))).toBe(true);
  invalidateLocally(state, "k");
  expect(isValid(state, "k", entry())).toBe(false);
  state.entries.set("old", entry(), 1);
  for (let index = 0; index < 10_000; index++) invalidateLocally(state, `tag ${index}`);
  expect(state.invalidated.size).toBeLessThanOrEqual(10_000);
  expect(state.entries.size).toBe(0);
});

it("serves a value for at most localMs after an invalidation elsewhere, and not at all after one it applied", async () => {
  const { clock, advance } = createTime();
  const database = createDatabase();
  const [one, other] = [createTestIsolate({ database, clock }), createTestIsolate({ database, clock })];
  const user = cacheKind<string>(base);
  const users = (isolate: typeof one) => isolate.invocation().of(user);
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

it("serves a value for five seconds by default, and no longer than it is fresh", async () => {
  const { clock, advance } = createTime();
  const isolate = createTestIsolate({ clock });
  const user = cacheKind<string>({ name: "user", ttlMs: 60_000, earliness: 0, jitter: 0 });
  const brief = cacheKind<string>({ name: "brief", ttlMs: 2_000, earliness: 0, jitter: 0 });
  const cache = isolate.invocation();
  await cache.of(user).set("1", "Ada");
  await cache.of(brief).set("1", "Linus");
  advance(1_999);
  expect(cache.isLocal(brief, "1")).toBe(true);
  advance(1);
  expect([cache.isLocal(brief, "1"), await cache.of(brief).get("1")]).toEqual([false, undefined]);
  advance(2_999);
  expect(cache.isLocal(user, "1")).toBe(true);
  advance(1);
  expect(cache.isLocal(user, "1")).toBe(false);
});

it("serves a value in its grace for a second before it asks Redis for a newer one", async () => {
  const { clock, advance } = createTime();
  const isolate = createTestIsolate({ clock });
  const user = cacheKind<string>({ ...base, jitter: 0, graceMs: 60_000 });
  const users = () => isolate.invocation().of(user);
  await users().set("1", "old");
  advance(60_000);
  expect(await users().read("1")).toMatchObject({ source: "redis", isStale: true });
  advance(999);
  expect(await users().read("1")).toMatchObject({ source: "L1", isStale: true });
  advance(1);
  expect(await users().read("1")).toMatchObject({ source: "redis", isStale: true });
  // No longer than its grace either.
  advance(58_500);
  await users().read("1");
  advance(500);
  expect([await users().get("1"), isolate.invocation().isLocal(user, "1")]).toEqual([undefined, false]);
});

it("keeps the newer of two values that arrive in another order", async () => {
  const { clock, advance } = createTime();
  const isolate = createTestIsolate({ clock });
  const user = cacheKind<string>(base);
  const users = () => isolate.invocation().of(user);
  const slow = Promise.withResolvers<string>();
  const began = Promise.withResolvers<void>();
  const older = users().get("1", () => (began.resolve(), slow.promise));
  await began.promise;
  advance(10);
  users().remember(new Map([["1", "newer"]]));
  slow.resolve("older");
  await older;
  expect(await users().get("1")).toBe("newer");
  await isolate.settled();
});

it("goes by what was read since when so many invalidations were heard that it cannot tell them apart", () => {
  const state = createCacheState();
  for (let index = 0; index < 10_000; index++) invalidateLocally(state, `tag ${index}`);
  expect(state.invalidated.size).toBe(10_000);
  const before = entry({ tags: ["other"], sequence: state.sequence - 1 });
  expect(isValid(state, "k", before)).toBe(true);
  invalidateLocally(state, "one more");
  expect([state.invalidated.size, isValid(state, "k", before)]).toEqual([1, false]);
  const since = entry({ tags: ["other"], sequence: state.sequence });
  invalidateLocally(state, "yet another");
  const names = ["k", "one more", "yet another"];
  expect(names.map((name) => isValid(state, name, since))).toEqual([true, true, false]);
});
