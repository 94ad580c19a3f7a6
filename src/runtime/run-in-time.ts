import type { Job } from "../jobs/index.ts";
import type { Invocation } from "./invocation.ts";
import { createRunner, type Scheduled } from "./job-runner.ts";

/** A Worker lives 30 s past its answer, and a job needs some of that. */
const ownMs = 27_000;

/**
 * Runs a job that was just scheduled, in this invocation, when it is due within 27 s: no tick may look before then. Later ones
 * are found by the ticks, which look twice a minute.
 * Cost: 0 commands, and what claiming, running and settling the job costs.
 */
export function runInTime(services: Invocation, scheduled: Scheduled, { dueAt }: Job): void {
  const { clock, isolate, waitUntil } = services;
  const now = clock.now();
  if (dueAt - isolate.jobs.aheadMs > now + ownMs) return;
  waitUntil(createRunner(services, scheduled).watch({ dueAt, until: now + ownMs + 1_000 }));
}
