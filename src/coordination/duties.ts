import { type Clock, systemClock } from "../platform/index.ts";
import type { Coordination } from "./coordination.ts";
import type { Fence } from "./fence.ts";

/** Recurring work of the cron tick. */
export interface Duty {
  name: string;
  /** Only the leader does it, and gets the fence. Default: every instance does it. */
  isLeaderOnly?: boolean;
  /**
   * Does what is due; returns when to call it next (own clock, epoch milliseconds). Its first commands leave in the
   * request that all duties of a round share. A duty that throws is reported, and called again after `retryMs`.
   */
  run(tick: Tick): Promise<number>;
  /** Sends what is left, when the cron tick ends. */
  end?(): Promise<void>;
}

/** One call of a duty. */
export interface Tick {
  /** Own clock, epoch milliseconds. */
  now: number;
  /** For the leader's writes; undefined when this instance does not lead. */
  fence: Fence | undefined;
  /** Returns how many more requests this invocation may send. */
  left(): number;
}

/** When each duty is due next, by name. Plain data that may outlive the invocation. */
export type DutyTimes = Map<string, number>;

export type DutyEvent = { type: "duty-failed"; duty: string; error: unknown };

export interface RunDutiesOptions {
  coordination: Coordination;
  duties: readonly Duty[];
  /** Default: every duty is due at once. */
  times?: DutyTimes;
  /** How long to run, in milliseconds: a little less than the minute between two cron ticks. Default: 55,000. */
  forMs?: number;
  /**
   * Time from one cron tick to the next, in milliseconds. A lease that ends before the next one is neither renewed nor
   * released. Default: 60,000.
   */
  everyMs?: number;
  /** The shortest pause between two rounds, in milliseconds: work that is always due does not spin. Default: 250. */
  minPauseMs?: number;
  /** The longest pause between two rounds, in milliseconds. Default: 28,000. */
  maxPauseMs?: number;
  /** Time until a duty that threw is called again, in milliseconds. Default: 5,000. */
  retryMs?: number;
  /** Returns how many more requests this invocation may send. Default: no limit. */
  left?(): number;
  /** Default: the machine's. */
  clock?: Clock;
  report?(event: DutyEvent): void;
}

export interface RunDutiesResult {
  /** How many rounds there were. */
  ticks: number;
  /** `budget`: the requests were used up before the time was. */
  ended: "time" | "budget";
}

/** Requests kept back for the last acknowledgements, and for resigning. */
const reserve = 5;

/**
 * Runs coordination and duties for one cron tick, in rounds: does what is due, then sleeps until the next is due.
 * Several cron ticks at a time are safe, in one isolate or many. At the end the leader resigns, since the next tick may
 * wake another isolate; a lease that ends before the next tick is left to expire.
 * Cost: 1 round trip per round, if each duty sends its commands at once; 1 command, 1 round trip to resign.
 */
export async function runDuties({
  coordination,
  duties,
  times = new Map(),
  forMs = 55_000,
  everyMs = 60_000,
  minPauseMs = 250,
  maxPauseMs = 28_000,
  retryMs = 5_000,
  left = () => Number.POSITIVE_INFINITY,
  clock = systemClock,
  report = () => {},
}: RunDutiesOptions): Promise<RunDutiesResult> {
  const startedAt = clock.now();
  const until = startedAt + forMs;
  /** The lease lasts until the end, and is over when the next cron tick begins: let it expire. */
  const mayLapse = () => {
    const leads = coordination.leads();
    return leads !== undefined && leads.actUntil >= until && leads.endsAt <= startedAt + everyMs;
  };
  let ticks = 0;

  async function perform(duty: Duty, now: number): Promise<void> {
    const fence = coordination.isLeader() ? coordination.fence() : undefined;
    if (duty.isLeaderOnly && !fence) return;
    // Another cron tick of this isolate leaves the duty alone meanwhile.
    times.set(duty.name, now + retryMs);
    try {
      times.set(duty.name, await duty.run({ now, fence, left }));
    } catch (error) {
      report({ type: "duty-failed", duty: duty.name, error });
    }
  }

  const dueAt = (duty: Duty): number =>
    duty.isLeaderOnly && !coordination.isLeader() ? Number.POSITIVE_INFINITY : (times.get(duty.name) ?? 0);

  let ended: RunDutiesResult["ended"] = "time";
  while (clock.now() < until) {
    if (left() <= reserve) {
      ended = "budget";
      break;
    }
    const now = clock.now();
    ticks += 1;
    await Promise.all([
      // Try to lead in the first round: another isolate may just have resigned.
      (!mayLapse() || coordination.heartbeatAt() <= now) && coordination.tick(ticks === 1),
      ...duties.filter((duty) => dueAt(duty) <= now).map((duty) => perform(duty, now)),
    ]);
    const nextAt = Math.min(mayLapse() ? coordination.heartbeatAt() : coordination.nextAt(), ...duties.map(dueAt));
    const pauseMs = Math.min(Math.max(nextAt - clock.now(), minPauseMs), maxPauseMs, until - clock.now());
    if (pauseMs > 0) await clock.sleep(pauseMs);
  }
  const last = duties.map(async (duty) => {
    try {
      await duty.end?.();
    } catch (error) {
      report({ type: "duty-failed", duty: duty.name, error });
    }
  });
  await Promise.all([...last, mayLapse() ? undefined : coordination.resign()]);
  return { ticks, ended };
}
