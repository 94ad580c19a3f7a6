import { expect, it } from "vitest";
import { hitRate } from "../../../src/cache/index.ts";

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

it("has a hit rate of 0 before the first read", () => {
  expect(hitRate(none)).toBe(0);
});

it.each([
  [{ localHits: 3, misses: 1 }, 0.75],
  [{ localHits: 1, redisHits: 1, staleHits: 1, misses: 1 }, 0.75],
  [{ redisHits: 1, misses: 1 }, 0.5],
  [{ staleHits: 1 }, 1],
  [{ misses: 1 }, 0],
])("has as its hit rate the share of reads that needed no fetch: %j", (counts, rate) => {
  expect(hitRate({ ...none, ...counts })).toBe(rate);
});
