import { createJobRunner, type JobEvent, type JobHandler, type JobRunner } from "../jobs/index.ts";
import type { FeatureJob, FeatureJobs, JobWork } from "./feature.ts";
import type { Invocation } from "./invocation.ts";

/** How long a tick goes without a look at what is due: `runInTime` tells it of jobs due sooner. */
const lookMs = 150_000;

/** Makes what runs the features' jobs, for one invocation. Cost: 0 commands. */
export function createRunner(services: Invocation, jobs: FeatureJobs): JobRunner {
  const { isolate, redis, config, clock, log } = services;
  const handlers = Object.fromEntries(
    [...jobs].map(([kind, job]): [string, JobHandler] => [kind, (one, run) => workOf(job)(one, services, run)]),
  );
  return createJobRunner({
    state: isolate.jobs,
    redis: () => redis.within(timeoutMs),
    prefix: config.keyPrefix,
    handlers,
    lookMs,
    clock,
    report: (event) => report(log, event),
  });
}

// --- Internal helpers ---

const timeoutMs = 1_500;

const workOf = (job: FeatureJob): JobWork => (typeof job === "function" ? job : job.run);

function report(log: Invocation["log"], event: JobEvent): void {
  const job = "job" in event ? { job: event.job.id, kind: event.job.kind } : {};
  const level = event.type === "done" ? "debug" : event.type === "retry" ? "warn" : "error";
  log(level, `job ${event.type}`, {
    ...job,
    ...("lateMs" in event && { lateMs: event.lateMs }),
    ...("reason" in event && { reason: event.reason }),
    ...("error" in event && { error: String(event.error) }),
  });
}
