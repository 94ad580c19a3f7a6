import { createJobRunner, type JobEvent, type JobHandler, type JobRunner } from "../jobs/index.ts";
import type { FeatureJobs, Feeds } from "./feature.ts";
import { workOf } from "./feeds.ts";
import type { Invocation } from "./invocation.ts";

/** What the runner looks up in the features. */
export interface Scheduled {
  jobs: FeatureJobs;
  feeds: Feeds;
}

/** Makes what runs the features' jobs, and delivers their feeds, for one invocation. Cost: 0 commands. */
export function createRunner(services: Invocation, { jobs, feeds }: Scheduled): JobRunner {
  const { isolate, config, clock, log } = services;
  const handlers = Object.fromEntries(
    [...jobs].map(([kind, work]): [string, JobHandler] => [kind, (job, run) => work(job, services, run)]),
  );
  return createJobRunner({
    state: isolate.jobs,
    redis: () => services.redis.within(timeoutMs),
    prefix: config.keyPrefix,
    handlers,
    wakes: workOf(services, feeds),
    budget: services,
    clock,
    // An instance that works is a member.
    onWork: () => services.waitUntil(services.coordination.heartbeat()),
    report: (event) => report(log, event),
  });
}

// --- Internal helpers ---

const timeoutMs = 1_500;

const levels: Record<JobEvent["type"], "debug" | "warn" | "error"> = {
  done: "debug",
  retry: "warn",
  "occurrence-failed": "warn",
  dead: "error",
  "wake-failed": "warn",
  "claim-lost": "warn",
  unreadable: "error",
  failed: "warn",
};

function report(log: Invocation["log"], event: JobEvent): void {
  const { type, ...fields } = event;
  const job = "job" in event ? { job: event.job.id, kind: event.job.kind } : {};
  log(levels[type], `job ${type}`, { ...fields, ...job, ...("error" in event && { error: String(event.error) }) });
}
