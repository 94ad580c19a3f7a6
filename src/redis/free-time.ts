import type { Clock } from "../platform/index.ts";

/**
 * Sleeps until the isolate has been free for `ms` milliseconds, and returns for how long it was busy meanwhile. A timer that
 * fires late shows that the isolate ran something else, and could take no answer: that time does not count, up to `ms` more.
 * Returns early when `signal` is aborted.
 */
export async function sleepWhileFree(
  { now, sleep }: Pick<Clock, "now" | "sleep">,
  ms: number,
  signal: AbortSignal,
): Promise<{ busyMs: number }> {
  const latest = now() + ms * 2;
  let busyMs = 0;
  for (let left = ms; left > 0 && now() < latest && !signal.aborted; ) {
    const sliceMs = Math.min(left, longestSliceMs);
    const startedAt = now();
    await sleep(sliceMs, signal);
    const lateMs = now() - startedAt - sliceMs;
    if (lateMs > usualLateMs) busyMs += lateMs;
    left -= sliceMs;
  }
  // The answer may be among what waits for its turn behind this timer.
  if (!signal.aborted) await sleep(0, signal);
  return { busyMs };
}

// --- Internal helpers ---

/** Short slices tell a busy isolate from a free one; long ones keep a usual answer at one timer. */
const longestSliceMs = 60;
/** Timers of a free isolate are late by less. */
const usualLateMs = 20;
