import { type Duty, type DutyEvent, runDuties } from "../coordination/index.ts";
import { type JobEvent, planOfTick } from "../jobs/index.ts";
import type { FeatureIndex } from "./feature-index.ts";
import type { Invocation } from "./invocation.ts";
import { errorFields } from "./log.ts";

export interface TickOptions {
  /** How long jobs are watched, in milliseconds. Default: 120,000, so that two ticks know of each job. */
  watchMs?: number;
  /** How long duties are done, in milliseconds. Default: 55,000, so that they end before the next tick begins them. */
  dutiesMs?: number;
}

/** What a tick did. */
export interface TickResult {
  /** How many jobs ended how. `failed` counts looks and claims that Redis did not answer. */
  jobs: Partial<Record<JobEvent["type"], number>>;
  duties: { rounds: number; failed: number };
}

/**
 * Does the work of one cron tick: runs jobs when they are due, delivers feeds that wait, and does the features' duties.
 * Cost: 2 commands, 2 round trips a minute while nothing is due; 3 and 3 where every tick wakes another isolate.
 */
export async function runCron(
  services: Invocation,
  features: FeatureIndex,
  { watchMs, dutiesMs = 55_000 }: TickOptions = {},
): Promise<TickResult> {
  services.isolate.ticks.lastAt = services.clock.now();
  const { isolate, coordination, runner, log, clock, left, stopping } = services;
  const duties = [...features.duties].map(([name, duty]): Duty => ({ name, ...duty(services) }));
  let failed = 0;
  const [, { rounds }] = await Promise.all([
    runner.watch(planOfTick(clock.now(), watchMs)),
    runDuties({
      coordination,
      duties,
      times: isolate.duties,
      forMs: dutiesMs,
      left,
      clock,
      stopping,
      report({ type, duty, error }: DutyEvent) {
        failed += 1;
        log("warn", type, { duty, ...errorFields(error) });
      },
    }),
  ]);
  return { jobs: Object.fromEntries(services.jobOutcomes), duties: { rounds, failed } };
}
