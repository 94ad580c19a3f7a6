import { expect, it } from "vitest";
import { createHistogram, quantile, record } from "../../../src/redis/histogram.ts";
import { createRedisState, statsOf } from "../../../src/redis/state.ts";

it("returns quantiles right to within a quarter, and never too low", () => {
  const histogram = createHistogram();
  for (let ms = 1; ms <= 1_000; ms++) record(histogram, ms);
  for (const q of [0.5, 0.95, 0.99]) {
    expect(quantile(histogram, q)).toBeGreaterThanOrEqual(q * 1_000);
    expect(quantile(histogram, q)).toBeLessThanOrEqual(q * 1_000 * 1.26);
  }
});

it("returns 0 for an empty histogram and 1 for anything up to a millisecond", () => {
  const histogram = createHistogram();
  expect(quantile(histogram, 0.5)).toBe(0);
  record(histogram, 0);
  expect(quantile(histogram, 0.5)).toBe(1);
});

it("keeps the histogram's size whatever is recorded", () => {
  const histogram = createHistogram();
  const size = histogram.counts.length;
  for (const ms of [0, 1e9, Number.MAX_SAFE_INTEGER]) record(histogram, ms);
  expect(histogram.counts).toHaveLength(size);
  expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(3);
  expect(histogram.total).toBe(3);
});

it("never shows less than a duration that lies just below a bucket's bound, and no more than some 36 s", () => {
  for (const [ms, shown] of [
    [1.55, 1.6],
    [28_000, 28_698.6],
    [35_000, 35_873.2],
    [1e9, 35_873.2],
  ] as const) {
    const histogram = createHistogram();
    record(histogram, ms);
    expect(quantile(histogram, 1)).toBe(shown);
  }
});

it("tells the half, 95 % and 99 % of an isolate's durations", () => {
  const state = createRedisState();
  for (let ms = 1; ms <= 1_000; ms++) record(state.latency, ms);
  const { p50, p95, p99 } = statsOf(state).latency;
  for (const [shown, least] of [
    [p50, 500],
    [p95, 950],
    [p99, 990],
  ] as const) {
    expect(shown).toBeGreaterThanOrEqual(least);
    expect(shown).toBeLessThan(least * 1.26);
  }
});

it("takes the middle one of three for the half of them", () => {
  const histogram = createHistogram();
  for (const ms of [1, 10, 100]) record(histogram, ms);
  expect(quantile(histogram, 0.5)).toBeGreaterThanOrEqual(10);
  expect(quantile(histogram, 0.5)).toBeLessThan(100);
});
