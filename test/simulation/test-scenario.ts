import { describe, expect, it } from "vitest";
import type { Scenario } from "./scenario.ts";
import { describeFailure, replay, simulate } from "./simulate.ts";
import { printTimeline } from "./world.ts";

/** How long the worlds of one scenario may take. A slow machine sees fewer of them; `npm run simulate` runs any number. */
const budgetMs = 4_000;

/**
 * Declares the tests of a scenario: it holds in the first worlds, a seed is one world, and each broken variant is noticed.
 * One file declares one scenario, so that they run side by side.
 */
export function testScenario(scenario: Scenario, { seeds }: { seeds: number }): void {
  describe(scenario.name, () => {
    it(`holds in ${seeds} worlds, or as many as time allows`, { timeout: 120_000 }, async () => {
      const { failures, seeds: count } = await simulate(scenario, { seeds, forMs: budgetMs });
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
}
