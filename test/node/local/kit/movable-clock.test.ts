import { expect, it } from "vitest";
import { createMovableClock } from "../../../../local/kit/movable-clock.ts";

function start() {
  const { clock, ...rest } = createMovableClock(1_000, () => 0.25);
  const woken: string[] = [];
  const sleep = (name: string, ms: number, signal?: AbortSignal) =>
    void clock.sleep(ms, signal).then(() => woken.push(name));
  const settled = async () => {
    await Promise.resolve();
    return woken;
  };
  return { clock, ...rest, sleep, settled };
}

it("stands still until it is moved, and never goes back", () => {
  const { clock, moveTo } = start();
  expect([clock.now(), clock.random()]).toEqual([1_000, 0.25]);
  moveTo(1_500);
  moveTo(1_200);
  expect(clock.now()).toBe(1_500);
});

it("wakes those who are due, in order, and no other", async () => {
  const { sleep, moveTo, sleeping, nextAt, settled } = start();
  expect([sleeping(), nextAt()]).toEqual([0, Number.POSITIVE_INFINITY]);
  sleep("late", 30);
  sleep("early", 10.9);
  sleep("rest", 31);
  expect([sleeping(), nextAt()]).toEqual([3, 1_010]);
  moveTo(1_009);
  expect(await settled()).toEqual([]);
  moveTo(1_030);
  expect([await settled(), sleeping(), nextAt()]).toEqual([["early", "late"], 1, 1_031]);
});

it("wakes a sleep of no time with the next move, and one that is aborted at once", async () => {
  const { sleep, moveTo, sleeping, nextAt, settled } = start();
  sleep("now", -5);
  expect(nextAt()).toBe(1_000);
  moveTo(1_000);
  const abort = new AbortController();
  sleep("aborted", 50, abort.signal);
  abort.abort();
  sleep("never", 50, abort.signal);
  expect([await settled(), sleeping()]).toEqual([["now", "aborted", "never"], 0]);
});
