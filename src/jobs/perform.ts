import type { Clock } from "../platform/index.ts";
import type { Claim, Outcome } from "./claims.ts";
import { JobRefusedError } from "./errors.ts";
import type { JobEvent } from "./events.ts";
import { type Job, nonceOf } from "./job.ts";
import { nextOccurrence } from "./recurrence.ts";
import type { JobsState } from "./state.ts";

/** One try at a job. */
export interface Run {
  /** The same for every try at this due time, so that visible effects happen once. */
  nonce: string;
  /** 1 for the first try. */
  attempt: number;
}

/** Does a job. Called at least once: make visible effects depend on `run.nonce`. Throw to be called again later. */
export type JobHandler = (job: Job, run: Run) => Promise<void>;

export interface PerformOptions {
  /** By the job's kind. */
  handlers: Readonly<Record<string, JobHandler>>;
  state: JobsState;
  maxAttempts: number;
  clock: Pick<Clock, "now" | "random">;
  report(event: JobEvent): void;
}

/** Runs a claimed job's handler. Returns the outcome; throws when the record is unreadable. */
export async function perform(claim: Claim, options: PerformOptions): Promise<Outcome> {
  const { handlers, state, maxAttempts, clock, report } = options;
  const { job, attempt } = claim;
  if (claim.isGone) return { is: "done" };
  if (!job) {
    // The version that wrote it may still claim it.
    report({ type: "unreadable", id: claim.id });
    throw new Error("unreadable");
  }
  const serverNow = () => clock.now() + state.aheadMs;
  // The record decides: a server may have lost one of the two writes.
  if (job.dueAt > serverNow()) return { is: "again", job, at: job.dueAt };
  if (attempt > maxAttempts) return giveUp(job, `${maxAttempts} tries began, but did not end`, options);
  try {
    const handler = handlers[job.kind];
    if (!handler) throw new Error(`no handler for "${job.kind}"`);
    await handler(job, { nonce: nonceOf(job), attempt });
    report({ type: "done", job, attempt, lateMs: serverNow() - job.dueAt });
    return next(job, serverNow());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof JobRefusedError || attempt >= maxAttempts) return giveUp(job, reason, options);
    const at = Math.ceil(serverNow() + backoffMs(attempt, clock.random()));
    report({ type: "retry", job, attempt, at, error });
    return { is: "again", job: { ...job, attempts: attempt }, at };
  }
}

// --- Internal helpers ---

/** A recurring job is due again after now; occurrences that it missed are left out. */
function next(job: Job, now: number): Outcome {
  if (!job.every) return { is: "done" };
  try {
    const dueAt = nextOccurrence(job.every, Math.max(job.dueAt, now));
    return { is: "again", job: { ...job, dueAt, attempts: 0 }, at: dueAt };
  } catch {
    return { is: "done" };
  }
}

function giveUp(job: Job, reason: string, { clock, report }: PerformOptions): Outcome {
  report({ type: "dead", job, reason });
  return { is: "dead", job, reason, at: clock.now() };
}

/** 5 s, doubling up to 10 minutes, and up to half of it more. */
const backoffMs = (attempt: number, random: number): number =>
  Math.min(5_000 * 2 ** (attempt - 1), 600_000) * (1 + random / 2);
