import type { Budget, Clock } from "../platform/index.ts";
import type { Claims } from "./claims.ts";
import type { JobEvent } from "./events.ts";
import type { Runs } from "./runs.ts";
import type { JobsState } from "./state.ts";

export interface WatchOptions {
  /**
   * When to look for due jobs, in epoch milliseconds. A younger tick of the same isolate looks in place of an older one, and has
   * a second to claim before it.
   */
  looks?: readonly number[];
  /** When something is known to be due, in epoch milliseconds. */
  dueAt?: number;
  /** When to claim nothing more, in epoch milliseconds. */
  until: number;
}

/** Watches for due jobs. See `JobRunner`. */
export type Watch = (options: WatchOptions) => Promise<void>;

export interface WatchContext {
  state: JobsState;
  claims: Pick<Claims, "next">;
  claimMs: number;
  retryMs: number;
  budget: Budget;
  clock: Clock;
  /** When it aborts, nothing more is claimed or looked for. */
  stopping?: AbortSignal | undefined;
  createRuns(onEnded: (againAt?: number) => void): Runs;
  report(event: JobEvent): void;
}

/** Jobs due later than this are left to the next look. */
const horizonMs = 35_000;
/** An older tick of an isolate claims so much later than a younger one, which has claimed by then. */
const spareMs = 1_000;
/** The shortest pause after a claim that found nothing due. */
const emptyMs = 50;
/** The pause while other work of the invocation holds its requests. */
const heldMs = 1_000;
const never = Number.POSITIVE_INFINITY;

/** Makes the one watch of an invocation: it claims, looks, settles and sleeps, in whichever order time asks for. */
export function createWatch({
  state,
  claims,
  claimMs,
  retryMs,
  budget,
  clock,
  stopping,
  createRuns,
  report,
}: WatchContext): Watch {
  /** Own clock. */
  let looks: number[] = [];
  let until = Number.NEGATIVE_INFINITY;
  let notBefore = Number.NEGATIVE_INFINITY;
  /** By the server's clock: when jobs are due that this invocation scheduled, or ran and runs again. */
  const dueAts: number[] = [];
  /** Its number among the ticks of the isolate; 0 for an invocation that does not look. */
  let tick = 0;
  let failures = 0;
  let nap = new AbortController();
  let watching = Promise.resolve();
  let isWatching = false;

  const runs = createRuns((againAt) => {
    if (againAt !== undefined) dueAts.push(againAt);
    nap.abort();
  });
  const serverNow = (): number => clock.now() + state.aheadMs;
  const wake = () => nap.abort();

  /** Returns for how long a tick waits for a younger one. */
  const spare = (): number => (tick < state.youngest ? spareMs : 0);

  /** Returns when the next job that this tick has seen is due, by the server's clock; infinite when another look comes first. */
  const seenAt = (): number =>
    tick > 0 && state.next.dueAt <= serverNow() + horizonMs ? state.next.dueAt + spare() : never;

  /** Returns when to claim, by the own clock; infinite when nothing is known to be due before `until`. */
  function claimAt(): number {
    const dueAt = Math.min(...dueAts, state.next.isClaimed ? never : seenAt());
    const at = Math.max(dueAt - state.aheadMs, notBefore);
    return at <= until ? at : never;
  }

  /** Returns when to look. The end of a claim is looked at first: most jobs are settled by then. */
  function lookAt(): number {
    const [next = never] = looks;
    const endOfClaim = state.next.isClaimed ? seenAt() - state.aheadMs : never;
    const at = Math.max(Math.min(next + spare(), endOfClaim), notBefore);
    return at <= until ? at : never;
  }

  async function claim(): Promise<void> {
    // Jobs that come back while the request is on its way are not covered by its reply.
    const asked = dueAts.splice(0);
    const { claimedAt, claimed } = await runs.claim().catch((error: unknown) => {
      // The reply may be lost: the claimed jobs are due again when the claim has ended.
      dueAts.push(...asked, Math.ceil(serverNow()) + claimMs + emptyMs);
      throw error;
    });
    dueAts.push(...asked.filter((at) => at > claimedAt));
    // This invocation's jobs may be among the due ones that are left.
    if (state.next.dueAt <= claimedAt) dueAts.push(state.next.dueAt);
    if (claimed === 0) notBefore = clock.now() + emptyMs;
    dropLooks();
  }

  async function look(): Promise<void> {
    const isOwn = spare() === 0 || (looks[0] ?? never) > clock.now();
    if (isOwn) {
      const next = await claims.next();
      // A claim that has ended by now leaves a due job.
      state.next = { ...next, isClaimed: next.isClaimed && next.dueAt > serverNow() };
    }
    dropLooks();
  }

  /** A look or claim stands for the looks that were due by then. */
  function dropLooks(): void {
    const now = clock.now();
    looks = looks.filter((at) => at > now);
  }

  /** A failure puts the next look or claim off by a moment: the reply may only have been lost. */
  async function step(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      failures = 0;
    } catch (error) {
      report({ type: "failed", error });
      failures += 1;
      notBefore = clock.now() + Math.ceil(retryMs * Math.min(2 ** (failures - 1), 8) * (1 + clock.random() / 2));
    }
  }

  /** Sleeps until a time, until a run has ended, or until there is more to watch. */
  async function sleepUntil(at: number): Promise<void> {
    nap = new AbortController();
    const { signal } = nap;
    if (at < never) return clock.sleep(at - clock.now(), signal);
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
  }

  async function watchAll(): Promise<void> {
    isWatching = true;
    stopping?.addEventListener("abort", wake);
    for (;;) {
      const now = clock.now();
      // A process that stops lets other ones run what is due.
      if (stopping?.aborted) until = Number.NEGATIVE_INFINITY;
      const hasRoom = runs.room() > 0;
      const [claiming, looking] = hasRoom ? [claimAt(), lookAt()] : [never, never];
      const settling = runs.settleAt(claiming);
      const next = Math.min(claiming, looking, settling);
      if (claiming <= now) await step(claim);
      else if (settling <= now) runs.settle();
      else if (looking <= now) await step(look);
      else if (next < never || runs.isBusy()) await sleepUntil(next);
      // Other work of the invocation holds requests that it may not need.
      else if (!hasRoom && budget.held() > 0 && Math.min(claimAt(), lookAt()) <= until) await sleepUntil(now + heldMs);
      else break;
    }
    isWatching = false;
    stopping?.removeEventListener("abort", wake);
    // An older tick of the isolate takes over the jobs that this one has no requests for.
    if (tick > 0 && tick === state.youngest) state.youngest -= 1;
    tick = 0;
  }

  return function watch({ looks: more = [], dueAt, until: end }) {
    if (more.length > 0) tick = state.youngest += 1;
    looks = [...looks, ...more].toSorted((a, b) => a - b);
    if (dueAt !== undefined) dueAts.push(dueAt);
    until = Math.max(until, end);
    nap.abort();
    if (!isWatching) watching = watchAll();
    return watching;
  };
}
