export {
  JobError,
  JobLimitError,
  JobPutOffError,
  JobRefusedError,
  JobTakenError,
  JobTimeError,
  RecurrenceError,
} from "./errors.ts";
export type { JobEvent } from "./events.ts";
export { type DeadJob, type Job, nonceOf } from "./job.ts";
export { createJobs, type JobCommands, type Jobs, type JobsOptions, type NewJob } from "./jobs.ts";
export type { JobsOverview } from "./overview.ts";
export type { DeadPage, JobPage, Page, WaitingJob } from "./pages.ts";
export type { JobHandler, Run, WakeHandler } from "./perform.ts";
export { planOfScheduled, planOfTick } from "./plan.ts";
export { nextOccurrence, type Recurrence } from "./recurrence.ts";
export { createJobRunner, type JobRunner, type JobRunnerOptions } from "./runner.ts";
export { createJobsState, type JobsState } from "./state.ts";
export type { WatchOptions } from "./watch.ts";
