import { describe, expect, it } from "vitest";
import { createJobsState } from "../../../src/jobs/index.ts";
import { createFakeClock, settle } from "../../support/clock.ts";
import { at, logOf, never, none, openWatch, startAt } from "./watch-support.ts";

// When an invocation looks and claims.

describe("a job that is known to be due", () => {
  it.each([
    [5_000, 5_000, 0, ["claim 5000"]],
    [5_000, 4_999, 0, []],
    [5_000, 4_500, 500, ["claim 4500"]],
    [5_000, 4_499, 500, []],
    [5_000, 5_400, -400, ["claim 5400"]],
  ])("at %i, watched until %i by a server that is %i ms ahead: %j", async (dueAt, until, aheadMs, expected) => {
    const state = { ...createJobsState(), aheadMs };
    expect(await logOf({ dueAt: at(dueAt), until: at(until) }, { state })).toEqual(expected);
    expect(state.youngest).toBe(0);
  });

  it("is claimed again 50 ms after a claim that came too early, and not after one in time that found nothing", async () => {
    const replies = [{ claimedAt: at(-1), claimed: 0 }];
    const claim = () => replies.shift() ?? {};
    expect(await logOf({ dueAt: at(0), until: at(99) }, { claim })).toEqual(["claim 0", "claim 50"]);
    expect(await logOf({ dueAt: at(0), until: at(99) }, { claim: () => ({ claimedAt: at(0), claimed: 0 }) })).toEqual([
      "claim 0",
    ]);
  });

  it("is claimed after another that is due before it, and at once where the claim left due ones", async () => {
    const state = createJobsState();
    const left = [at(0), at(1)];
    const claim = () => {
      state.next = { dueAt: left.shift() ?? never, isClaimed: false };
      return {};
    };
    // The one at 1 is not due when the second claim is made, and this is no tick.
    expect(await logOf({ dueAt: at(0), until: at(99) }, { claim, state })).toEqual(["claim 0", "claim 0"]);
    const world = openWatch();
    world.watch({ dueAt: at(10), until: at(99) });
    world.watch({ dueAt: at(0), until: at(50) });
    await settle();
    await world.pass(100);
    expect(world.log).toEqual(["claim 0", "claim 10"]);
  });

  it("is claimed again where it came back while the claim was on its way", async () => {
    const replies = [at(5)];
    const world = openWatch({
      claim() {
        const claimedAt = replies.shift();
        if (claimedAt === undefined) return {};
        world.end(at(3));
        return { claimedAt };
      },
    });
    world.watch({ dueAt: at(0), until: at(99) });
    await settle();
    await world.pass(10);
    expect(world.log).toEqual(["claim 0", "claim 3"]);
  });

  it("is claimed after a pause, and when the claim has ended, where the reply to a claim was lost", async () => {
    const replies = [true];
    const claim = async () => {
      if (replies.shift()) throw new Error("lost");
      return {};
    };
    const state = { ...createJobsState(), aheadMs: 100 };
    const log = await logOf({ dueAt: at(0), until: at(60_000) }, { claim, state });
    expect(log).toEqual(["claim 0", "claim 1250", "claim 20050"]);
  });
});

describe("a tick", () => {
  it.each([
    [35_000, 0, ["look 0", "claim 35000"]],
    [35_001, 0, ["look 0"]],
    [35_500, 500, ["look 0", "claim 35000"]],
    [34_501, -500, ["look 0"]],
  ])("that sees a job due at %i on a clock %i ms ahead, and looks no more: %j", async (dueAt, aheadMs, expected) => {
    const state = { ...createJobsState(), aheadMs };
    const next = () => ({ dueAt: at(dueAt), isClaimed: false });
    const claim = () => ((state.next = none), {});
    expect(await logOf({ looks: [at(0)], until: at(60_000) }, { state, next, claim })).toEqual(expected);
  });

  it("looks at its times in their order, the last at its end, and claims nothing that it does not see", async () => {
    const looks = [at(60_000), at(0), at(60_001), at(30_000)];
    expect(await logOf({ looks, until: at(60_000) })).toEqual(["look 0", "look 30000", "look 60000"]);
  });

  it("looks at the end of a claim that it sees, and claims the job that is still there", async () => {
    const state = createJobsState();
    const next = () => ({ dueAt: at(5_000), isClaimed: true });
    const claim = () => ((state.next = none), {});
    const looks = [at(0), at(30_000)];
    const found = [next, next, () => none];
    const log = await logOf({ looks, until: at(60_000) }, { state, claim, next: () => found.shift()?.() ?? none });
    expect(log).toEqual(["look 0", "look 5000", "claim 5000", "look 30000"]);
    // Settled by then, nothing is claimed.
    const settled = [next, () => none];
    expect(await logOf({ looks: [at(0)], until: at(60_000) }, { next: () => settled.shift()?.() ?? none })).toEqual([
      "look 0",
      "look 5000",
    ]);
  });

  it("leaves out the looks that were due while it claimed", async () => {
    const clock = createFakeClock(startAt);
    const world = openWatch({ clock, claim: () => clock.sleep(2_000).then(() => ({})) });
    world.watch({ looks: [at(0), at(5_000), at(6_000), at(6_001)], dueAt: at(4_000), until: at(9_000) });
    await settle();
    await world.pass(9_000);
    expect(world.log).toEqual(["look 0", "claim 4000", "look 6001"]);
  });

  it("waits for less again after a failure that follows a success", async () => {
    const found = [false, false, true, false, true];
    const next = () => {
      if (found.shift() === false) throw new Error("Redis is away");
      return none;
    };
    const log = await logOf({ looks: [at(0), at(10_000)], until: at(60_000) }, { next });
    expect(log).toEqual(["look 0", "look 1250", "look 3750", "look 10000", "look 11250"]);
  });
});

describe("two ticks of an isolate", () => {
  it("look once between them, and the older claims a second later what the younger has not", async () => {
    const state = createJobsState();
    const clock = createFakeClock(startAt);
    const next = () => ({ dueAt: at(40_000), isClaimed: false });
    const take = () => ((state.next = none), {});
    const older = openWatch({ state, clock, next, claim: take });
    older.watch({ looks: [at(0), at(30_000), at(44_500)], until: at(60_000) });
    await settle();
    await clock.advance(10_000);
    const younger = openWatch({ state, clock, next, claim: () => clock.sleep(5_000).then(take) });
    younger.watch({ looks: [at(10_000), at(30_000)], until: at(50_000) });
    await settle();
    await clock.advance(50_000);
    // By the last look of the older, no other looks.
    expect(older.log).toEqual(["look 0", "claim 41000", "look 45500", "claim 45500"]);
    expect(younger.log).toEqual(["look 10000", "look 30000", "claim 40000"]);
  });

  it("hand over when the younger has no requests left", async () => {
    const state = createJobsState();
    const clock = createFakeClock(startAt);
    const next = () => ({ dueAt: at(40_000), isClaimed: false });
    const older = openWatch({ state, clock, next, claim: () => ((state.next = none), {}) });
    const over = older.watch({ looks: [at(0), at(30_000)], until: at(60_000) });
    await settle();
    const younger = openWatch({ state, clock, runs: { room: () => 0 } });
    const spent = younger.watch({ looks: [at(0), at(30_000)], until: at(60_000) });
    await settle();
    expect([spent.isOver, state.youngest, younger.log]).toEqual([true, 1, []]);
    await clock.advance(60_000);
    expect(older.log).toEqual(["look 0", "look 30000", "claim 40000"]);
    expect([over.isOver, state.youngest]).toEqual([true, 0]);
  });

  it("that end in the order in which they began leave the younger the youngest", async () => {
    const state = createJobsState();
    const clock = createFakeClock(startAt);
    const [older, younger] = [openWatch({ state, clock }), openWatch({ state, clock })];
    older.watch({ looks: [at(1_000)], until: at(2_000) });
    younger.watch({ looks: [at(5_000)], until: at(9_000) });
    await settle();
    await clock.advance(3_000);
    expect(state.youngest).toBe(2);
    await clock.advance(9_000);
    expect([younger.log, older.log]).toEqual([["look 5000"], []]);
  });

  it("look both at the end of a claim, the older a second later", async () => {
    const state = { ...createJobsState(), next: { dueAt: at(20_000), isClaimed: true } };
    const clock = createFakeClock(startAt);
    const next = () => ({ dueAt: at(20_000), isClaimed: clock.now() < at(20_000) });
    const older = openWatch({ state, clock, next: () => none });
    older.watch({ looks: [at(60_000)], until: at(50_000) });
    // Something of it still runs, and it looks no more.
    openWatch({ state, clock, next, runs: { isBusy: () => true } }).watch({ looks: [at(0)], until: at(10_000) });
    await settle();
    await clock.advance(60_000);
    expect(older.log).toEqual(["look 21000"]);
  });
});

it("is no tick any more once it is over", async () => {
  const state = { ...createJobsState(), youngest: 5 };
  const world = openWatch({ state });
  world.watch({ looks: [at(0)], until: at(0) });
  await settle();
  state.next = { dueAt: at(5_500), isClaimed: false };
  world.watch({ dueAt: at(5_000), until: at(9_000) });
  await settle();
  await world.pass(9_000);
  expect([world.log, state.youngest]).toEqual([["look 0", "claim 5000"], 5]);
});
