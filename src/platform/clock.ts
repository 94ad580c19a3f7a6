/**
 * Time and chance, as every part needs them. One clock reaches all parts, so that a whole Worker runs on a fake one.
 *
 * Deployed, `now` stands still between I/O: wait with `sleep`, never by watching `now` advance.
 */
export interface Clock {
  /** Returns epoch milliseconds. */
  now(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` is aborted. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Returns a number from 0 up to, but not including, 1. */
  random(): number;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      // A signal may outlive many sleeps: each takes its listener along.
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal?.addEventListener("abort", end);
    }),
  random: () => Math.random(),
};
