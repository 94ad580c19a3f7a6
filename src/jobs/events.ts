import type { Job } from "./job.ts";

/** The events that a runner reports. */
export type JobEvent =
  | { type: "done"; job: Job; attempt: number; lateMs: number }
  | { type: "retry"; job: Job; attempt: number; at: number; error: unknown }
  /** A recurring job goes on after an occurrence that failed. */
  | { type: "occurrence-failed"; job: Job; reason: string; at: number }
  | { type: "dead"; job: Job; reason: string }
  | { type: "wake-failed"; name: string; error: unknown }
  /** The claim ended before the job was settled: another invocation runs it too, or it was moved or cancelled. */
  | { type: "claim-lost"; id: string }
  /** The record is another version's, or damaged. */
  | { type: "unreadable"; id: string }
  | { type: "failed"; error: unknown };
