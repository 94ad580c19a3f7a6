import { createHook } from "node:async_hooks";

/** The jobs that Web Crypto runs on other threads, which no promise or request shows. */
export interface CryptoJobs {
  /** Returns how many jobs have begun and not ended. */
  running(): number;
  /** Runs synchronous work uncounted: Node reports the beginning of such a job, but not its end. */
  ignore<T>(work: () => T): T;
  /** Ends the counting. */
  stop(): void;
}

/** The names that Node gives to such jobs. https://nodejs.org/api/async_hooks.html#type */
const types = /^(HASH|SIGN|VERIFY|KEYIMPORT)REQUEST$/;

/** Starts to count. Call `stop` in the end. */
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
