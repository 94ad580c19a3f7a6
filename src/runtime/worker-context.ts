/** The part of Cloudflare's `ExecutionContext` that is used, and what a process on another platform adds. */
export interface WorkerContext {
  waitUntil(work: Promise<unknown>): void;
  /** Aborts when the process is about to end: ticks and requests begin no more jobs, and what runs is finished. */
  readonly stopping?: AbortSignal | undefined;
}
