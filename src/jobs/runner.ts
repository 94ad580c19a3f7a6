import { type Budget, type Clock, systemClock, unlimited } from "../platform/index.ts";
import { type ClaimCommands, createClaims } from "./claims.ts";
import type { JobEvent } from "./events.ts";
import { createKeys } from "./keys.ts";
import { createPerform, type JobHandler, type WakeHandler } from "./perform.ts";
import { createRuns } from "./runs.ts";
import type { JobsState } from "./state.ts";
import { createWatch, type Watch } from "./watch.ts";

export interface JobRunnerOptions {
  /** The isolate's share. */
  state: JobsState;
  redis(): ClaimCommands;
  /** Returns the commands that look for due jobs. Default: `redis`. */
  lookRedis?(): ClaimCommands;
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
  /** After a look or claim that failed; doubles up to eightfold, and up to half of it more. Default: 1,000 ms. */
  retryMs?: number;
  /** The invocation's requests. Default: as many as it likes. */
  budget?: Budget;
  /** Requests that one job may send. Default: 3. */
  requestsPerJob?: number;
  clock?: Clock;
  /** When it aborts, nothing more is claimed: watches resolve when what runs has been settled. Default: never. */
  stopping?: AbortSignal | undefined;
  /** Called when something is settled: its commands leave in the same request. */
  onWork?(): void;
  report?(event: JobEvent): void;
}

/** Runs jobs when they are due, for one invocation. */
export interface JobRunner {
  /**
   * Claims and runs due jobs, and settles them: those due at `dueAt`, and with `looks` all others that are due until `until`. Each
   * job is claimed separately, so that any number of invocations may watch. The watches of one invocation become one. Resolves
   * when nothing is known to be due before `until`, or when the invocation's requests are used up. Never throws.
   * Cost: 1 command, 1 round trip for a look; 3 for a claim, 5 when something is due; 5 to settle each job, in the request of
   * the next claim or in one for all.
   */
  readonly watch: Watch;
}

/** Makes what runs jobs, for one invocation. Cost: 0 commands. */
export function createJobRunner({
  state,
  redis,
  lookRedis = redis,
  prefix,
  handlers,
  wakes = {},
  maxAttempts = 8,
  maxFailures = 20,
  claimMs = 20_000,
  batch = 25,
  width = 6,
  keepDeadMs = 30 * 86_400_000,
  retryMs = 1_000,
  budget = unlimited,
  requestsPerJob = 3,
  clock = systemClock,
  stopping,
  onWork = () => {},
  report = () => {},
}: JobRunnerOptions): JobRunner {
  const claims = createClaims({ redis, lookRedis, keys: createKeys(prefix), claimMs, keepDeadMs });
  const serverNow = (): number => clock.now() + state.aheadMs;
  const perform = createPerform({ handlers, wakes, maxAttempts, maxFailures, clock, serverNow, report });
  const shared = { state, claims, claimMs, budget, clock, report };
  const watch = createWatch({
    ...shared,
    retryMs,
    stopping,
    createRuns: (onEnded) => createRuns({ ...shared, perform, batch, width, requestsPerJob, onWork, onEnded }),
  });
  return { watch };
}
