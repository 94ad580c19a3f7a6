import { type Clock, systemClock } from "../platform/index.ts";
import type { Coordination } from "./coordination.ts";
import type { Fence } from "./fence.ts";

/** Work that is done again and again, by whoever pumps or by the leader alone. */
export interface Duty {
  name: string;
  /** Only the leader does it, and is given the fence. */
  isLeaderOnly?: boolean;
  /**
   * Does what is due; returns when to call it next (epoch milliseconds, own clock). Its first commands leave in the request
   * the whole tick shares. Should it throw, it is reported, and called again after `retryMs`.
   */
  run(tick: Tick): Promise<number>;
  /** Sends what is left, at the pump's end. */
  end?(): Promise<void>;
}

export interface Tick {
  now: number;
  /** Ours to write through while we lead. */
  fence: Fence | undefined;
  /** Returns how many more requests this invocation may send. */
  left(): number;
}

/** When each duty is due next, by name; plain data that may outlive the invocation. */
export type DutyTimes = Map<string, number>;

export type DutyEvent = { type: "duty-failed"; duty: string; error: unknown };

export interface RunDutiesOptions {
  coordination: Coordination;
  duties: readonly Duty[];
  times?: DutyTimes;
  /** How long to pump, in milliseconds: a little less than the minute between two cron triggers. */
  forMs?: number;
  /** When the next cron trigger fires, after the beginning. A lease that has run out by then is neither renewed nor released. */
  everyMs?: number;
  /** No two ticks are closer than this, so that work that is always due does not spin. */
  minPauseMs?: number;
  /** No longer sleep than this, so that what others put in is seen. */
  maxPauseMs?: number;
  /** After a duty failed. */
  retryMs?: number;
  /** How many more requests this invocation may send. Default: as many as it likes. */
  left?(): number;
  clock?: Clock;
  report?(event: DutyEvent): void;
}

export interface RunDutiesResult {
  ticks: number;
  /** Why it ended. */
  ended: "time" | "budget";
}

/** Kept back for the last acknowledgements, and for handing leadership over. */
const reserve = 5;

/**
 * Moves coordination and duties on for one cron invocation, sleeping until the next is due. One HTTP request per tick, as long
 * as each duty sends its commands at once. Several pumps at a time are safe, in one isolate or many. At the end leadership is
 * handed over (1/1), since the next cron trigger may wake another isolate; a lease that is over by then costs nothing more.
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
  /** We lead until the end, and the lease is gone when the next begins: it may lapse. */
  const mayLapse = () => {
    const leads = coordination.leads();
    return leads !== undefined && leads.actUntil >= until && leads.endsAt <= startedAt + everyMs;
  };
  let ticks = 0;

  async function perform(duty: Duty, now: number): Promise<void> {
    const fence = coordination.isLeader() ? coordination.fence() : undefined;
    if (duty.isLeaderOnly && !fence) return;
    // Another pump of this isolate leaves it alone meanwhile.
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
      // At first whether it is time or not: the last pump, elsewhere, may just have handed over.
      (!mayLapse() || coordination.beatsAt() <= now) && coordination.tick(ticks === 1),
      ...duties.filter((duty) => dueAt(duty) <= now).map((duty) => perform(duty, now)),
    ]);
    const nextAt = Math.min(mayLapse() ? coordination.beatsAt() : coordination.nextAt(), ...duties.map(dueAt));
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
