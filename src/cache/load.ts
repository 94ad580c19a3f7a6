import type { Entry } from "./entry.ts";
import type { Envelope } from "./envelope.ts";
import { CacheFetchFailedError } from "./errors.ts";
import { isFetchable, type Wanted } from "./fetch.ts";
import { fetchUnclaimed, fill } from "./fill.ts";
import type { KindContext } from "./kind-context.ts";
import type { Found } from "./l2.ts";
import { serve } from "./refresh.ts";
import { waitForFill } from "./wait-for-fill.ts";
import { withoutRedis } from "./without-redis.ts";

/**
 * Returns an entry that L1 cannot serve: from Redis, else from the fetcher. `reading` is the read of its key, if that has been
 * sent already. Throws what the fetcher throws, `CacheTimeoutError`, `CacheFetchFailedError` and `CacheBusyError`; without a
 * fetcher, what Redis throws.
 */
export async function load<T>(
  context: KindContext<T>,
  wanted: Wanted<T>,
  reading: Promise<Found<T>> = readOrClaim(context, wanted),
): Promise<Entry<T>> {
  let found: Found<T>;
  try {
    found = await claimOrWait(context, wanted, await reading);
  } catch (error) {
    return withoutRedis(context, wanted, error);
  }
  const { stored, claim } = found;
  if (claim !== undefined && isFetchable(wanted)) return fill(context, wanted, found, claim);
  if (isServable(context, found)) return serve(context, wanted, found);
  if (!isFetchable(wanted)) return miss(context);
  // L1 is no help here: Redis may have no value because it was just invalidated.
  if (stored.kind === "failure") throw new CacheFetchFailedError(wanted.key, stored.reason);
  return fetchUnclaimed(context, wanted, found);
}

// --- Internal helpers ---

/** Without tags there are no generations to read, so that reading and claiming are one command. */
function readOrClaim<T>({ l2 }: KindContext<T>, wanted: Wanted<T>): Promise<Found<T>> {
  const { key, tags } = wanted;
  return tags.length === 0 && isFetchable(wanted) ? l2.claim(key, tags) : l2.read(key, tags);
}

/** How often a key may change between reading and claiming it. */
const maxClaims = 6;

/**
 * Claims a key that holds nothing to serve. While another isolate has claimed it, waits for that isolate's fill. Gives up after
 * `waitMs`, and returns what was found last.
 */
async function claimOrWait<T>(
  context: KindContext<T>,
  wanted: Wanted<T>,
  found: Found<T>,
  { claims, waitedMs }: { claims: number; waitedMs: number } = { claims: 0, waitedMs: 0 },
): Promise<Found<T>> {
  const { kind, l2, stats, report } = context;
  const { stored, claim } = found;
  if (claim !== undefined || isServable(context, found) || !isFetchable(wanted)) return found;
  if (stored.kind === "failure" || claims >= maxClaims) return found;
  if (stored.kind === "claim") {
    if (waitedMs >= kind.waitMs) return found;
    const { found: next, waitedMs: waited } = await waitForFill(context, wanted, waitedMs);
    return claimOrWait(context, wanted, next, { claims, waitedMs: waited });
  }
  if (stored.kind === "unreadable") {
    stats.repairs += 1;
    report({ type: "repaired", namespace: kind.name, key: wanted.key });
  }
  const next = await l2.claim(wanted.key, wanted.tags, found);
  return claimOrWait(context, wanted, next, { claims: claims + 1, waitedMs });
}

/** Returns whether the stored value is within its grace, with no tag invalidated since its fetch. */
export const isServable = <T>(
  { clock }: KindContext<T>,
  found: Found<T>,
): found is Found<T> & { stored: Envelope<T> } => {
  const { stored, generations } = found;
  return stored.kind === "value" && stored.generations === generations && clock.now() < stored.serveUntil;
};

function miss<T>({ stats }: KindContext<T>): Entry<T> {
  stats.misses += 1;
  return { value: undefined, source: "redis", isStale: false, ageMs: 0 };
}
