import { type Clock, systemClock } from "../platform/index.ts";
import { LeaseLostError } from "./errors.ts";
import type { Grant, Lease } from "./lease.ts";
import { retryAfter } from "./timing.ts";

/** A lease, for the work that runs under it. */
export interface Tenure {
  /** The fencing token, greater than that of every holder before. */
  readonly token: number;
  /**
   * Aborts when the lease is lost or in doubt: stop then. It cannot abort while the isolate is frozen, so ask `grant`
   * right before an action that must not happen twice.
   */
  readonly signal: AbortSignal;
  /**
   * Returns the lease as it is now, for a fence. Throws `LeaseLostError` when it is lost or in doubt, or the work has ended.
   * Cost: 0 commands.
   */
  grant(): Grant;
}

/** `isCertain`: the lease was held to the end. `ran: false`: `by` holds the lease, or Redis answered too late. */
export type TenureResult<T> = { ran: true; value: T; isCertain: boolean } | { ran: false; by: string | null };

/**
 * Runs `work` if the lease is free, so that it runs once at a time over all isolates. Renews the lease meanwhile, and
 * releases it afterwards. Renewals end with the invocation: keep it alive while the work goes on. Throws what `work`
 * throws, after the release.
 *
 * @example
 * await withLease(lease, async ({ signal, grant }) => {
 *   for (const page of pages) {
 *     signal.throwIfAborted();
 *     await createFence({ grant: grant(), redis, prefix }).write({ keys: ["sp:page"], command: ["SET", "sp:page", page] });
 *   }
 * });
 *
 * Cost: 3 commands, 3 round trips; 1 more of each per renewal.
 */
export async function withLease<T>(
  lease: Lease,
  work: (tenure: Tenure) => Promise<T>,
  { clock = systemClock }: { clock?: Clock } = {},
): Promise<TenureResult<T>> {
  const acquisition = await lease.acquire();
  if (!acquisition.held) return { ran: false, by: acquisition.reason === "taken" ? acquisition.by : null };
  let current = acquisition.grant;
  const doubt = new AbortController();
  const done = new AbortController();
  const isOver = () => done.signal.aborted || doubt.signal.aborted;
  const lose = () => doubt.abort(new LeaseLostError(current.name));

  async function watch(): Promise<void> {
    while (!isOver()) {
      await clock.sleep(current.actUntil - clock.now(), done.signal);
      if (!lease.isHeld(current)) lose();
    }
  }

  async function keep(): Promise<void> {
    let at = current.renewAt;
    while (!isOver()) {
      await clock.sleep(at - clock.now(), done.signal);
      if (isOver()) return;
      try {
        const renewal = await lease.renew(current);
        if (!renewal.renewed) return lose();
        current = renewal.grant;
        at = current.renewAt;
      } catch {
        // No answer: the lease is valid until its deadline, and there may be time for another try.
        at = clock.now() + retryAfter(lease.timing, clock.random()) / 4;
      }
    }
  }

  const tenure: Tenure = {
    token: current.token,
    signal: doubt.signal,
    grant() {
      if (isOver() || !lease.isHeld(current)) throw new LeaseLostError(current.name);
      return current;
    },
  };
  const keeping = [watch(), keep()];
  try {
    const value = await work(tenure);
    return { ran: true, value, isCertain: !doubt.signal.aborted && lease.isHeld(current) };
  } finally {
    done.abort();
    await lease.release(current).catch(() => {});
    await Promise.all(keeping);
  }
}
