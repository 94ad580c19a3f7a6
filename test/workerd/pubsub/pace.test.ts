import { expect, it } from "vitest";
import { nextPace, pauseMs, slow } from "../../../src/pubsub/pace.ts";

/** Returns the pauses of a reader to which one message comes and then none. */
function pauses(count: number, random: number): number[] {
  let pace = nextPace(slow, true);
  return Array.from({ length: count }, () => {
    const ms = pauseMs(pace, random);
    pace = nextPace(pace, false);
    return ms;
  });
}

it("looks every 250 ms after a message, then ever more slowly, up to every 20 s", () => {
  const fast = [250, 250, 250, 250, 250];
  expect(pauses(13, 0)).toEqual([...fast, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]);
  expect(pauseMs(slow, 0)).toBe(20_000);
});

it("adds up to a tenth by chance", () => {
  expect(pauses(2, 0.5)).toEqual([262.5, 262.5]);
  expect(pauseMs(slow, 1)).toBe(22_000);
});

it("goes on slowly where a reader continues", () => {
  expect(pauseMs(nextPace(slow, false), 0)).toBe(20_000);
});
