import { type Clock, reasonOf } from "../platform/index.ts";
import type { Claim, Outcome } from "./claims.ts";
import { JobPutOffError, JobRefusedError, JobTimeError, RecurrenceError } from "./errors.ts";
import type { JobEvent } from "./events.ts";
import { isTime, type Job, nonceOf } from "./job.ts";
import { wakeName } from "./keys.ts";
import { nextOccurrence } from "./recurrence.ts";

export interface Run {
  /** The same for every try at this due time, so that a visible effect can be made to happen once. */
  nonce: string;
  /** 1 at first. */
  attempt: number;
}

/** Does a job. Called at least once for each due time: make visible effects depend on `run.nonce`. Throw to be called again. */
export type JobHandler = (job: Job, run: Run) => Promise<void>;

/** Does the work behind a wake-up. Returns when to be woken next (epoch milliseconds), or nothing when all is done. */
export type WakeHandler = () => Promise<number | undefined>;

/** Does what was claimed, and returns what becomes of it. `claimedAt` is the server's time then. Never throws. */
export type Perform = (claim: Claim, claimedAt: number) => Promise<Outcome>;

export interface PerformOptions {
  /** By the job's kind. */
  handlers: Readonly<Record<string, JobHandler>>;
  /** By the wake-up's name. */
  wakes: Readonly<Record<string, WakeHandler>>;
  maxAttempts: number;
  /** A recurring job is given up after as many occurrences in a row. */
  maxFailures: number;
  clock: Pick<Clock, "random">;
  /** The server's time, as far as known, in epoch milliseconds. */
  serverNow(): number;
  report(event: JobEvent): void;
}

export function createPerform({
  handlers,
  wakes,
  maxAttempts,
  maxFailures,
  clock,
  serverNow,
  report,
}: PerformOptions): Perform {
  const retryAt = (attempt: number): number => Math.ceil(serverNow() + backoffMs(attempt, clock.random()));

  async function wake(name: string, { attempt, dueAt }: Claim): Promise<Outcome> {
    try {
      const at = await ownOf(wakes, name)?.();
      if (at === undefined) return { is: "done" };
      if (!isTime(at)) throw new JobTimeError(at);
      // Work that found too few requests keeps its place.
      return { is: "again", at: at > serverNow() ? at : dueAt };
    } catch (error) {
      report({ type: "wake-failed", name, error });
      return { is: "again", at: retryAt(attempt), unfinished: Math.min(attempt, maxAttempts) };
    }
  }

  /** Another version wrote it and may come to claim it; after as many tries as any other job it is set aside. */
  function setAside({ id, attempt }: Claim, record: string): Outcome {
    report({ type: "unreadable", id });
    if (attempt < maxAttempts) return { is: "again", at: retryAt(attempt), unfinished: attempt };
    return { is: "dead", dead: { record, reason: "its record cannot be read", at: serverNow() } };
  }

  function bury(job: Job, reason: string): Outcome {
    report({ type: "dead", job, reason });
    return { is: "dead", dead: { job, reason, at: serverNow() } };
  }

  /**
   * A recurring job is due again; occurrences missed meanwhile are left out. `unreadable`: another version wrote a recurrence that
   * this one cannot read.
   */
  function nextOf(
    job: Job,
    change: Partial<Job>,
    unreadable: (reason: string) => Outcome | undefined,
  ): Outcome | undefined {
    if (!job.every) return undefined;
    try {
      const dueAt = nextOccurrence(job.every, Math.max(job.dueAt, serverNow()));
      return { is: "again", at: dueAt, job: { ...job, dueAt, attempts: 0, ...change } };
    } catch (error) {
      return error instanceof RecurrenceError && error.cause ? unreadable(error.message) : undefined;
    }
  }

  function giveUp(job: Job, reason: string, isFinal = false): Outcome {
    const failures = (job.failures ?? 0) + 1;
    const next =
      isFinal || failures >= maxFailures ? undefined : nextOf(job, { failures, problem: reason }, () => undefined);
    if (next?.is === "again") {
      report({ type: "occurrence-failed", job, reason, at: next.at });
      return next;
    }
    return bury(job, reason);
  }

  async function run(job: Job, { attempt, unfinished }: Claim, claimedAt: number): Promise<Outcome> {
    // The record says when, whatever the score says: a failover may have lost one of the two writes.
    if (job.dueAt > claimedAt) return { is: "again", at: job.dueAt, unfinished };
    if (attempt > maxAttempts) return giveUp(job, `${maxAttempts} tries began, but did not end`);
    try {
      const handler = ownOf(handlers, job.kind);
      if (!handler) throw new Error(`nothing here handles "${job.kind}"`);
      await handler(job, { nonce: nonceOf(job), attempt });
      report({ type: "done", job, attempt, lateMs: serverNow() - job.dueAt });
      return nextOf(job, { failures: 0 }, (reason) => bury(job, reason)) ?? { is: "done" };
    } catch (error) {
      if (error instanceof JobPutOffError && isTime(error.at)) {
        // A handler that always puts off to now does not spin.
        const at = Math.max(error.at, serverNow() + minPauseMs);
        return { is: "again", at, job: { ...job, attempts: attempt - 1 } };
      }
      const reason = reasonOf(error).slice(0, maxReason);
      if (error instanceof JobRefusedError) return giveUp(job, reason, error.isFinal);
      if (attempt >= maxAttempts) return giveUp(job, reason);
      const at = retryAt(attempt);
      report({ type: "retry", job, attempt, at, error });
      return { is: "again", at, job: { ...job, attempts: attempt } };
    }
  }

  return async function perform(claim, claimedAt) {
    const name = wakeName(claim.id);
    if (name !== undefined) return wake(name, claim);
    const { record, job } = claim;
    if (record === null) return { is: "done" };
    return job ? run(job, claim, claimedAt) : setAside(claim, record);
  };
}

// --- Internal helpers ---

/** A name from Redis may be one that every object has. */
const ownOf = <T>(all: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(all, name) ? all[name] : undefined;

/** Until a job that is put off to a time that has passed is run again. */
const minPauseMs = 1_000;

/** Characters of a reason that are kept with the job. */
const maxReason = 500;

/** 5 s, doubling up to 10 minutes, and up to half of it more. */
const backoffMs = (attempt: number, random: number): number =>
  Math.min(5_000 * 2 ** (attempt - 1), 600_000) * (1 + random / 2);
