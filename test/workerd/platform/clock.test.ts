import { expect, it, onTestFinished, vi } from "vitest";
import { lazy, systemClock } from "../../../src/platform/index.ts";

it("ends a sleep when its signal is aborted, at once or meanwhile, and leaves no timer", async () => {
  const [set, cleared] = [vi.spyOn(globalThis, "setTimeout"), vi.spyOn(globalThis, "clearTimeout")];
  onTestFinished(() => void vi.restoreAllMocks());
  const aborted = AbortSignal.abort();
  await systemClock.sleep(60_000, aborted);
  const abort = new AbortController();
  const sleeping = systemClock.sleep(60_000, abort.signal);
  abort.abort();
  await sleeping;
  expect(set).toHaveBeenCalledTimes(1);
  expect(cleared.mock.calls).toEqual([[set.mock.results[0]?.value]]);
  const { signal } = new AbortController();
  const before = performance.now();
  await systemClock.sleep(0, signal);
  expect(performance.now() - before).toBeLessThan(10_000);
});

it("has a chance from 0 up to 1 that is seldom the same", () => {
  const chances = Array.from({ length: 20 }, () => systemClock.random());
  expect(chances.every((chance) => chance >= 0 && chance < 1)).toBe(true);
  expect(new Set(chances).size).toBeGreaterThan(10);
});

it("makes a value once, when it is first asked for, also one that is nothing", () => {
  let made = 0;
  const get = lazy(() => {
    made += 1;
    return undefined;
  });
  expect(made).toBe(0);
  expect([get(), get(), made]).toEqual([undefined, undefined, 1]);
});

it("leaves no listener on a signal that outlives many sleeps", async () => {
  const { signal } = new AbortController();
  const added = vi.spyOn(signal, "addEventListener");
  const removed = vi.spyOn(signal, "removeEventListener");
  await systemClock.sleep(1, signal);
  expect(removed.mock.calls).toEqual(added.mock.calls);
});
