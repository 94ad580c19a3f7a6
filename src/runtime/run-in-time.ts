import type { Job } from "../jobs/index.ts";
import type { FeatureJobs } from "./feature.ts";
import type { Invocation } from "./invocation.ts";
import { createRunner } from "./job-runner.ts";

/** Ticks are told on this channel of jobs that are due before they look again. */
export const soonChannel = "jobs.soon";

/** A Worker lives 30 s past its answer. */
const ownMs = 25_000;
/** A little more than a tick goes without a look. */
const soonMs = 180_000;

/**
 * Makes sure a job that was just scheduled runs on time: within 25 s in this invocation, behind its answer; within three minutes
 * by telling the ticks. Later ones are found by the ticks themselves.
 * Cost: 0 or 1 command, and what running the job costs.
 */
export function runInTime(services: Invocation, jobs: FeatureJobs, { kind, dueAt }: Job): void {
  const waitMs = dueAt - services.clock.now();
  if (waitMs > soonMs) return;
  const isForLeader = typeof jobs.get(kind) === "object" && !services.coordination.isLeader();
  if (waitMs > ownMs || isForLeader) {
    services.waitUntil(services.pubsub.publish(soonChannel, { dueAt }));
    return;
  }
  services.waitUntil(runAt(services, jobs, waitMs));
}

// --- Internal helpers ---

async function runAt(services: Invocation, jobs: FeatureJobs, waitMs: number): Promise<void> {
  await services.clock.sleep(Math.max(0, waitMs));
  await createRunner(services, jobs).run();
}
