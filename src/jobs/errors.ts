/** The errors of jobs, besides those of `redis/`. `code` is stable. */
export abstract class JobError extends Error {
  abstract readonly code: string;
}

/** The cron expression or time zone is wrong, or the expression has no further occurrence. */
export class RecurrenceError extends JobError {
  readonly code = "E_JOB_RECURRENCE";
  override readonly name = "RecurrenceError";
}

/** A handler throws it when another try would not help. The job is given up with this reason. */
export class JobRefusedError extends JobError {
  readonly code = "E_JOB_REFUSED";
  override readonly name = "JobRefusedError";
}
