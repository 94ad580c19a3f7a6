import type { Duty, Fence, Tick } from "../coordination/index.ts";
import { type Clock, systemClock } from "../platform/index.ts";
import { type Claim, type ClaimCommands, createClaims, type Outcome } from "./claims.ts";
import type { JobEvent } from "./events.ts";
import { createKeys } from "./keys.ts";
import { type JobHandler, perform } from "./perform.ts";
import { createJobsState, type JobsState } from "./state.ts";

export interface JobRunnerOptions {
  /** The isolate's part. Default: the runner's own. */
  state?: JobsState;
  /** Returns the connection's commands. Called when a command is sent, not before. */
  redis(): ClaimCommands;
  /** Begins every key. */
  prefix: string;
  /** By the job's kind. */
  handlers: Readonly<Record<string, JobHandler>>;
  /** Tries before a job is given up. Default: 8. */
  maxAttempts?: number;
  /**
   * Another runner may claim a job that is not settled after this, in milliseconds. Longer than a handler takes.
   * Default: 60,000.
   */
  claimMs?: number;
  /** The most jobs claimed at a time, which run side by side. Default: 10. */
  most?: number;
  /**
   * The longest time without asking Redis for the next due time, in milliseconds. A job that is scheduled to be due
   * sooner is late by as much, unless the invocation that schedules it runs it. Default: 28,000.
   */
  lookMs?: number;
  /** How long a job that was given up is kept, in milliseconds. Default: 30 days. */
  keepDeadMs?: number;
  /** Default: the machine's. */
  clock?: Pick<Clock, "now" | "random">;
  report?(event: JobEvent): void;
}

/** Runs jobs when they are due, for one invocation. */
export interface JobRunner {
  /**
   * The leader's duty: asks for the next due time; claims and runs what is due, behind the leader's fence. The next
   * call settles the jobs that ran.
   * Cost: 1 command, 1 round trip while nothing is due; 0 between two looks; 6 commands, 1 round trip to claim, and 5
   * per job to settle.
   */
  duty: Duty;
  /**
   * Runs what is due now, and returns how many jobs it claimed. Needs no leader: each job's claim keeps other runners
   * from it. For the invocation that schedules a job due before the leader looks again.
   * Cost: 3 commands, 1 round trip when nothing is due; 5 commands and 5 per job, 2 round trips when something is.
   */
  run(): Promise<number>;
}

/** Makes the runner of one invocation. Cost: 0 commands. */
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

  /**
   * Returns when the earliest job to be tried again is due. A claim that cannot be settled ends after `claimMs`, and
   * the job runs again under the same nonce.
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

  /** Returns how many jobs were due; undefined when the fence refused. */
  async function runDue(fence: Fence | undefined): Promise<number | undefined> {
    const [againAt, claimed] = await Promise.all([settle(), claims.claim(fence)]);
    if (!claimed) return undefined;
    state.aheadMs = claimed.serverNow - clock.now();
    state.lookedAt = clock.now();
    state.dueAt = Math.min(claimed.nextDueAt, againAt);
    await Promise.allSettled(
      claimed.claims.map(async (claim) => {
        const outcome = await perform(claim, { handlers, state, maxAttempts, clock, report });
        unsettled.push({ claim, outcome });
      }),
    );
    return claimed.claims.length;
  }

  async function look(): Promise<void> {
    const lookedAt = clock.now();
    state.dueAt = Math.min(...(await Promise.all([settle(), claims.nextDueAt()])));
    state.lookedAt = lookedAt;
  }

  async function tick({ now, fence }: Tick): Promise<number> {
    if (state.dueAt <= now + state.aheadMs) {
      if ((await runDue(fence)) === undefined) return now + lookMs;
    } else if (unsettled.length > 0 || now - state.lookedAt >= lookMs) await look();
    return unsettled.length > 0 ? clock.now() : Math.min(state.dueAt - state.aheadMs, state.lookedAt + lookMs);
  }

  return {
    duty: { name: "jobs", isLeaderOnly: true, run: tick, end: async () => void (await settle()) },
    async run() {
      const count = (await runDue(undefined)) ?? 0;
      await settle();
      return count;
    },
  };
}
