import type { Duty, Fence, Tick } from "../coordination/index.ts";
import { type Clock, systemClock } from "../platform/index.ts";
import { type Claim, type ClaimCommands, createClaims, type Outcome } from "./claims.ts";
import { JobRefusedError } from "./errors.ts";
import { type Job, nonceOf } from "./job.ts";
import { createKeys } from "./keys.ts";
import { nextOccurrence } from "./recurrence.ts";

export interface Run {
  /** The same for every try at this due time: what makes the visible effect happen once. */
  nonce: string;
  /** 1 at first. */
  attempt: number;
}

/** Does a job. Called at least once, so that what people see has to go by `run.nonce`. Throws to be called again later. */
export type JobHandler = (job: Job, run: Run) => Promise<void>;

export type JobEvent =
  | { type: "done"; job: Job; attempt: number; lateMs: number }
  | { type: "retry"; job: Job; attempt: number; at: number; error: unknown }
  | { type: "dead"; job: Job; reason: string }
  /** The claim ended before the job was settled: somebody else runs it too, it was moved, or cancelled. */
  | { type: "claim-lost"; id: string }
  /** The record is another version's. */
  | { type: "unreadable"; id: string }
  | { type: "failed"; error: unknown };

export interface JobRunnerOptions {
  /** The isolate's share. Default: one of its own. */
  state?: JobsState;
  redis(): ClaimCommands;
  prefix: string;
  /** By the job's kind. */
  handlers: Readonly<Record<string, JobHandler>>;
  /** A job is given up after so many tries. */
  maxAttempts?: number;
  /** Before another one takes over a job that is not settled; longer than a handler takes. */
  claimMs?: number;
  /** Jobs taken at a time, and so run side by side. */
  most?: number;
  /**
   * No longer without a look at what is due. A job that is put in to be due sooner is late by as much, unless who put it in
   * runs it: `waitUntil` keeps an invocation for 30 s. Looks go by our own clock, until the first claim has told the server's.
   */
  lookMs?: number;
  /** How long a job given up is kept. */
  keepDeadMs?: number;
  clock?: Pick<Clock, "now" | "random">;
  report?(event: JobEvent): void;
}

/** What an isolate knows of when jobs are due: plain data that outlives an invocation. */
export interface JobsState {
  /** When the next is due, by the server's clock; infinite when none is known. */
  dueAt: number;
  /** How far the server's clock is ahead of ours, in milliseconds. */
  aheadMs: number;
  /** When it was last looked, by our clock. */
  lookedAt: number;
}

export const createJobsState = (): JobsState => ({
  dueAt: Number.POSITIVE_INFINITY,
  aheadMs: 0,
  lookedAt: Number.NEGATIVE_INFINITY,
});

/** Runs jobs when they are due, for one invocation. */
export interface JobRunner {
  /**
   * For the pump: a look (1/1) while nothing is due, else a claim, and the settling of the last claimed in the same request.
   * Under the leader's fence; see `run` for jobs due sooner than the leader looks.
   */
  duty: Duty;
  /**
   * Runs what is due now, without being leader: each job's own claim keeps others from it. For the invocation that put in
   * a job due before the pump looks again. 2 round trips when something was due, else 1.
   */
  run(): Promise<number>;
}

export function createJobRunner({
  state = createJobsState(),
  redis,
  prefix,
  handlers,
  maxAttempts = 8,
  claimMs = 60_000,
  most = 10,
  lookMs = 28_000,
  keepDeadMs = 30 * 86_400_000,
  clock = systemClock,
  report = () => {},
}: JobRunnerOptions): JobRunner {
  const claims = createClaims({ redis, keys: createKeys(prefix), claimMs, most, keepDeadMs });
  let unsettled: { claim: Claim; outcome: Outcome }[] = [];

  async function perform(claim: Claim): Promise<Outcome> {
    const { job, attempt } = claim;
    if (claim.isGone) return { is: "done" };
    if (!job) {
      // Another version wrote it, and may yet come to claim it.
      report({ type: "unreadable", id: claim.id });
      throw new Error("unreadable");
    }
    // Whatever the sorted set says, the record says when: should a server have lost one of the two writes.
    if (job.dueAt > clock.now() + state.aheadMs) return { is: "again", job, at: job.dueAt };
    if (attempt > maxAttempts) return giveUp(job, `none of ${maxAttempts} tries was finished`);
    try {
      const handler = handlers[job.kind];
      if (!handler) throw new Error(`nothing here handles "${job.kind}"`);
      await handler(job, { nonce: nonceOf(job), attempt });
      report({ type: "done", job, attempt, lateMs: clock.now() + state.aheadMs - job.dueAt });
      return afterwards(job);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (error instanceof JobRefusedError || attempt >= maxAttempts) return giveUp(job, reason);
      const at = Math.ceil(clock.now() + state.aheadMs + backoffMs(attempt, clock.random()));
      report({ type: "retry", job, attempt, at, error });
      return { is: "again", job: { ...job, attempts: attempt }, at };
    }
  }

  /** A recurring job is due again; what it missed meanwhile is left out. */
  function afterwards(job: Job): Outcome {
    if (!job.every) return { is: "done" };
    try {
      const next = nextOccurrence(job.every, Math.max(job.dueAt, clock.now() + state.aheadMs));
      return { is: "again", job: { ...job, dueAt: next, attempts: 0 }, at: next };
    } catch {
      return { is: "done" };
    }
  }

  function giveUp(job: Job, reason: string): Outcome {
    report({ type: "dead", job, reason });
    return { is: "dead", job, reason, at: clock.now() };
  }

  /**
   * Says when the earliest of those to be tried again is. A claim that cannot be settled ends by itself; the job is run again,
   * under the same nonce.
   */
  async function settle(): Promise<number> {
    const settling = unsettled;
    unsettled = [];
    const times = await Promise.all(
      settling.map(async ({ claim, outcome }) => {
        try {
          if (!(await claims.finish(claim, outcome))) report({ type: "claim-lost", id: claim.id });
          else if (outcome.is === "again") return outcome.at;
        } catch (error) {
          report({ type: "failed", error });
        }
        return Number.POSITIVE_INFINITY;
      }),
    );
    return Math.min(...times);
  }

  /** Undefined when the fence refused. */
  async function takeDue(fence: Fence | undefined): Promise<number | undefined> {
    const [againAt, claimed] = await Promise.all([settle(), claims.claim(fence)]);
    if (!claimed) return undefined;
    state.aheadMs = claimed.serverNow - clock.now();
    state.lookedAt = clock.now();
    state.dueAt = Math.min(claimed.nextDueAt, againAt);
    await Promise.allSettled(
      claimed.claims.map(async (claim) => void unsettled.push({ claim, outcome: await perform(claim) })),
    );
    return claimed.claims.length;
  }

  async function look(): Promise<void> {
    const lookedAt = clock.now();
    state.dueAt = Math.min(...(await Promise.all([settle(), claims.nextDueAt()])));
    state.lookedAt = lookedAt;
  }

  async function tick({ now: at, fence }: Tick): Promise<number> {
    if (state.dueAt <= at + state.aheadMs) {
      if ((await takeDue(fence)) === undefined) return at + lookMs;
    } else if (unsettled.length > 0 || at - state.lookedAt >= lookMs) await look();
    return unsettled.length > 0 ? clock.now() : Math.min(state.dueAt - state.aheadMs, state.lookedAt + lookMs);
  }

  return {
    duty: { name: "jobs", isLeaderOnly: true, run: tick, end: async () => void (await settle()) },
    async run() {
      const count = (await takeDue(undefined)) ?? 0;
      await settle();
      return count;
    },
  };
}

// --- Internal helpers ---

/** 5 s, doubling up to 10 minutes, and up to half of it more. */
const backoffMs = (attempt: number, random: number): number =>
  Math.min(5_000 * 2 ** (attempt - 1), 600_000) * (1 + random / 2);
