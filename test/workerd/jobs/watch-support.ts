import { expect } from "vitest";
import type { Next } from "../../../src/jobs/claims.ts";
import { createJobsState } from "../../../src/jobs/index.ts";
import type { Begun, Runs } from "../../../src/jobs/runs.ts";
import { createWatch, type WatchOptions } from "../../../src/jobs/watch.ts";
import { createFakeClock, settle } from "../../support/clock.ts";

// A watch by a clock that only the test moves. Times count from its start.

export const never = Number.POSITIVE_INFINITY;
export const none: Next = { dueAt: never, isClaimed: false };
export const startAt = 1_000_000;
export const at = (ms: number) => startAt + ms;

export interface Stubs {
  state?: ReturnType<typeof createJobsState>;
  clock?: ReturnType<typeof createFakeClock>;
  /** What a look finds. */
  next?: () => Next;
  /** What a claim brings. Default: one job, claimed now. */
  claim?: () => Partial<Begun> | Promise<Partial<Begun>>;
  runs?: Partial<Runs>;
  held?: () => number;
}

/** Makes the watch of an invocation, over stubs that keep a log of what it does and when. */
export function openWatch({ clock = createFakeClock(startAt), ...stubs }: Stubs = {}) {
  const { state = createJobsState(), next = () => none, claim = async () => ({}), runs, held = () => 0 } = stubs;
  const log: string[] = [];
  const failures: unknown[] = [];
  let end: (againAt?: number) => void = () => {};
  function note(what: string): void {
    log.push(`${what} ${clock.now() - startAt}`);
    if (log.length > 30) throw new Error("It goes round in circles.");
  }
  const watch = createWatch({
    state,
    claims: { next: async () => (note("look"), next()) },
    claimMs: 20_000,
    retryMs: 1_000,
    budget: { left: () => 50, held, hold: () => () => {} },
    clock: { ...clock, random: () => 0.5 },
    createRuns(onEnded) {
      end = onEnded;
      return {
        room: () => 1,
        async claim() {
          note("claim");
          const told: Partial<Begun> = await Promise.resolve(claim());
          return { claimedAt: clock.now() + state.aheadMs, claimed: 1, ...told };
        },
        settle: () => note("settle"),
        settleAt: () => never,
        isBusy: () => false,
        ...runs,
      };
    },
    report: (event) => void failures.push(event),
  });
  return {
    state,
    clock,
    log,
    failures,
    end: (againAt?: number) => end(againAt),
    /** Watches, and tells whether that is over. */
    watch(options: WatchOptions) {
      const ended = { isOver: false };
      void watch(options).then(() => (ended.isOver = true));
      return ended;
    },
    pass: (ms: number) => clock.advance(ms),
  };
}

/** What a single watch does within two minutes. */
export async function logOf(options: WatchOptions, stubs?: Stubs): Promise<string[]> {
  const world = openWatch(stubs);
  const watching = world.watch(options);
  await settle();
  await world.pass(120_000);
  expect(watching.isOver).toBe(true);
  return world.log;
}
