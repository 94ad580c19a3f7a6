export type { ClaimCommands } from "./claims.ts";
export { JobError, JobRefusedError, RecurrenceError } from "./errors.ts";
export { type DeadJob, type Job, nonceOf } from "./job.ts";
export { createJobs, type JobCommands, type Jobs, type JobsOptions, type NewJob } from "./jobs.ts";
export { nextOccurrence, type Recurrence } from "./recurrence.ts";
export {
  createJobRunner,
  createJobsState,
  type JobEvent,
  type JobHandler,
  type JobRunner,
  type JobRunnerOptions,
  type JobsState,
  type Run,
} from "./runner.ts";
