import type { Clock } from "../../../src/platform/index.ts";

/** The machine's clock, moved ahead by hand: what sleeps until then wakes. It never goes back. */
export interface WorldClock extends Pick<Clock, "now" | "sleep"> {
  /** Returns how far it is ahead of the machine's clock, in milliseconds. */
  aheadMs(): number;
  /** Moves it further ahead. */
  move(byMs: number): void;
}

interface Sleeper {
  at: number;
  timer: NodeJS.Timeout;
  wake(): void;
}

/** Returns a clock that shows the machine's time until it is moved. */
export function createWorldClock(machine: () => number = Date.now): WorldClock {
  let aheadMs = 0;
  const sleepers = new Set<Sleeper>();
  const now = () => machine() + aheadMs;

  return {
    now,
    aheadMs: () => aheadMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = () => {
          sleepers.delete(sleeper);
          clearTimeout(sleeper.timer);
          resolve();
        };
        const sleeper: Sleeper = { at: now() + ms, timer: setTimeout(() => wake(), ms), wake };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", wake, { once: true });
      }),
    move(byMs) {
      aheadMs += byMs;
      const due = [...sleepers].filter(({ at }) => at <= now()).toSorted((a, b) => a.at - b.at);
      for (const { wake } of due) wake();
      // The timers of the others run on, and would end too late.
      for (const sleeper of sleepers) {
        clearTimeout(sleeper.timer);
        sleeper.timer = setTimeout(sleeper.wake, sleeper.at - now());
      }
    },
  };
}
