import { LeaseTimingError } from "./errors.ts";

export interface LeaseTiming {
  /** How long Redis keeps the lease for a holder that is silent, in milliseconds. */
  leaseMs: number;
  /** How long a holder acts after the last request that was answered, counted from before it was sent. */
  renewDeadlineMs: number;
  /** Renewed, or tried again, after this long and up to a fifth more. */
  retryMs: number;
}

/** What is lost between two clocks in `ms`: they may differ in rate by 1 %, and Redis rounds to milliseconds. */
export const driftMs = (ms: number): number => Math.ceil(ms * 0.01) + 2;

/** A retry is put off by up to a fifth, so that contenders that started together come apart. */
const jitter = 0.2;

export const retryAfter = ({ retryMs }: LeaseTiming, random: number): number => retryMs * (1 + jitter * random);

/**
 * Checks the durations as client-go does: lease > renew deadline > 1.2 retries. The first by a margin: a holder has to be
 * done acting before Redis gives the lease to another one, whatever their clocks say.
 *
 * @see https://pkg.go.dev/k8s.io/client-go/tools/leaderelection#LeaderElectionConfig
 */
export function leaseTiming({
  leaseMs = 30_000,
  renewDeadlineMs = Math.floor(leaseMs * 0.8),
  retryMs = Math.floor(renewDeadlineMs * 0.5),
}: Partial<LeaseTiming> = {}): LeaseTiming {
  for (const [name, ms] of Object.entries({ leaseMs, renewDeadlineMs, retryMs })) {
    if (!Number.isSafeInteger(ms) || ms <= 0) throw new LeaseTimingError(`${name} must be whole milliseconds above 0`);
  }
  if (renewDeadlineMs + driftMs(leaseMs) > leaseMs) {
    throw new LeaseTimingError(
      `renewDeadlineMs (${renewDeadlineMs}) must be at least ${driftMs(leaseMs)} ms below leaseMs (${leaseMs})`,
    );
  }
  if (renewDeadlineMs <= retryMs * (1 + jitter)) {
    throw new LeaseTimingError(`renewDeadlineMs (${renewDeadlineMs}) must be above 1.2 x retryMs (${retryMs})`);
  }
  return { leaseMs, renewDeadlineMs, retryMs };
}

/**
 * Durations for a leader that a cron tick elects each minute: it acts until its tick ends, and its lease is over, unreleased,
 * when the next tick begins, in any isolate. Cost: 2 commands a minute.
 */
export const cronTiming = { leaseMs: 59_000, renewDeadlineMs: 58_000, retryMs: 48_000, heartbeatMs: 240_000 };
