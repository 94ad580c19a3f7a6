import { type Job, planOfScheduled } from "../jobs/index.ts";
import type { Invocation } from "./invocation.ts";

/**
 * Runs a job that was just scheduled, in this invocation, when it is due soon: no tick may look before then. Later ones are found
 * by the ticks, which look twice a minute.
 * Cost: 0 commands, and the cost of claiming, running and settling the job.
 */
export function runInTime({ clock, isolate, runner, waitUntil }: Invocation, { dueAt }: Job): void {
  const plan = planOfScheduled(clock.now(), dueAt, isolate.jobs.aheadMs);
  if (plan) waitUntil(runner.watch(plan));
}
