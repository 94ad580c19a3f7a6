import { type Duty, type DutyEvent, runDuties } from "../coordination/index.ts";
import type { FeatureIndex } from "./feature-index.ts";
import type { Invocation } from "./invocation.ts";
import { createRunner } from "./job-runner.ts";

/**
 * When a tick looks at what is due, in milliseconds after it began: at once, half a minute later, and half a minute into the next
 * tick. Each half minute is thus looked at by two ticks, so that an isolate that dies makes no job later than 30 s. In one
 * isolate the two share their looks.
 */
const looksMs = [0, 30_000, 92_000];
/** Past the last look, a tick runs what is due before the next tick but one looks. */
const untilMs = 120_000;
/** Duties end before the next tick begins them. */
const dutiesMs = 55_000;

/**
 * Does the work of one cron tick: runs jobs when they are due, delivers feeds that wait, and does the features' duties.
 * `tickAt` is when the tick was due (epoch milliseconds).
 * Cost: 2 commands, 2 round trips a minute while nothing is due; 3 and 3 where every tick wakes another isolate.
 */
export async function runCron(services: Invocation, features: FeatureIndex, tickAt: number): Promise<void> {
  const { isolate, coordination, log, clock, left } = services;
  const runner = createRunner(services, features);
  const duties = [...features.duties].map(([name, duty]): Duty => ({ name, ...duty(services) }));
  await Promise.all([
    runner.watch({ looks: looksMs.map((ms) => tickAt + ms), until: tickAt + untilMs }),
    runDuties({
      coordination,
      duties,
      times: isolate.duties,
      forMs: tickAt + dutiesMs - clock.now(),
      left,
      clock,
      report: ({ type, duty, error }: DutyEvent) => log("warn", type, { duty, error: String(error) }),
    }),
  ]);
}
