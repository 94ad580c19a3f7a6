import type { Next } from "./claims.ts";

/** The isolate's knowledge of jobs: plain data that outlives an invocation. */
export interface JobsState {
  /** How far the server's clock is ahead of ours, in milliseconds. */
  aheadMs: number;
  /** The job that is due next, by the server's clock, as an invocation of this isolate last saw it. */
  next: Next;
  /** The number of the youngest tick that looks for due jobs. */
  youngest: number;
}

/** Makes the state of an isolate that takes its clock for right, and knows of no job. */
export const createJobsState = (): JobsState => ({
  aheadMs: 0,
  next: { dueAt: Number.POSITIVE_INFINITY, isClaimed: false },
  youngest: 0,
});

/**
 * Corrects the difference of the clocks by a reply: the server read its clock between `sentAt` and `receivedAt`. The estimate
 * changes only where it contradicts the reply, so that a slow one does no harm.
 */
export function noteServerTime(state: JobsState, sentAt: number, receivedAt: number, serverNow: number): void {
  state.aheadMs = Math.min(Math.max(state.aheadMs, serverNow - receivedAt), serverNow - sentAt);
}
