import { DiscordRateLimitError } from "../discord/index.ts";
import { createJobRunner, type JobEvent, type JobHandler, JobPutOffError, type JobRunner } from "../jobs/index.ts";
import type { FeatureJobs, JobWork } from "./feature.ts";
import type { FeedWork } from "./feeds.ts";
import type { Invocation } from "./invocation.ts";

/** Makes what runs the features' jobs, and delivers their feeds, for one invocation. Cost: 0 commands. */
export function createRunner(services: Invocation, jobs: FeatureJobs, { wakes }: FeedWork): JobRunner {
  const { isolate, config, clock, log, stopping, jobOutcomes } = services;
  const handlers = Object.fromEntries(
    [...jobs].map(([kind, work]): [string, JobHandler] => [kind, within(services, work)]),
  );
  return createJobRunner({
    state: isolate.jobs,
    redis: () => services.redis.billedTo("jobs").within(timeoutMs),
    lookRedis: () => services.redis.billedTo("idle").within(timeoutMs),
    prefix: config.keyPrefix,
    handlers,
    wakes,
    budget: services,
    clock,
    stopping,
    // An instance that works is a member.
    onWork: () => services.waitUntil(services.coordination.heartbeat()),
    report(event) {
      jobOutcomes.set(event.type, (jobOutcomes.get(event.type) ?? 0) + 1);
      services.measures.job(event, jobs);
      report(log, event);
    },
  });
}

// --- Internal helpers ---

const timeoutMs = 1_500;

/** Returns the handler of a job. One that Discord's limits leave no room for is put off: this was no try. */
const within =
  (services: Invocation, work: JobWork): JobHandler =>
  async (job, run) => {
    try {
      await work(job, services, run);
    } catch (error) {
      if (!(error instanceof DiscordRateLimitError)) throw error;
      throw new JobPutOffError(error.message, services.clock.now() + Math.ceil(error.retryAfterMs), { cause: error });
    }
  };

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
