import { expect, it } from "vitest";
import { createWorldClock } from "../../../../local/playground/server/world-clock.ts";

it("shows the machine's time, and moves ahead of it", () => {
  let machine = 1_000;
  const clock = createWorldClock(() => machine);
  expect([clock.now(), clock.aheadMs()]).toEqual([1_000, 0]);
  clock.move(60_000);
  machine = 2_000;
  expect([clock.now(), clock.aheadMs()]).toEqual([62_000, 60_000]);
});

it("wakes what sleeps until then, in order, and lets the others sleep for the rest", async () => {
  const clock = createWorldClock();
  const woken: string[] = [];
  const sleep = (name: string, ms: number) => clock.sleep(ms).then(() => woken.push(name));
  const [late, early, rest] = [sleep("late", 3_000), sleep("early", 2_000), sleep("rest", 5_020)];
  clock.move(5_000);
  await Promise.all([late, early]);
  expect(woken).toEqual(["early", "late"]);
  await rest;
});

it("ends a sleep that is aborted", async () => {
  const clock = createWorldClock();
  const abort = new AbortController();
  const slept = clock.sleep(60_000, abort.signal);
  abort.abort();
  await slept;
  await clock.sleep(60_000, abort.signal);
});
