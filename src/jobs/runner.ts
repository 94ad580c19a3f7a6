import { type Clock, systemClock } from "../platform/index.ts";
import { type Claim, type ClaimCommands, createClaims, type Outcome } from "./claims.ts";
import type { JobEvent } from "./events.ts";
import { inParallel } from "./in-parallel.ts";
import { createKeys } from "./keys.ts";
import { createPerform, type JobHandler, type WakeHandler } from "./perform.ts";
import type { JobsState } from "./state.ts";

export interface JobRunnerOptions {
  /** The isolate's share. */
  state: JobsState;
  redis(): ClaimCommands;
  prefix: string;
  /** By the job's kind. */
  handlers: Readonly<Record<string, JobHandler>>;
  /** By the wake-up's name. */
  wakes?: Readonly<Record<string, WakeHandler>>;
  /** Tries before a job, or one occurrence of it, is given up. Default: 8. */
  maxAttempts?: number;
  /** Occurrences in a row that fail before a recurring job is given up. Default: 20. */
  maxFailures?: number;
  /** How long a claim lasts: an isolate that dies makes its jobs late by as much. Default: 20,000 ms. */
  claimMs?: number;
  /** Jobs claimed at a time. Default: 25. */
  batch?: number;
  /** Jobs that run side by side. Default: 6, as many connections as a Worker has. */
  width?: number;
  /** How long a dead job is kept. Default: 30 days. */
  keepDeadMs?: number;
  /** Returns how many more requests the invocation may send. Default: as many as it likes. */
  left?(): number;
  /** Requests that one job is expected to send. Default: 3. */
  requestsPerJob?: number;
  clock?: Clock;
  /** Called when something was claimed. */
  onWork?(): void;
  report?(event: JobEvent): void;
}

export interface WatchOptions {
  /**
   * When to look at what is due, in epoch milliseconds. A look is left out where another invocation of this isolate looked
   * less than 20 s before.
   */
  looks?: readonly number[];
  /** When something is known to be due, in epoch milliseconds. */
  dueAt?: number;
  /** When to stop, in epoch milliseconds. */
  until: number;
}

/** Runs jobs when they are due, for one invocation. */
export interface JobRunner {
  /**
   * Sleeps until something is due, claims and runs it, and goes on until nothing is known to be due before `until`, or until the
   * invocation's requests are used up. Each job is claimed for itself, so that any number of invocations may watch. Never throws.
   * Cost: 1 command, 1 round trip for a look; 3 for a claim, 5 when something is due, and 5 to settle each job, all settled ones
   * in 1 round trip.
   */
  watch(options: WatchOptions): Promise<void>;
}

/** No look is needed within this time of another in the same isolate. */
const lookGapMs = 20_000;
/** Jobs due later than this after a look are left to the next look. */
const horizonMs = 35_000;
/** Kept back to settle what was claimed, and for what else the invocation does at its end. */
const reserve = 4;

/** Makes what runs jobs, for one invocation. Cost: 0 commands. */
export function createJobRunner({
  state,
  redis,
  prefix,
  handlers,
  wakes = {},
  maxAttempts = 8,
  maxFailures = 20,
  claimMs = 20_000,
  batch = 25,
  width = 6,
  keepDeadMs = 30 * 86_400_000,
  left = () => Number.POSITIVE_INFINITY,
  requestsPerJob = 3,
  clock = systemClock,
  onWork = () => {},
  report = () => {},
}: JobRunnerOptions): JobRunner {
  const claims = createClaims({ redis, keys: createKeys(prefix), claimMs, keepDeadMs });
  const serverNow = (): number => clock.now() + state.aheadMs;
  const perform = createPerform({ handlers, wakes, maxAttempts, maxFailures, clock, serverNow, report });

  /** How many more jobs this invocation can run and settle. */
  const room = (): number => Math.floor((left() - reserve) / requestsPerJob);

  /** Settles claims, in one request. Returns when the earliest of those that come again is due. */
  async function settle(settling: readonly Settling[]): Promise<number> {
    const times = await Promise.all(
      settling.map(async ({ claim, outcome }) => {
        try {
          if (!(await claims.finish(claim, outcome))) report({ type: "claim-lost", id: claim.id });
          else if (outcome.is === "again") return outcome.at;
        } catch (error) {
          // The claim ends without it; the job then runs again, under the same nonce.
          report({ type: "failed", error });
        }
        return Number.POSITIVE_INFINITY;
      }),
    );
    return Math.min(...times, Number.POSITIVE_INFINITY);
  }

  /** Claims, runs and settles what is due. Returns when the next is due, by the server's clock. */
  async function takeDue(): Promise<number> {
    const { serverNow: now, nextDueAt, claims: taken } = await claims.claim(Math.min(batch, room()));
    state.aheadMs = now - clock.now();
    if (taken.length === 0) return nextDueAt;
    onWork();
    const settling = await inParallel(taken, width, async (claim): Promise<Settling> => {
      // What was claimed and cannot be sent any more goes back, and this was no try.
      if (left() < requestsPerJob + reserve) return { claim, outcome: release(claim) };
      return { claim, outcome: await perform(claim) };
    });
    return Math.min(nextDueAt, await settle(settling));
  }

  const release = ({ job, attempt }: Claim): Outcome =>
    job ? { is: "again", at: job.dueAt, job } : { is: "again", at: serverNow(), tries: attempt - 1 };

  async function look(): Promise<number> {
    state.lookedAt = clock.now();
    return claims.nextDueAt();
  }

  return {
    async watch({ looks = [], dueAt = Number.POSITIVE_INFINITY, until }) {
      const pending = looks.toSorted((a, b) => a - b);
      let nextAt = dueAt;
      let failures = 0;

      /** One look or claim, if it is time for it. A failure puts both off by a moment: the reply may only have been lost. */
      async function step(): Promise<void> {
        try {
          if (nextAt <= serverNow()) nextAt = await takeDue();
          else if ((pending[0] ?? Number.POSITIVE_INFINITY) <= clock.now()) {
            pending.shift();
            if (clock.now() - state.lookedAt >= lookGapMs) nextAt = await look();
          }
          failures = 0;
        } catch (error) {
          report({ type: "failed", error });
          failures += 1;
          state.lookedAt = Number.NEGATIVE_INFINITY;
          const againAt = clock.now() + retryMs(failures, clock.random());
          nextAt = Math.max(nextAt, againAt + state.aheadMs);
          pending.unshift(againAt);
        }
      }

      while (room() > 0) {
        await step();
        const now = clock.now();
        const dueIn = nextAt - serverNow();
        const lookIn = (pending[0] ?? Number.POSITIVE_INFINITY) - now;
        const wakeIn = Math.min(dueIn <= horizonMs ? dueIn : Number.POSITIVE_INFINITY, lookIn);
        if (now + wakeIn > until) return;
        if (wakeIn > 0) await clock.sleep(wakeIn);
      }
    },
  };
}

// --- Internal helpers ---

interface Settling {
  claim: Claim;
  outcome: Outcome;
}

/** After a look or claim that failed: 1 s, doubling up to 8 s, and up to half of it more. */
const retryMs = (failures: number, random: number): number =>
  Math.ceil(Math.min(1_000 * 2 ** (failures - 1), 8_000) * (1 + random / 2));
