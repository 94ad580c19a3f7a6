import { type Clock, systemClock } from "../platform/index.ts";
import { LeaseLostError } from "./errors.ts";
import type { Grant, Lease } from "./lease.ts";
import { retryAfter } from "./timing.ts";

/** What work under a lease is given. */
export interface Tenure {
  /** Greater than that of every holder before. */
  readonly token: number;
  /**
   * Fires when the lease is lost or in doubt: stop. It cannot fire while the isolate is frozen, so ask `grant` right before
   * what must not happen twice.
   */
  readonly signal: AbortSignal;
  /** The lease as it stands now, for a fence; throws `LeaseLostError` when it may not be acted upon any more. 0 commands. */
  grant(): Grant;
}

/** `isCertain`: the lease was held to the end. `ran: false`: somebody else holds it, or our answers came too late. */
export type TenureResult<T> = { ran: true; value: T; isCertain: boolean } | { ran: false; by: string | null };

/**
 * Runs `work` if the lease is free, renews it meanwhile, and releases it behind: once at a time over all isolates.
 * 3 commands and 1 for each renewal. Renewals live as long as the invocation: keep it alive while the work goes on.
 * What `work` throws is thrown on, after the release.
 *
 * @example
 * await withLease(lease, async ({ signal, grant }) => {
 *   for (const page of pages) {
 *     signal.throwIfAborted();
 *     await createFence({ grant: grant(), redis, prefix }).write({ keys: ["sp:page"], command: ["SET", "sp:page", page] });
 *   }
 * });
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
      if (!isOver() && !lease.isHeld(current)) lose();
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
        // No answer: the lease stands until its deadline, and there may be time for another try.
        at = clock.now() + retryAfter(lease.timing, clock.random()) / 4;
      }
    }
  }

  const tenure: Tenure = {
    token: current.token,
    signal: doubt.signal,
    grant() {
      if (doubt.signal.aborted || !lease.isHeld(current)) throw new LeaseLostError(current.name);
      return current;
    },
  };
  const keeping = [watch(), keep()];
  try {
    const value = await work(tenure);
    return { ran: true, value, isCertain: !doubt.signal.aborted && lease.isHeld(current) };
  } finally {
    done.abort();
    await lease.release(current).catch(() => false);
    await Promise.all(keeping);
  }
}
