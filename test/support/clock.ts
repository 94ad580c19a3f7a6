import type { Clock } from "../../src/platform/index.ts";

/** Returns a clock that only `advance` moves. It wakes the sleepers that are due, in order, and lets each run. */
export function createFakeClock(startAt = 1_000_000) {
  let now = startAt;
  let sleepers: { at: number; wake(): void }[] = [];

  const clock: Clock = {
    now: () => now,
    random: Math.random,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        // Timers drop fractions of a millisecond, and so `now` stays a whole number.
        const sleeper = { at: now + Math.trunc(ms), wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener("abort", () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          resolve();
        });
      }),
  };

  return {
    ...clock,
    sleeping: () => sleepers.length,
    async advance(ms: number) {
      const until = now + ms;
      for (;;) {
        const due = sleepers.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
        if (!due) break;
        now = Math.max(now, due.at);
        sleepers = sleepers.filter((other) => other !== due);
        due.wake();
        await settle();
      }
      now = until;
      await settle();
    },
  };
}

/** Lets every promise that can settle without I/O or time do so. */
export async function settle(turns = 60): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
}
