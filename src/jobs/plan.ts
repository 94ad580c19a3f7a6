import type { WatchOptions } from "./watch.ts";

/**
 * When a tick looks at what is due, after it began: at once, half a minute later, and half a minute into the next tick. With one
 * tick a minute two look at each full half minute, so that the end of one isolate leaves no half minute without a look. Ticks
 * in one isolate share theirs.
 */
export const looksMs = [0, 30_000, 90_000] as const;
/** Past its last look, a tick runs what is due before the next tick but one looks. */
export const tickMs = 120_000;
/**
 * An invocation runs what it schedules, if that is due so soon: 30 s pass between two looks, and 2 s late is on time. A Worker
 * lives 30 s past its answer; the rest is for the job.
 */
export const ownMs = 28_500;
const ownRunMs = 1_000;

/** Returns how a tick that begins now watches jobs. Times are in epoch milliseconds. */
export const planOfTick = (now: number): WatchOptions => ({
  looks: looksMs.map((ms) => now + ms),
  until: now + tickMs,
});

/**
 * Returns how the invocation that schedules a job watches it; `undefined` when the job is left to the ticks. Times are in epoch
 * milliseconds; `aheadMs` is how far the server's clock is ahead.
 */
export const planOfScheduled = (now: number, dueAt: number, aheadMs: number): WatchOptions | undefined =>
  dueAt - aheadMs <= now + ownMs ? { dueAt, until: now + ownMs + ownRunMs } : undefined;
