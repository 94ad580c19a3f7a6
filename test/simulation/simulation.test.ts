import { describe, expect, it } from "vitest";
import { describeFailure, replay, scenarios, simulate } from "./simulate.ts";
import { printTimeline } from "./world.ts";

// A bounded number of worlds; `npm run simulate -- --seeds 10000 --for 300` runs as many as asked, for as long as there is.

/** As many as take about six seconds each on a busy machine. */
const seeds: Readonly<Record<string, number>> = {
  lease: 150,
  tenure: 60,
  jobs: 80,
  punctual: 120,
  sessions: 60,
  pubsub: 30,
  cache: 80,
};

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))("%s", (name, scenario) => {
  it(`holds in ${seeds[name]} worlds`, { timeout: 120_000 }, async () => {
    const { failures, seeds: count } = await simulate(scenario, { seeds: seeds[name] ?? 0 });
    expect(failures.map(describeFailure).join("\n\n")).toBe("");
    expect(count).toBeGreaterThan(0);
  });

  it("is the same world for the same seed", async () => {
    const [one, two] = [await replay(scenario, 3), await replay(scenario, 3)];
    expect(one.timeline.length).toBeGreaterThan(50);
    expect(printTimeline(one.timeline)).toBe(printTimeline(two.timeline));
    expect(printTimeline((await replay(scenario, 4)).timeline)).not.toBe(printTimeline(one.timeline));
  });

  it.each(scenario.variants.map((variant) => [variant.name, variant] as const))(
    "notices when it is broken: %s",
    { timeout: 120_000 },
    async (_variant, variant) => {
      const { failures } = await simulate(scenario, { seeds: 1_000, variant });
      expect(failures).toHaveLength(1);
      const [failure] = failures;
      if (failure) expect((await replay(scenario, failure.seed)).violations).toEqual([]);
    },
  );
});
