/** The base of the errors that jobs throw besides those of Redis. `code` is stable. */
export abstract class JobError extends Error {
  abstract readonly code: string;
}

/** A cron expression or time zone that cannot be read, or that never comes again. */
export class RecurrenceError extends JobError {
  readonly code = "E_JOB_RECURRENCE";
  override readonly name = "RecurrenceError";
}

/**
 * Thrown by a handler when another try would not help. A one-shot job goes to the dead jobs with this reason. Of a recurring job
 * only this occurrence is given up, unless `isFinal`: then there is no one left to do it for.
 */
export class JobRefusedError extends JobError {
  readonly code = "E_JOB_REFUSED";
  override readonly name = "JobRefusedError";
  readonly isFinal: boolean;
  constructor(message: string, { isFinal = false, ...options }: ErrorOptions & { isFinal?: boolean } = {}) {
    super(message, options);
    this.isFinal = isFinal;
  }
}

/**
 * Thrown by a handler that cannot do the job yet: it is tried again at `at` (epoch milliseconds), and this was no try. At a time
 * that no job can be due at it is an ordinary failure.
 */
export class JobPutOffError extends JobError {
  readonly code = "E_JOB_PUT_OFF";
  override readonly name = "JobPutOffError";
  readonly at: number;
  constructor(message: string, at: number, options?: ErrorOptions) {
    super(message, options);
    this.at = at;
  }
}

/** The id is that of another owner's job, which stays as it is. */
export class JobTakenError extends JobError {
  readonly code = "E_JOB_TAKEN";
  override readonly name = "JobTakenError";
  constructor(id: string) {
    super(`No job can be kept under the id "${id}": another owner has a job of that id`);
  }
}

/** The owner has as many jobs as an owner may have. */
export class JobLimitError extends JobError {
  readonly code = "E_JOB_LIMIT";
  override readonly name = "JobLimitError";
  readonly most: number;
  constructor(most: number) {
    super(`The owner has ${most} jobs, as many as an owner may have`);
    this.most = most;
  }
}

/** A time that no job can be due at: not finite, not whole, before 1970, or beyond what a `Date` can show. */
export class JobTimeError extends JobError {
  readonly code = "E_JOB_TIME";
  override readonly name = "JobTimeError";
  constructor(dueAt: unknown) {
    super(`A job is due at whole epoch milliseconds, not at ${String(dueAt).slice(0, 40)}`);
  }
}
