import { describe, expect, it } from "vitest";
import { describeFailure, replay, scenarios, simulate } from "./simulate.ts";
import { printTimeline } from "./world.ts";

// A bounded number of worlds; `npm run simulate` runs as many as asked.

const seeds = 250;

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))("%s", (_name, scenario) => {
  it(`holds in ${seeds} worlds`, { timeout: 120_000 }, async () => {
    const { failures } = await simulate(scenario, { seeds });
    expect(failures.map(describeFailure).join("\n\n")).toBe("");
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
