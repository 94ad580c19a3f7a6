import { expect, it } from "vitest";
import { hitRate } from "../../../src/cache/index.ts";

it("has a hit rate of 0 before the first read", () => {
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
