import { describe, expect, it } from "vitest";
import { cheapestPlan, payAsYouGo, prices, workersDollars } from "../../../../src/web/status/prices.ts";

// As the two price lists have it: a change of a price is a change of this test.

it("has the prices of the day on which they were read", () => {
  expect(prices).toEqual({
    readAt: "2026-11-26",
    upstash: { free: 500_000, per100k: 0.2, fixed: 10 },
    workers: { freePerDay: 100_000, paid: 5, included: 10_000_000, perMillion: 0.3 },
  });
});

describe("Upstash", () => {
  it.each([
    [0, "free", 0],
    [500_000, "free", 0],
    [500_001, "pay as you go", 1.000002],
    [1_000_000, "pay as you go", 2],
    [5_000_000, "pay as you go", 10],
    [5_000_001, "fixed", 10],
    [50_000_000, "fixed", 10],
  ] as const)("is the cheapest for %i commands a month with the plan %s", (commands, plan, dollars) => {
    const cheapest = cheapestPlan(commands);
    expect([cheapest.plan, cheapest.dollars]).toEqual([plan, expect.closeTo(dollars, 6)]);
  });

  it("comes to 20 cents for each 100,000 commands at pay as you go, and to nothing in the free month", () => {
    expect([payAsYouGo(500_000), payAsYouGo(600_000), payAsYouGo(50_000_000)]).toEqual([
      0,
      expect.closeTo(1.2, 6),
      expect.closeTo(100, 6),
    ]);
  });
});

describe("Workers", () => {
  it.each([
    [3_000_000, 100_000, 0],
    [3_000_000, 100_001, 5],
    [10_000_000, 400_000, 5],
    [12_000_000, 400_000, 5.6],
  ])("come to what %i requests a month cost, with %i on a day", (requests, perDay, dollars) => {
    expect(workersDollars(requests, perDay)).toBeCloseTo(dollars, 6);
  });
});
