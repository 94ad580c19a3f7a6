/** What jobs throw besides the errors of Redis. `code` is stable. */
export abstract class JobError extends Error {
  abstract readonly code: string;
}

/** A cron expression or time zone that says nothing, or never comes again. */
export class RecurrenceError extends JobError {
  readonly code = "E_JOB_RECURRENCE";
  override readonly name = "RecurrenceError";
}

/** Thrown by a handler: trying again would not help. The job is given up with this reason. */
export class JobRefusedError extends JobError {
  readonly code = "E_JOB_REFUSED";
  override readonly name = "JobRefusedError";
}
