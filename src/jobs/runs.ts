import { type Budget, type Clock, waitForRequests } from "../platform/index.ts";
import type { Claim, Claims, Outcome } from "./claims.ts";
import type { JobEvent } from "./events.ts";
import { wakeName } from "./keys.ts";
import { createLanes } from "./lanes.ts";
import type { Perform } from "./perform.ts";
import { type JobsState, noteServerTime } from "./state.ts";

/** The jobs that one invocation claims, runs side by side and settles, as many as its requests allow. */
export interface Runs {
  /** Returns how many jobs may be claimed now; 0 while claimed ones wait for a lane. */
  room(): number;
  /**
   * Claims due jobs and begins to run them. Settles ended ones in the same request. Throws when it is unknown whether anything
   * was claimed.
   */
  claim(): Promise<Begun>;
  /** Begins to settle the jobs that have ended. */
  settle(): void;
  /**
   * Returns when to settle the jobs that have ended (own clock, epoch milliseconds), if the next claim is at `claimAt` and may take
   * them along; infinite when all are settled.
   */
  settleAt(claimAt: number): number;
  /** Returns whether something runs, or is being settled. */
  isBusy(): boolean;
}

/** The result of a claim. */
export interface Begun {
  /** By the server's clock, in epoch milliseconds. */
  claimedAt: number;
  /** How many jobs and wake-ups were claimed. */
  claimed: number;
}

export interface RunsOptions {
  state: JobsState;
  claims: Claims;
  perform: Perform;
  claimMs: number;
  batch: number;
  width: number;
  budget: Budget;
  requestsPerJob: number;
  clock: Pick<Clock, "now" | "sleep">;
  /** Called when something is settled: its commands leave in the same request. */
  onWork(): void;
  /** Called when a run has ended, with when it is worth claiming again, if it is; and when runs were settled. */
  onEnded(againAt?: number): void;
  report(event: JobEvent): void;
}

/** Requests kept back for settling, a lost reply to that, and for other work at the end of the invocation. */
const reserve = 5;
/** The request that claims. */
const toClaim = 1;
/** Most jobs send no more requests. A claimed job that cannot be run goes back, which costs commands, but no request. */
const usualShare = 2;
/** Until a wake-up that comes again at once is claimed again by the same invocation. */
const wakeAgainMs = 1_000;
/** An ended job waits as long to be settled with others, or with the next claim. A claim lasts several times as long. */
const joinMs = 3_000;
/** The share of a claim that a job may run for: those that wait for its lane are then given back while their claims hold. */
const runShare = 0.9;

export function createRuns({
  state,
  claims,
  perform,
  claimMs,
  batch,
  width,
  budget,
  requestsPerJob,
  clock,
  onWork,
  onEnded,
  report,
}: RunsOptions): Runs {
  const inLane = createLanes(width);
  let ended: Ended[] = [];
  let endedAt = Number.POSITIVE_INFINITY;
  let waiting = 0;
  let running = 0;
  let settling = 0;
  let waking = 0;
  /** Requests that jobs leave to the wake-ups that run. */
  let keptForWakes = 0;

  const free = (): number => budget.left() - reserve - keptForWakes;

  function room(): number {
    const requests = free() - toClaim;
    // Jobs that wait for a lane come first.
    if (waiting > 0 || requests < requestsPerJob) return 0;
    return Math.min(batch, Math.max(1, Math.floor(requests / usualShare)));
  }

  async function finish({ claim, outcome }: Ended): Promise<void> {
    try {
      if (!(await claims.finish(claim, outcome))) report({ type: "claim-lost", id: claim.id });
    } catch (error) {
      // The claim ends without it; the job then runs again, under the same nonce.
      report({ type: "failed", error });
    }
  }

  async function settleEnded(): Promise<void> {
    const settled = ended;
    ended = [];
    endedAt = Number.POSITIVE_INFINITY;
    if (settled.length === 0) return;
    onWork();
    settling += 1;
    await Promise.all(settled.map(finish));
    settling -= 1;
    onEnded();
  }

  function end(claim: Claim, outcome: Outcome): void {
    ended.push({ claim, outcome });
    endedAt = Math.min(endedAt, clock.now());
    if (outcome.is !== "again") return onEnded();
    // Work that is always due does not spin.
    const againAt = isWake(claim) ? Math.max(outcome.at, clock.now() + state.aheadMs + wakeAgainMs) : outcome.at;
    if (againAt < state.next.dueAt) state.next = { dueAt: againAt, isClaimed: false };
    onEnded(againAt);
  }

  /**
   * Runs a job in the requests that it may send, or gives it back. Returns nothing for one that takes too long: it is claimed again,
   * and the tries that ended so are counted.
   */
  async function runJob(claim: Claim, claimedAt: number, startedAt: number): Promise<Outcome | void> {
    // Late in its claim, another invocation might take the job meanwhile.
    const isLate = () => clock.now() - startedAt > claimMs / 2;
    const isEnough = () => !claim.job || free() >= requestsPerJob;
    const isFit = await waitForRequests(isEnough, () => !isLate() && (budget.held() > 0 || waking > 0), clock);
    waiting -= 1;
    if (!isFit || isLate()) return release(claim);
    const endHold = budget.hold(requestsPerJob);
    const ended = new AbortController();
    const tooLong = clock.sleep(startedAt + claimMs * runShare - clock.now(), ended.signal);
    const outcome = await Promise.race([perform(claim, claimedAt), tooLong]);
    ended.abort();
    endHold();
    return outcome;
  }

  /** Runs the work behind a wake-up. It holds what it needs as it goes, and may be long: it takes no lane. */
  async function runWake(claim: Claim, claimedAt: number): Promise<Outcome> {
    const outcome = await perform(claim, claimedAt);
    waking -= 1;
    if (waking === 0) keptForWakes = 0;
    return outcome;
  }

  async function run(claim: Claim, claimedAt: number, startedAt: number): Promise<void> {
    running += 1;
    const outcome = await (isWake(claim)
      ? runWake(claim, claimedAt)
      : inLane(() => runJob(claim, claimedAt, startedAt)));
    running -= 1;
    if (outcome) end(claim, outcome);
    else onEnded();
  }

  return {
    room,
    async claim() {
      const sentAt = clock.now();
      // In this order, and in one request.
      const [, { serverNow, next, claims: taken }] = await Promise.all([settleEnded(), claims.claim(room())]);
      const now = clock.now();
      noteServerTime(state, sentAt, now, serverNow);
      state.next = next;
      const wakes = taken.filter(isWake).length;
      waiting += taken.length - wakes;
      waking += wakes;
      // Neither jobs nor wake-ups use up the requests that the other waits for.
      if (wakes > 0) keptForWakes = Math.floor(Math.max(0, free()) / 2);
      for (const claim of taken) void run(claim, serverNow, now);
      return { claimedAt: serverNow, claimed: taken.length };
    },
    settle: () => void settleEnded(),
    settleAt(claimAt) {
      const isLast = running === 0 && claimAt - clock.now() > joinMs;
      return isLast ? endedAt : endedAt + joinMs;
    },
    isBusy: () => running > 0 || settling > 0,
  };
}

// --- Internal helpers ---

interface Ended {
  claim: Claim;
  outcome: Outcome;
}

const isWake = ({ id }: Claim): boolean => wakeName(id) !== undefined;

/** Gives back a job that was not run, in its place: this was no try. */
const release = ({ dueAt, unfinished }: Claim): Outcome => ({ is: "again", at: dueAt, unfinished });
