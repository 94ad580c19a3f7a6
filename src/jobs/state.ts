/** Due times as far as an isolate knows them: plain data, shared by all its invocations. */
export interface JobsState {
  /** When the next job is due, by the server's clock; infinite when none is known. */
  dueAt: number;
  /** How far the server's clock is ahead of the isolate's, in milliseconds. */
  aheadMs: number;
  /** When Redis was last asked, by the isolate's clock. */
  lookedAt: number;
}

export const createJobsState = (): JobsState => ({
  dueAt: Number.POSITIVE_INFINITY,
  aheadMs: 0,
  lookedAt: Number.NEGATIVE_INFINITY,
});
