import { expect, it } from "vitest";
import { createCacheState, hitRate } from "../../../src/cache/index.ts";
import { invalidateLocally, isValid, type LocalEntry } from "../../../src/cache/l1.ts";

const entry = (more: Partial<LocalEntry> = {}): LocalEntry => ({
  value: "x",
  storedAt: 0,
  freshUntil: 1,
  serveUntil: 1,
  fetchMs: 0,
  localUntil: 1,
  tags: ["*", "user"],
  sequence: 0,
  ...more,
});

it("holds so many entries, and so many bytes, the oldest unused going first", () => {
  const few = createCacheState({ maxEntries: 2 });
  for (const key of ["a", "b", "c"]) few.entries.set(key, entry(), { size: 1 });
  expect([...few.entries.keys()]).toEqual(["c", "b"]);
  const small = createCacheState({ maxBytes: 100 });
  small.entries.set("a", entry(), { size: 60 });
  small.entries.set("b", entry(), { size: 60 });
  small.entries.set("too large", entry(), { size: 101 });
  expect([...small.entries.keys()]).toEqual(["b"]);
});

it("knows which entries an invalidation concerns, and stays bounded under many", () => {
  const state = createCacheState();
  invalidateLocally(state, "guild:7");
  expect(isValid(state, "k", entry({ tags: ["*", "guild:7"] }))).toBe(false);
  expect(isValid(state, "k", entry({ tags: ["*", "guild:8"] }))).toBe(true);
  expect(isValid(state, "k", entry({ tags: ["guild:7"], sequence: state.sequence }))).toBe(true);
  invalidateLocally(state, "k");
  expect(isValid(state, "k", entry())).toBe(false);
  state.entries.set("old", entry(), { size: 1 });
  for (let index = 0; index < 10_000; index++) invalidateLocally(state, `tag ${index}`);
  expect(state.invalidated.size).toBeLessThanOrEqual(10_000);
  expect(state.entries.size).toBe(0);
});

it("has no hit rate before the first read", () => {
  const none = {
    localHits: 0,
    redisHits: 0,
    staleHits: 0,
    misses: 0,
    fetches: 0,
    fetchMs: 0,
    fetchFailures: 0,
    redisFailures: 0,
    repairs: 0,
  };
  expect(hitRate(none)).toBe(0);
  expect(hitRate({ ...none, localHits: 3, misses: 1 })).toBe(0.75);
});
