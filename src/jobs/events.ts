import type { Job } from "./job.ts";

/** Events that a runner reports. The caller turns it into logs and metrics. */
export type JobEvent =
  | { type: "done"; job: Job; attempt: number; lateMs: number }
  | { type: "retry"; job: Job; attempt: number; at: number; error: unknown }
  | { type: "dead"; job: Job; reason: string }
  /** The claim was no longer valid: the job was moved or cancelled, or another runner claimed it too. */
  | { type: "claim-lost"; id: string }
  /** Another version of the bot wrote the record. */
  | { type: "unreadable"; id: string }
  | { type: "failed"; error: unknown };
