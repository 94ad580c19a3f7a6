import type { Clock } from "../../src/platform/index.ts";

/** A clock that only `moveTo` moves. */
export interface MovableClock {
  readonly clock: Clock;
  /** Returns how many sleep. */
  sleeping(): number;
  /** Returns when the next sleeper wakes, in epoch milliseconds; `Infinity` without sleepers. */
  nextAt(): number;
  /** Moves to a time and wakes the sleepers due by then, in order. */
  moveTo(at: number): void;
}

/** Returns a clock that shows `startAt`. `random` is its source of chance. Default: `Math.random`. */
export function createMovableClock(startAt: number, random: () => number = Math.random): MovableClock {
  let now = startAt;
  const sleepers = new Set<{ at: number; wake(): void }>();
  return {
    clock: {
      now: () => now,
      random,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted) return resolve();
          // Timers drop fractions of a millisecond, and so `now` stays a whole number.
          const sleeper = { at: now + Math.max(0, Math.trunc(ms)), wake: resolve };
          sleepers.add(sleeper);
          signal?.addEventListener(
            "abort",
            () => {
              sleepers.delete(sleeper);
              resolve();
            },
            { once: true },
          );
        }),
    },
    sleeping: () => sleepers.size,
    nextAt: () => Math.min(Number.POSITIVE_INFINITY, ...[...sleepers].map(({ at }) => at)),
    moveTo(at) {
      now = Math.max(now, at);
      const due = [...sleepers].filter((sleeper) => sleeper.at <= now).toSorted((a, b) => a.at - b.at);
      for (const sleeper of due) {
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
  };
}
