import type { Wanted } from "./fetch.ts";
import type { KindContext, Poll } from "./kind-context.ts";
import type { Found } from "./l2.ts";

/**
 * Sleeps for about as long as another isolate's fetch takes, and reads the key again, together with the others that this
 * invocation waits for. `waitedMs` is how long this read has waited so far: each sleep is longer than the last.
 * Cost: 1 command, 1 round trip for all of them.
 */
export async function waitForFill<T>(
  context: KindContext<T>,
  wanted: Wanted<T>,
  waitedMs: number,
): Promise<{ found: Found<T>; waitedMs: number }> {
  const poll = (context.poll.next ??= startPoll(context, waitedMs));
  poll.wanted.set(wanted.key, wanted);
  const found = await (await poll.found).get(wanted.key);
  if (!found) throw new Error(`The poll for "${wanted.key}" left before it was added.`);
  return { found, waitedMs: waitedMs + poll.sleepMs };
}

// --- Internal helpers ---

function startPoll<T>(context: KindContext<T>, waitedMs: number): Poll<T> {
  const { kind, clock, stats, l2, poll } = context;
  // The first look finds most fetches done, with the write that follows them.
  const usualMs = stats.fetchMs === 0 ? 75 : stats.fetchMs * 1.2 + 10;
  const sleepMs = Math.max(Math.min(kind.waitMs / 4, usualMs), waitedMs / 2) * (1 + clock.random() / 2);
  const wanted = new Map<string, Pick<Wanted<T>, "key" | "tags">>();
  const found = clock.sleep(sleepMs).then(() => {
    delete poll.next;
    const list = [...wanted.values()];
    const reads = l2.readMany(list);
    return new Map(list.map(({ key }, index) => [key, reads[index] as Promise<Found<T>>]));
  });
  return { wanted, sleepMs, found };
}
