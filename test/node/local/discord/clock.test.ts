import { expect, it } from "vitest";
import { machineClock } from "../../../../local/discord/clock.ts";

it("sleeps for as long as it is asked to, or until it is woken", async () => {
  const startedAt = machineClock.now();
  expect(Math.abs(startedAt - Date.now())).toBeLessThan(1_000);
  await machineClock.sleep(1);
  const woken = new AbortController();
  const sleeping = machineClock.sleep(3_600_000, woken.signal);
  woken.abort();
  await sleeping;
});
