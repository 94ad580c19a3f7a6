import { reasonOf } from "../platform/index.ts";
import { type Entry, fetchedEntry } from "./entry.ts";
import type { Envelope } from "./envelope.ts";
import { type Fetchable, fetchAndKeep } from "./fetch.ts";
import type { KindContext } from "./kind-context.ts";
import { invalidateLocally } from "./l1.ts";
import type { Found } from "./l2.ts";

/**
 * Fetches the value of a key that this isolate has claimed. The value, or the failure, replaces the claim after the answer:
 * until then other isolates wait.
 * Cost: 1 command, 1 round trip, after the answer.
 */
export async function fill<T>(
  context: KindContext<T>,
  wanted: Fetchable<T>,
  found: Found<T>,
  claim: string,
): Promise<Entry<T>> {
  const { l2, stats, clock, inBackground } = context;
  stats.misses += 1;
  try {
    const envelope = await fetchAndKeep(context, wanted, found);
    inBackground(land(context, wanted.key, claim, envelope));
    return fetchedEntry(envelope, clock.now());
  } catch (error) {
    inBackground(l2.fail(wanted.key, claim, reasonOf(error)));
    throw error;
  }
}

/**
 * Puts a fetched value into Redis in place of `expected`. When that has changed since, the value is older than what changed it,
 * and L1 forgets it too.
 * Cost: 1 command, 1 round trip.
 */
export async function land<T>(
  { l2, state }: KindContext<T>,
  key: string,
  expected: string,
  envelope: Envelope<T>,
): Promise<void> {
  if (!(await l2.fill(key, expected, envelope))) invalidateLocally(state, key);
}

/** Fetches the value of a key that another isolate has claimed for too long, and keeps it in L1 alone. Cost: 0 commands. */
export async function fetchUnclaimed<T>(
  context: KindContext<T>,
  wanted: Fetchable<T>,
  found: Pick<Found<T>, "generations" | "sequence">,
): Promise<Entry<T>> {
  context.stats.misses += 1;
  return fetchedEntry(await fetchAndKeep(context, wanted, found), context.clock.now());
}
