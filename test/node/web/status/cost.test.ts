import { expect, it } from "vitest";
import { costOf } from "../../../../src/web/status/cost.ts";
import { hour, ledgerWith, minute } from "./support.ts";

const beginning = Date.UTC(2026, 5, 1);
const day = 24 * hour;
const noon = Date.UTC(2026, 5, 16);

/** The cost at a time of what was counted since another. */
const costAt = (now: number, counts: Record<string, number>, since = beginning) =>
  costOf(ledgerWith({ months: new Map([["2026-06", { since, counts: new Map(Object.entries(counts)) }]]) }), now);

it("returns the commands of a month by cause, and what half a month comes to when it is over", () => {
  const half = (noon - beginning) / minute;
  const { redis, workers, ...month } = costAt(noon, {
    "redis_commands|interactions": 300_000,
    "redis_commands|jobs": 100_000,
    "redis_commands|idle": 100_000,
    "redis_commands|unheard": 7,
    "requests|tick": half,
    "requests|fetch": 100_000,
  });
  expect(month).toEqual({ month: "2026-06", since: beginning, pricesOf: "2026-11-26" });
  const none = { bus: 0, dashboard: 0, metrics: 0, other: 0 };
  expect(redis).toEqual({
    commands: 500_000,
    byCause: { ...none, interactions: 300_000, jobs: 100_000, idle: 100_000 },
    estimatedIdle: 0,
    projected: 1_000_000,
    free: { commands: 500_000, share: 1, projectedShare: 2 },
    dollars: 0,
    projectedDollars: 2,
    dollarsByCause: {
      ...none,
      interactions: expect.closeTo(1.2, 6),
      jobs: expect.closeTo(0.4, 6),
      idle: expect.closeTo(0.4, 6),
    },
    cheapestPlan: "pay as you go",
    cheapestDollars: 2,
  });
  expect(workers).toEqual({
    requests: half + 100_000,
    projected: 2 * (half + 100_000),
    freePerDay: 100_000,
    perDay: Math.round((half + 100_000) / 15),
    dollars: 0,
    projectedDollars: 0,
  });
});

it("returns dollars for what was sent so far, and for what the month comes to", () => {
  const { redis, workers } = costAt(noon, { "redis_commands|bus": 3_000_000, "requests|fetch": 12_000_000 });
  expect([redis.dollars, redis.projectedDollars]).toEqual([6, 12]);
  expect([redis.cheapestPlan, redis.cheapestDollars]).toEqual(["fixed", 10]);
  expect([workers.perDay, workers.dollars, workers.projectedDollars]).toEqual([
    800_000,
    expect.closeTo(5.6, 6),
    expect.closeTo(9.2, 6),
  ]);
});

it("adds two commands for each minute without a counted tick, and none where no tick was ever counted", () => {
  const tenMinutes = beginning + 10 * minute + 59_999;
  const cost = costAt(tenMinutes, { "redis_commands|idle": 6, "requests|tick": 3, "requests|fetch": 5 });
  expect(cost.redis).toMatchObject({ estimatedIdle: 14, commands: 20, byCause: { idle: 20, jobs: 0 } });
  expect(cost.workers.requests).toBe(15);
  expect(costAt(tenMinutes, { "requests|tick": 40 }).redis.estimatedIdle).toBe(0);
  expect(costAt(tenMinutes, { "requests|fetch": 5 })).toMatchObject({
    redis: { estimatedIdle: 0 },
    workers: { requests: 5 },
  });
});

it("takes the first hour for a whole one, and the first minute of requests for a whole one", () => {
  const first = costAt(beginning + 1_000, { "redis_commands|bus": 60, "requests|fetch": 10 });
  expect(first.redis.projected).toBe(Math.round(60 + 60 * ((30 * day - 1_000) / hour)));
  expect(first.workers.perDay).toBe(14_400);
  const twoHours = costAt(beginning + 2 * hour, { "redis_commands|bus": 60 });
  expect(twoHours.redis.projected).toBe(60 * 360);
  const late = costAt(noon, { "redis_commands|bus": 60 }, noon - 2 * hour);
  expect([late.since, late.redis.projected]).toEqual([noon - 2 * hour, 60 + 30 * 15 * 24]);
});

it("returns zeros, and no share of nothing, where nothing was counted this month", () => {
  const { redis, since } = costOf(ledgerWith(), noon);
  expect(since).toBe(noon);
  expect(redis).toMatchObject({ commands: 0, projected: 0, dollars: 0, cheapestPlan: "free", cheapestDollars: 0 });
  expect(new Set(Object.values(redis.dollarsByCause))).toEqual(new Set([0]));
});
