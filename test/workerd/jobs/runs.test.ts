import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../src/jobs/claims.ts";
import { settle } from "../../support/clock.ts";
import { claimOf, done, openRuns, startAt, wakeOf } from "./runs-support.ts";

// The jobs that one invocation claims: how many, when each is run, and when what has ended is settled.

describe("the room for jobs", () => {
  it.each([
    [8, 3, 0],
    [9, 3, 1],
    [11, 3, 2],
    [12, 3, 3],
    [13, 3, 3],
    [54, 3, 24],
    [56, 3, 25],
    [1_000, 3, 25],
    [6, 1, 0],
    [7, 1, 1],
  ])("of %i requests, of which each may send %i, is for %i", async (left, requestsPerJob, room) => {
    const world = openRuns({ requestsPerJob });
    world.budget.left = left;
    expect(world.runs.room()).toBe(room);
    await world.claim();
    expect(world.logged()).toEqual([`claim ${room}`]);
  });

  it("is none while a claimed job waits for a lane", async () => {
    const world = openRuns({ width: 1 });
    await world.claim(claimOf("a"), claimOf("b"), wakeOf("feeds"));
    expect([world.runs.room(), world.logged()]).toEqual([0, ["claim 25", "run ~feeds 0", "run a 0"]]);
    await world.end("a");
    // Of 97 that are not held, 47 are kept for the wake-up.
    expect([world.runs.room(), world.logged()]).toEqual([22, ["ended", "run b 0"]]);
  });

  it("is halved between jobs and wake-ups until the last of those has ended", async () => {
    const world = openRuns();
    world.budget.left = 46;
    await world.claim(wakeOf("a"), wakeOf("b"));
    // 41 are free, of which 20 are kept.
    expect(world.runs.room()).toBe(10);
    await world.end("~a");
    expect(world.runs.room()).toBe(10);
    await world.end("~b");
    expect(world.runs.room()).toBe(20);
    await world.claim(claimOf("c"));
    expect(world.runs.room()).toBe(18);
    world.budget.left = 5;
    await world.claim(wakeOf("d"));
    world.budget.left = 12;
    expect(world.runs.room()).toBe(1);
  });
});

describe("a claimed job", () => {
  it("is run in the requests that it may send, which are held meanwhile", async () => {
    const world = openRuns();
    await world.claim(claimOf("a"));
    expect(world.budget.held).toBe(3);
    await world.end("a");
    expect(world.budget.held).toBe(0);
  });

  it("tells what the server's clock and the next job are", async () => {
    const next = { dueAt: startAt + 9, isClaimed: true };
    const world = openRuns({ serverNow: () => startAt + 5_300, next, takesMs: 200 });
    expect(await world.claim(claimOf("a"))).toEqual([5_300, 1]);
    expect([world.state.next, world.state.aheadMs, world.log]).toEqual([next, 5_100, ["claim 25", "run a 5300"]]);
  });

  it.each([
    [10_000, "run b 0", done],
    [10_001, "finish b again", { is: "again", at: startAt - 5, unfinished: 2 }],
  ])("whose turn comes %i ms after it was claimed: %s", async (ms, expected, outcome) => {
    const outcomes: Outcome[] = [];
    const world = openRuns({ width: 1, finish: async (_claim, given) => outcomes.push(given) > 0 });
    await world.claim(claimOf("a"), claimOf("b"));
    await world.clock.advance(ms);
    await world.end("a");
    world.runs.settle();
    await world.end("b");
    world.runs.settle();
    await settle();
    expect(world.logged()).toContain(expected);
    expect(outcomes).toEqual([done, outcome]);
  });

  it.each([
    ["are held by others", 4, false, "run a 0"],
    ["a wake-up may leave", 0, true, "run a 0"],
    ["nothing will leave", 0, false, "finish a again"],
  ])("that lacks requests which %s: %s", async (_which, held, isWaking, expected) => {
    const world = openRuns();
    Object.assign(world.budget, { left: 7 + held, held });
    await world.claim(claimOf("a"), ...(isWaking ? [wakeOf("feeds")] : []));
    await world.clock.advance(9_900);
    expect(world.logged()).not.toContain("run a 0");
    Object.assign(world.budget, { left: 50, held: 0 });
    await world.clock.advance(100);
    world.runs.settle();
    expect(world.logged()).toContain(expected);
  });

  it("that lacks requests held by others until late in its claim is given back", async () => {
    const world = openRuns();
    world.budget.left = 7;
    world.budget.held = 1;
    await world.claim(claimOf("a"));
    await world.clock.advance(10_100);
    world.runs.settle();
    expect(world.logged()).toEqual(["claim 0", `ended ${-5}`, "work", "finish a again"]);
  });
});

describe("a job that takes long", () => {
  it("leaves its lane within its claim, so that those that wait are given back while their claims hold", async () => {
    const world = openRuns({ width: 1 });
    await world.claim(claimOf("a"), claimOf("b"));
    world.logged();
    await world.clock.advance(17_999);
    expect([world.budget.held, world.runs.room(), world.logged()]).toEqual([3, 0, []]);
    await world.clock.advance(1);
    world.runs.settle();
    expect(world.logged()).toEqual(["ended", `ended ${-5}`, "work", "finish b again"]);
    expect([world.budget.held, world.runs.room()]).toEqual([0, 25]);
  });

  it("is settled when it ends until then", async () => {
    const world = openRuns();
    await world.claim(claimOf("a"));
    await world.clock.advance(17_999);
    expect(world.runs.isBusy()).toBe(true);
    await world.end("a");
    world.runs.settle();
    expect(world.logged()).toEqual(["claim 25", "run a 0", "ended", "work", "finish a done"]);
  });

  it("is left to its next claim, and keeps the invocation busy no longer", async () => {
    const world = openRuns();
    await world.claim(claimOf("a"));
    world.logged();
    await world.clock.advance(18_000);
    expect([world.runs.isBusy(), world.logged()]).toEqual([false, ["ended"]]);
    expect(world.runs.settleAt(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    await world.end("a");
    expect(world.logged()).toEqual([]);
  });
});

describe("what has ended", () => {
  it("is settled in one request with the next claim, before it", async () => {
    const world = openRuns();
    await world.claim(claimOf("a"), claimOf("b"));
    await world.end("a");
    await world.end("b");
    world.logged();
    await world.claim();
    expect(world.logged()).toEqual(["work", "finish a done", "finish b done", "claim 25", "ended"]);
    world.runs.settle();
    await settle();
    expect(world.logged()).toEqual([]);
  });

  it("waits 3 s to be settled with others, or with a claim by then, unless it is the last", async () => {
    const world = openRuns();
    const after = (claimInMs: number) => world.runs.settleAt(world.clock.now() + claimInMs) - startAt;
    await world.claim(claimOf("a"), claimOf("b"));
    expect(after(0)).toBe(Number.POSITIVE_INFINITY);
    await world.clock.advance(100);
    await world.end("a");
    expect(after(60_000)).toBe(3_100);
    await world.clock.advance(100);
    await world.end("b");
    expect([after(3_000), after(3_001), after(Number.POSITIVE_INFINITY)]).toEqual([3_100, 100, 100]);
    world.runs.settle();
    expect(after(0)).toBe(Number.POSITIVE_INFINITY);
  });

  it("keeps the invocation busy until it is settled, and is told when a claim no longer held or that failed", async () => {
    const answers = [Promise.withResolvers<boolean>(), Promise.withResolvers<boolean>()];
    const replies = [...answers];
    const world = openRuns({ finish: () => replies.shift()?.promise ?? Promise.resolve(true) });
    expect(world.runs.isBusy()).toBe(false);
    await world.claim(claimOf("a"), claimOf("b"), claimOf("c"));
    expect(world.runs.isBusy()).toBe(true);
    for (const id of ["a", "b", "c"]) await world.end(id);
    expect(world.runs.isBusy()).toBe(false);
    world.runs.settle();
    expect(world.runs.isBusy()).toBe(true);
    answers[0]?.resolve(false);
    await settle();
    expect(world.runs.isBusy()).toBe(true);
    const error = new Error("lost");
    world.logged();
    answers[1]?.reject(error);
    await settle();
    expect([world.runs.isBusy(), world.logged()]).toEqual([false, ["ended"]]);
    replies.push(Promise.withResolvers<boolean>());
    await world.claim(claimOf("d"));
    await world.end("d");
    world.runs.settle();
    expect(world.runs.isBusy()).toBe(true);
    expect(world.events).toEqual([
      { type: "claim-lost", id: "a" },
      { type: "failed", error },
    ]);
  });

  it.each([
    [claimOf("a"), 100, 100],
    [claimOf("a"), 0, 0],
    [wakeOf("a"), 0, 1_500],
    [wakeOf("a"), 1_499, 1_500],
    [wakeOf("a"), 1_501, 1_501],
  ])("and comes again is known to be due: %o at %i, %i", async (claim, ms, expected) => {
    for (const [next, isFirst] of [
      [expected + 1, true],
      [expected, false],
      [expected - 1, false],
    ] as const) {
      const world = openRuns({ next: { dueAt: startAt + next, isClaimed: true }, serverNow: () => startAt + 500 });
      await world.claim(claim);
      world.logged();
      await world.end(claim.id, { is: "again", at: startAt + ms });
      expect(world.logged()).toEqual([`ended ${expected}`]);
      expect(world.state.next).toEqual({ dueAt: startAt + (isFirst ? expected : next), isClaimed: !isFirst });
    }
  });
});
