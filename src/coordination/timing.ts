import { LeaseTimingError } from "./errors.ts";

export interface LeaseTiming {
  /** How long Redis keeps the lease for a silent holder, in milliseconds. Default: 30,000. */
  leaseMs: number;
  /** How long a holder acts after it sent the last request that was answered, in milliseconds. Default: 0.8 of `leaseMs`. */
  renewDeadlineMs: number;
  /** Time until the lease is renewed, or tried again, in milliseconds; up to a fifth is added. Default: half of `renewDeadlineMs`. */
  retryMs: number;
}

/** Durations of which some have their default. */
export type LeaseDurations = { [Name in keyof LeaseTiming]?: LeaseTiming[Name] | undefined };

/** Returns how far two clocks can drift apart in `ms`: rates may differ by 1 %, and Redis rounds to milliseconds. */
export const driftMs = (ms: number): number => Math.ceil(ms * 0.01) + 2;

/** A retry comes up to a fifth later, so that contenders that started together drift apart. */
const jitter = 0.2;

/** Returns the time until the next try, in milliseconds. `random` is from 0 to 1. */
export const retryAfter = ({ retryMs }: LeaseTiming, random: number): number => retryMs * (1 + jitter * random);

/**
 * Returns the durations of a lease, checked as client-go does: lease > renew deadline > 1.2 retries. The first by a margin, so that
 * a holder stops before Redis frees the lease, whatever their clocks show. Throws `LeaseTimingError`.
 *
 * @see https://pkg.go.dev/k8s.io/client-go/tools/leaderelection#LeaderElectionConfig
 */
export function leaseTiming({
  leaseMs = 30_000,
  renewDeadlineMs = Math.floor(leaseMs * 0.8),
  retryMs = Math.floor(renewDeadlineMs * 0.5),
}: LeaseDurations = {}): LeaseTiming {
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
 * Durations for a leader that leads only while it has something to do: short, so that a leader that dies is replaced soon. A
 * member is shown for ten minutes after it last did something.
 */
export const cronTiming = { leaseMs: 15_000, renewDeadlineMs: 12_000, retryMs: 5_000, heartbeatMs: 240_000 };
