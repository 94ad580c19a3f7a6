import { createMovableClock } from "../../local/kit/movable-clock.ts";

/** Returns a clock that only `advance` moves. It wakes the sleepers that are due, in order, and lets each run. */
export function createFakeClock(startAt = 1_000_000) {
  const { clock, nextAt, moveTo, sleeping } = createMovableClock(startAt);
  return {
    ...clock,
    sleeping,
    async advance(ms: number) {
      const until = clock.now() + ms;
      while (nextAt() <= until) {
        moveTo(nextAt());
        await settle();
      }
      moveTo(until);
      await settle();
    },
  };
}

/** Lets every promise that can settle without I/O or time do so. */
export async function settle(turns = 60): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
}
