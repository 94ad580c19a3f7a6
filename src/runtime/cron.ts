import { type Duty, type DutyEvent, runDuties } from "../coordination/index.ts";
import type { FeatureIndex } from "./feature-index.ts";
import type { Invocation } from "./invocation.ts";
import { createRunner } from "./job-runner.ts";
import { soonChannel } from "./run-in-time.ts";

/**
 * Does a bot's duties again and again until just before the next cron tick: presence and election, the bus (feeds,
 * invalidations, the leader's orders), jobs that are due, and the duties that features bring. What one round sends leaves as one
 * request.
 * Cost: 6 commands a minute for an idle deployment, 9 where every tick wakes a fresh isolate.
 */
export async function runCron(services: Invocation, features: FeatureIndex, forMs: number): Promise<void> {
  const { isolate, coordination, pubsub, log, clock, left } = services;
  const runner = createRunner(services, features.jobs);
  services.followBus();
  pubsub.subscribe<{ dueAt: number }>(soonChannel, ({ data }) => {
    isolate.jobs.dueAt = Math.min(isolate.jobs.dueAt, data.dueAt);
    isolate.duties.set(runner.duty.name, 0);
  });
  const groups = [...features.feeds.values()].map((feed) => feed.open(services));
  const bus: Duty = { name: "bus", ...pubsub.duty({ followers: groups }) };
  const own = [...features.duties].map(([name, duty]): Duty => ({ name, ...duty(services) }));
  const result = await runDuties({
    coordination,
    duties: [bus, runner.duty, ...own],
    times: isolate.duties,
    forMs,
    left,
    clock,
    report: ({ type, duty, error }: DutyEvent) => log("warn", type, { duty, error: String(error) }),
  });
  log("debug", "cron", { ...result });
}
