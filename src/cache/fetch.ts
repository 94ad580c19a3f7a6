import type { Envelope } from "./envelope.ts";
import { CacheTimeoutError } from "./errors.ts";
import { keep } from "./keep.ts";
import type { KindContext } from "./kind-context.ts";
import type { Found } from "./l2.ts";

/** Gets a value from its source. Undefined means that there is none, which is remembered too. */
export type Fetcher<T> = () => Promise<T | undefined>;

/** An entry to read. */
export interface Wanted<T> {
  key: string;
  tags: readonly string[];
  fetcher: Fetcher<T> | undefined;
}

/** An entry to fetch. */
export interface Fetchable<T> extends Wanted<T> {
  fetcher: Fetcher<T>;
}

export const isFetchable = <T>(wanted: Wanted<T>): wanted is Fetchable<T> => wanted.fetcher !== undefined;

/**
 * Fetches a value and puts it into L1. The value is as valid as what was read before: `generations` and `sequence`. Throws what
 * the fetcher throws, or `CacheTimeoutError`.
 */
export async function fetchAndKeep<T>(
  context: KindContext<T>,
  { key, tags, fetcher }: Fetchable<T>,
  { generations, sequence }: Pick<Found<T>, "generations" | "sequence">,
): Promise<Envelope<T>> {
  const { clock, stats } = context;
  const storedAt = clock.now();
  const value = await fetchInTime(context, key, fetcher);
  const fetchMs = clock.now() - storedAt;
  stats.fetchMs = stats.fetchMs === 0 ? fetchMs : stats.fetchMs * 0.8 + fetchMs * 0.2;
  return keep(context, key, tags, { value, storedAt, fetchMs, generations, sequence });
}

// --- Internal helpers ---

const timedOut = Symbol("timed out");

async function fetchInTime<T>(
  { kind, clock, stats, report }: KindContext<T>,
  key: string,
  fetcher: Fetcher<T>,
): Promise<T | undefined> {
  stats.fetches += 1;
  const timer = new AbortController();
  try {
    const timeout = clock.sleep(kind.hardTimeoutMs, timer.signal).then((): typeof timedOut => timedOut);
    const value = await Promise.race([fetcher(), timeout]);
    if (value === timedOut) throw new CacheTimeoutError(key, kind.hardTimeoutMs);
    return value;
  } catch (error) {
    stats.fetchFailures += 1;
    report({ type: "fetch-failed", namespace: kind.name, key, error });
    throw error;
  } finally {
    timer.abort();
  }
}
