import { type Duty, type DutyEvent, runDuties } from "../coordination/index.ts";
import { planOfTick } from "../jobs/index.ts";
import type { FeatureIndex } from "./feature-index.ts";
import type { Invocation } from "./invocation.ts";

/** Duties end before the next tick begins them. */
const dutiesMs = 55_000;

/**
 * Does the work of one cron tick: runs jobs when they are due, delivers feeds that wait, and does the features' duties. Jobs are
 * watched for two minutes, so that two ticks know of each.
 * Cost: 2 commands, 2 round trips a minute while nothing is due; 3 and 3 where every tick wakes another isolate.
 */
export async function runCron(services: Invocation, features: FeatureIndex): Promise<void> {
  const { isolate, coordination, runner, log, clock, left } = services;
  const duties = [...features.duties].map(([name, duty]): Duty => ({ name, ...duty(services) }));
  await Promise.all([
    runner.watch(planOfTick(clock.now())),
    runDuties({
      coordination,
      duties,
      times: isolate.duties,
      forMs: dutiesMs,
      left,
      clock,
      report: ({ type, duty, error }: DutyEvent) => log("warn", type, { duty, error: String(error) }),
    }),
  ]);
}
