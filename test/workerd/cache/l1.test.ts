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
  fetchMs: 0,
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
