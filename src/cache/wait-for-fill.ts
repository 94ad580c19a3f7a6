import type { Wanted } from "./fetch.ts";
import type { KindContext } from "./kind-context.ts";
import type { Found } from "./l2.ts";

/**
 * Sleeps for about as long as another isolate's fetch takes, and reads the key again. `waitedMs` is how long this read has
 * waited so far: each sleep is longer than the last. Cost: 1 command, 1 round trip.
 */
export async function waitForFill<T>(
  { kind, clock, stats, l2 }: KindContext<T>,
  { key, tags }: Wanted<T>,
  waitedMs: number,
): Promise<{ found: Found<T>; waitedMs: number }> {
  // The first look finds most fetches done, with the write that follows them.
  const usualMs = stats.fetchMs === 0 ? 75 : stats.fetchMs * 1.2 + 10;
  const sleepMs = Math.max(Math.min(kind.waitMs / 4, usualMs), waitedMs / 2) * (1 + clock.random() / 2);
  await clock.sleep(sleepMs);
  return { found: await l2.read(key, tags), waitedMs: waitedMs + sleepMs };
}
