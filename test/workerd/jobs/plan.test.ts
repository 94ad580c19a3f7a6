import { expect, it } from "vitest";
import { planOfScheduled, planOfTick } from "../../../src/jobs/plan.ts";

const now = 1_800_000_000_000;

it("has a tick look at once, after half a minute and half a minute into the next one, and claim for two minutes", () => {
  const { looks, until, dueAt } = planOfTick(now);
  expect([looks, until, dueAt]).toEqual([[now, now + 30_000, now + 90_000], now + 120_000, undefined]);
});

it.each([
  [1, [0]],
  [29_999, [0]],
  [30_000, [0, 30_000]],
  [55_000, [0, 30_000]],
  [120_000, [0, 30_000, 90_000]],
])("has a tick of %i ms look and claim no longer than it lasts", (ms, looks) => {
  expect(planOfTick(now, ms)).toEqual({ looks: looks.map((at) => now + at), until: now + ms });
});

it.each([
  [28_500, 0, true],
  [28_501, 0, false],
  [28_501, 1, true],
  [28_500, -1, false],
  [-60_000, 0, true],
])("leaves an invocation a job that is due in 28.5 s: in %i ms, on a server %i ms ahead: %s", (ms, aheadMs, isOwn) => {
  const dueAt = now + ms;
  expect(planOfScheduled(now, dueAt, aheadMs)).toEqual(isOwn ? { dueAt, until: now + 29_500 } : undefined);
});
