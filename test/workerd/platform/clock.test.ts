import { expect, it, vi } from "vitest";
import { lazy, systemClock } from "../../../src/platform/index.ts";

it("ends a sleep when its signal is aborted, at once or meanwhile", async () => {
  const aborted = AbortSignal.abort();
  await systemClock.sleep(60_000, aborted);
  const abort = new AbortController();
  const sleeping = systemClock.sleep(60_000, abort.signal);
  abort.abort();
  await sleeping;
  const { signal } = new AbortController();
  const before = performance.now();
  await systemClock.sleep(0, signal);
  expect(performance.now() - before).toBeLessThan(10_000);
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
