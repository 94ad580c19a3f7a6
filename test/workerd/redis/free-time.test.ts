import { expect, it } from "vitest";
import { sleepWhileFree } from "../../../src/redis/free-time.ts";

/** A clock whose timers fire `lateMs` too late. */
function createLateClock(lateMs: number) {
  const time = { now: 0 };
  const sleep = async (ms: number) => void (time.now += ms + (ms === 0 ? 0 : lateMs));
  return { time, clock: { now: () => time.now, sleep } };
}

const never = new AbortController().signal;

it.each([
  ["of a free isolate", 0, 250, 0],
  ["that are usually late", 20, 350, 0],
  ["of a busy isolate", 21, 355, 5 * 21],
  ["that take all of the time twice over", 190, 500, 380],
  ["of an isolate that hardly runs", 400, 920, 800],
])("sleeps for 250 ms by timers %s, and for as much again at most", async (_whose, lateMs, tookMs, busyMs) => {
  const { time, clock } = createLateClock(lateMs);
  expect(await sleepWhileFree(clock, 250, never)).toEqual({ busyMs });
  expect(time.now).toBe(tookMs);
});

it("gives an answer that waits behind the last timer its turn, unless it has come", async () => {
  const sleeps: number[] = [];
  const abort = new AbortController();
  const clock = { now: () => 0, sleep: async (ms: number) => void sleeps.push(ms) };
  await sleepWhileFree(clock, 50, never);
  abort.abort();
  await sleepWhileFree(clock, 50, abort.signal);
  expect(sleeps).toEqual([50, 0]);
});
