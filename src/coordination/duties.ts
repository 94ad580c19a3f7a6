import { type Clock, systemClock } from "../platform/index.ts";
import type { Coordination } from "./coordination.ts";
import type { Fence } from "./fence.ts";

/** Recurring work of the cron tick. */
export interface Duty {
  name: string;
  /** Only the leader does it, and gets the fence. Default: every instance does it. */
  isLeaderOnly?: boolean;
  /**
   * Does what is due; returns when to call it next (own clock, epoch milliseconds). Its first commands leave in the request that
   * all duties of a round share. A duty that throws is reported, and called again after `retryMs`.
   */
  run(tick: Tick): Promise<number>;
}

/** One call of a duty. */
export interface Tick {
  /** Own clock, epoch milliseconds. */
  now: number;
  /** For the leader's writes; undefined unless the duty is the leader's. */
  fence: Fence | undefined;
  /** Returns how many more requests this invocation may send. */
  left(): number;
}

/** When each duty is due next, by name. Plain data that may outlive the invocation. */
export type DutyTimes = Map<string, number>;

export type DutyEvent = { type: "duty-failed"; duty: string; error: unknown };

export interface RunDutiesOptions {
  coordination: Pick<Coordination, "asLeader">;
  duties: readonly Duty[];
  /** Default: every duty is due at once. */
  times?: DutyTimes;
  /** How long to run, in milliseconds: a little less than the minute between two cron ticks. Default: 55,000. */
  forMs?: number;
  /** The shortest pause between two rounds, in milliseconds, so that work that is always due does not spin. Default: 250. */
  minPauseMs?: number;
  /** Time until a duty that threw is called again, in milliseconds. Default: 5,000. */
  retryMs?: number;
  /** Returns how many more requests this invocation may send. Default: no limit. */
  left?(): number;
  /** Default: the machine's. */
  clock?: Clock;
  /** When it aborts, no further round begins. Default: never. */
  stopping?: AbortSignal | undefined;
  report?(event: DutyEvent): void;
}

export interface RunDutiesResult {
  /** How many rounds there were. */
  rounds: number;
  /** `idle`: nothing was due before the time was over, or the process stops. `budget`: the requests were used up. */
  ended: "idle" | "budget";
}

/** Requests kept back for resigning, and for what else the invocation ends with. */
const reserve = 5;

/**
 * Runs duties for one cron tick, in rounds: does what is due, then sleeps until the next is due. Several cron ticks at a time are
 * safe, in one isolate or many. Leadership is sought only when a duty of the leader's is due, and given back behind it.
 * Cost: the duties', and 3 commands, 3 round trips for each round with a duty of the leader's.
 */
export async function runDuties({
  coordination,
  duties,
  times = new Map(),
  forMs = 55_000,
  minPauseMs = 250,
  retryMs = 5_000,
  left = () => Number.POSITIVE_INFINITY,
  clock = systemClock,
  stopping,
  report = () => {},
}: RunDutiesOptions): Promise<RunDutiesResult> {
  const until = clock.now() + forMs;

  async function perform(duty: Duty, now: number, fence?: Fence): Promise<void> {
    // Another cron tick of this isolate leaves the duty alone meanwhile.
    times.set(duty.name, now + retryMs);
    try {
      times.set(duty.name, timeOf(await duty.run({ now, fence, left })));
    } catch (error) {
      report({ type: "duty-failed", duty: duty.name, error });
    }
  }

  async function performAsLeader(due: readonly Duty[], now: number): Promise<void> {
    const led = await coordination.asLeader((fence) => Promise.all(due.map((duty) => perform(duty, now, fence))));
    if (led.led) return;
    for (const { name } of due) times.set(name, Math.max(led.retryAt, now + minPauseMs));
  }

  const dueAt = ({ name }: Duty): number => times.get(name) ?? 0;

  for (let rounds = 0; ; rounds++) {
    const now = clock.now();
    const nextAt = Math.min(...duties.map(dueAt), Number.POSITIVE_INFINITY);
    if (left() <= reserve) return { rounds, ended: "budget" };
    if (Math.max(nextAt, now) >= until) return { rounds, ended: "idle" };
    if (nextAt > now) await clock.sleep(Math.max(nextAt - now, minPauseMs), stopping);
    if (stopping?.aborted) return { rounds, ended: "idle" };
    const at = clock.now();
    const due = duties.filter((duty) => dueAt(duty) <= at);
    const forLeader = due.filter(({ isLeaderOnly }) => isLeaderOnly);
    await Promise.all([
      ...due.filter(({ isLeaderOnly }) => !isLeaderOnly).map((duty) => perform(duty, at)),
      forLeader.length > 0 ? performAsLeader(forLeader, at) : undefined,
    ]);
    await clock.sleep(at + minPauseMs - clock.now(), stopping);
  }
}

// --- Internal helpers ---

/** A duty that returns no time is not due again in this isolate. */
const timeOf = (at: number): number => (Number.isNaN(at) ? Number.POSITIVE_INFINITY : at);
