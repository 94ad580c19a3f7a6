import type { Invocation } from "../../invocation.ts";
import { createJobRunner, type JobEvent, type JobHandler, type JobRunner } from "../../jobs/index.ts";
import { broadcast } from "./broadcast.ts";
import { closePoll } from "./close-poll.ts";
import { remind } from "./remind.ts";

/** What a job's file exports: the work, in the invocation that runs it. */
export type BotJob = (invocation: Invocation) => JobHandler;

/** The bot's jobs, by their kind: add a file beside this one, and its name here. */
const all: Readonly<Record<string, BotJob>> = { remind, "close-poll": closePoll, broadcast };

/** How long a pump goes without a look at what is due: `soon.ts` tells it of what is due sooner. */
const lookMs = 150_000;

/** Runs the bot's jobs, for one invocation. 0 commands. */
export function createRunner(invocation: Invocation): JobRunner {
  const { isolate, redis, config, now, log } = invocation;
  const handlers = Object.fromEntries(Object.entries(all).map(([kind, job]) => [kind, job(invocation)]));
  return createJobRunner({
    state: isolate.jobs,
    redis: () => redis.within(timeoutMs),
    prefix: config.keyPrefix,
    handlers,
    lookMs,
    now,
    report: (event) => report(log, event),
  });
}

// --- Internal helpers ---

const timeoutMs = 1_500;

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
