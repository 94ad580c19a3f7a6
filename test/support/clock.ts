import type { Clock } from "../../src/platform/index.ts";

/** A clock moved by hand. `advance` wakes whoever is due, in order, and lets them run. */
export function createFakeClock(startAt = 1_000_000) {
  let now = startAt;
  let sleepers: { at: number; wake(): void }[] = [];

  const clock: Clock = {
    now: () => now,
    random: Math.random,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper = { at: now + ms, wake: resolve };
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
