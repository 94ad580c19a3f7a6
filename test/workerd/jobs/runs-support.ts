import type { Claim, Claims, Next, Outcome } from "../../../src/jobs/claims.ts";
import { createJobsState } from "../../../src/jobs/index.ts";
import type { Perform } from "../../../src/jobs/perform.ts";
import { createRuns, type RunsOptions } from "../../../src/jobs/runs.ts";
import { createFakeClock, settle } from "../../support/clock.ts";

export const startAt = 1_000_000;
export const done: Outcome = { is: "done" };
const none: Next = { dueAt: Number.POSITIVE_INFINITY, isClaimed: false };
export const claimOf = (id: string, more: Partial<Claim> = {}): Claim => ({
  id,
  claim: "1",
  dueAt: startAt - 5,
  attempt: 1,
  unfinished: 2,
  record: "x",
  job: { id, kind: "tea", owner: "7", data: null, dueAt: startAt - 5, attempts: 0, createdAt: 0 },
  ...more,
});
export const wakeOf = (name: string) => claimOf(`~${name}`, { record: null, job: undefined });

interface Stubs extends Partial<Omit<RunsOptions, "claims">> {
  /** Answers a request to claim, which takes this long. */
  serverNow?: () => number;
  next?: Next;
  takesMs?: number;
  finish?: Claims["finish"];
}

/** Makes the runs of an invocation, over claims that only note what they are asked, by a clock that only the test moves. */
export function openRuns({ serverNow, next = none, takesMs = 0, finish = async () => true, ...options }: Stubs = {}) {
  const clock = createFakeClock(startAt);
  const budget = { left: 100, held: 0, spend: 0 };
  const state = createJobsState();
  const log: string[] = [];
  const events: unknown[] = [];
  const running = new Map<string, (outcome: Outcome) => void>();
  let taken: readonly Claim[] = [];
  const perform: Perform = ({ id }, claimedAt) =>
    new Promise((resolve) => {
      log.push(`run ${id} ${claimedAt - startAt}`);
      running.set(id, resolve);
    });
  const runs = createRuns({
    state,
    claims: {
      next: async () => none,
      async claim(most) {
        log.push(`claim ${most}`);
        if (takesMs > 0) await clock.sleep(takesMs);
        return { serverNow: serverNow?.() ?? clock.now(), next, claims: [...taken] };
      },
      finish: (claim, outcome) => (log.push(`finish ${claim.id} ${outcome.is}`), finish(claim, outcome)),
    },
    perform,
    claimMs: 20_000,
    batch: 25,
    width: 6,
    budget: {
      left: () => budget.left - budget.held,
      held: () => budget.held,
      hold(requests) {
        budget.held += requests;
        return () => void (budget.held -= requests);
      },
    },
    requestsPerJob: 3,
    clock,
    onWork: () => log.push("work"),
    onEnded: (againAt) => log.push(againAt === undefined ? "ended" : `ended ${againAt - startAt}`),
    report: (event) => events.push(event),
    ...options,
  });
  return {
    runs,
    clock,
    budget,
    state,
    events,
    log,
    async claim(...claims: Claim[]) {
      taken = claims;
      const begun = runs.claim();
      await clock.advance(takesMs);
      const { claimedAt, claimed } = await begun;
      await settle();
      return [claimedAt - startAt, claimed];
    },
    async end(id: string, outcome: Outcome = done) {
      running.get(id)?.(outcome);
      await settle();
    },
    /** Takes what was logged since. */
    logged: () => log.splice(0),
  };
}
