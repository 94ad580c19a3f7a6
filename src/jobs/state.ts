/** What an isolate knows of jobs: plain data that outlives an invocation. */
export interface JobsState {
  /** How far the server's clock is ahead of ours, in milliseconds. */
  aheadMs: number;
  /** When an invocation of this isolate last looked at what is due, by our clock. */
  lookedAt: number;
}

export const createJobsState = (): JobsState => ({ aheadMs: 0, lookedAt: Number.NEGATIVE_INFINITY });
