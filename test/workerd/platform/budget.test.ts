import { expect, it } from "vitest";
import { BudgetSpentError, unlimited, waitForRequests } from "../../../src/platform/index.ts";
import { createFakeClock, settle } from "../../support/clock.ts";

/** Waits on a clock, and tells how that ended and when. */
function wait({ isEnough, mayBeFreed }: { isEnough: () => boolean; mayBeFreed: () => boolean }) {
  const clock = createFakeClock(0);
  const result = waitForRequests(isEnough, mayBeFreed, clock).then((isFit) => [isFit, clock.now()]);
  return { clock, result };
}

it("waits for requests that other work holds, and looks ten times a second", async () => {
  let isFree = false;
  const { clock, result } = wait({ isEnough: () => isFree, mayBeFreed: () => true });
  await settle();
  await clock.advance(350);
  isFree = true;
  await clock.advance(50);
  expect(await result).toEqual([true, 400]);
});

it("does not wait where there are enough, nor where no more will be left", async () => {
  expect(await wait({ isEnough: () => true, mayBeFreed: () => true }).result).toEqual([true, 0]);
  expect(await wait({ isEnough: () => false, mayBeFreed: () => false }).result).toEqual([false, 0]);
});

it("stops waiting when no more will be left", async () => {
  let isHeld = true;
  const { clock, result } = wait({ isEnough: () => false, mayBeFreed: () => isHeld });
  await settle();
  await clock.advance(150);
  isHeld = false;
  await clock.advance(100);
  expect(await result).toEqual([false, 200]);
});

it("has a budget without a limit, and an error that names the setting", () => {
  const end = unlimited.hold(1_000);
  expect([unlimited.left(), unlimited.held()]).toEqual([Number.POSITIVE_INFINITY, 0]);
  end();
  expect(String(new BudgetSpentError(50))).toContain("may send 50 requests, and has sent them; SUBREQUESTS");
});
