import type { WatchOptions } from "./watch.ts";

/**
 * When a tick looks for due jobs, in milliseconds after it began: at once, half a minute later, and half a minute into the next
 * tick. With one tick a minute, another one looks within 30 s of any moment at which the isolate of a tick dies. Of two ticks in one
 * isolate the younger looks.
 */
const looksMs = [0, 30_000, 90_000];
/** A tick claims until the tick after the next begins. */
const tickMs = 120_000;
/**
 * An invocation runs its own jobs that are due within this time: the looks are 30 s apart, and a job is on time within 2 s. The
 * invocation lives 30 s past its answer, and claims for one second more.
 */
const ownMs = 28_500;
const lastClaimMs = 1_000;

/** Returns how a tick that begins now and lasts `forMs` watches jobs. Default: two minutes. Times are in epoch milliseconds. */
export const planOfTick = (now: number, forMs = tickMs): WatchOptions => ({
  looks: looksMs.filter((ms) => ms <= forMs).map((ms) => now + ms),
  until: now + forMs,
});

/**
 * Returns how the invocation that schedules a job watches it; `undefined` when the job is left to the ticks. Times are in epoch
 * milliseconds; `aheadMs` is how far the server's clock is ahead.
 */
export const planOfScheduled = (now: number, dueAt: number, aheadMs: number): WatchOptions | undefined =>
  dueAt - aheadMs <= now + ownMs ? { dueAt, until: now + ownMs + lastClaimMs } : undefined;
