import { createRandom } from "./random.ts";
import type { Outcome, Scenario, Variant } from "./scenario.ts";
import { cacheScenario } from "./scenarios/cache.ts";
import { jobsScenario } from "./scenarios/jobs.ts";
import { leaseScenario } from "./scenarios/lease.ts";
import { pubsubScenario } from "./scenarios/pubsub.ts";
import { punctualScenario } from "./scenarios/punctual.ts";
import { sessionsScenario } from "./scenarios/sessions.ts";
import { tenureScenario } from "./scenarios/tenure.ts";
import { printTimeline } from "./world.ts";

export const scenarios: readonly Scenario[] = [
  leaseScenario,
  tenureScenario,
  jobsScenario,
  punctualScenario,
  sessionsScenario,
  pubsubScenario,
  cacheScenario,
];

export interface Failure {
  scenario: string;
  seed: number;
  outcome: Outcome;
}

export interface Summary {
  seeds: number;
  failures: Failure[];
  /** Seeds in which a failover's lost writes showed. */
  excused: number;
  ms: number;
}

/** What went wrong, the end of what led to it, and how to see all of it. */
export const describeFailure = ({ scenario, seed, outcome }: Failure): string =>
  [
    `${scenario}, seed ${seed}:`,
    ...outcome.violations.map((violation) => `  ${violation}`),
    printTimeline(outcome.timeline.slice(-60)),
    `All of it: npm run simulate -- --scenario ${scenario} --seed ${seed}`,
  ].join("\n");

/** One seed of one scenario: the same every time. */
export const replay = (scenario: Scenario, seed: number, variant?: Variant): Promise<Outcome> =>
  scenario.run(createRandom(seed), variant);

/** Runs seeds until there are enough, the time is up, or so many have failed. */
export async function simulate(
  scenario: Scenario,
  {
    from = 1,
    seeds,
    forMs = Number.POSITIVE_INFINITY,
    failures: most = 1,
    variant,
    progress = () => {},
  }: {
    from?: number;
    seeds: number;
    forMs?: number;
    failures?: number;
    variant?: Variant;
    progress?(done: number): unknown;
  },
): Promise<Summary> {
  const startedAt = performance.now();
  const summary: Summary = { seeds: 0, failures: [], excused: 0, ms: 0 };
  while (summary.seeds < seeds && summary.failures.length < most && performance.now() - startedAt < forMs) {
    const seed = from + summary.seeds;
    const outcome = await replay(scenario, seed, variant);
    if (outcome.violations.length > 0) summary.failures.push({ scenario: scenario.name, seed, outcome });
    if (outcome.exceptions.length > 0) summary.excused += 1;
    summary.seeds += 1;
    progress(summary.seeds);
  }
  summary.ms = performance.now() - startedAt;
  return summary;
}
