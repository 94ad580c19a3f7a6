import { createHook } from "node:async_hooks";

/** Counts the jobs that Web Crypto runs on other threads, which no promise or request shows. */
export interface CryptoJobs {
  /** Returns how many jobs have begun and not ended. */
  running(): number;
  /** Runs what computes at once, on this thread: Node shows the beginning of such a job, and never its end. */
  ignore<T>(work: () => T): T;
  stop(): void;
}

/** The names that Node gives to such jobs. https://nodejs.org/api/async_hooks.html#type */
const types = /^(HASH|SIGN|VERIFY|KEYIMPORT)REQUEST$/;

/** Begins to count. */
export function countCryptoJobs(): CryptoJobs {
  const jobs = new Set<number>();
  let isIgnoring = false;
  const hook = createHook({
    init: (id, type) => void (!isIgnoring && types.test(type) && jobs.add(id)),
    after: (id) => void jobs.delete(id),
  }).enable();
  return {
    running: () => jobs.size,
    ignore(work) {
      isIgnoring = true;
      try {
        return work();
      } finally {
        isIgnoring = false;
      }
    },
    stop: () => void hook.disable(),
  };
}
