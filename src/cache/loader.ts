import type { Host } from "./context.ts";
import { type Entry, entryOf, isDueEarly } from "./entry.ts";
import type { Envelope } from "./envelope.ts";
import { CacheBusyError, CacheFetchFailedError, CacheTimeoutError } from "./errors.ts";
import { type CacheStats, isValid, type LocalEntry } from "./l1.ts";
import type { Found, Shelf } from "./l2.ts";
import type { Policy } from "./policy.ts";

/** Asks whoever really knows. Undefined is absence, and is remembered as such. */
export type Fetcher<T> = () => Promise<T | undefined>;

/** One entry that is wanted. */
export interface Wanted<T> {
  key: string;
  tags: readonly string[];
  fetcher: Fetcher<T> | undefined;
}

export interface Loader<T> {
  /** What L1 may serve without asking anybody. 0 commands. */
  local(key: string): LocalEntry | undefined;
  /** From Redis or the fetcher. */
  load(wanted: Wanted<T>): Promise<Entry<T>>;
  /** Goes on from what a batch read found. */
  settle(wanted: Wanted<T>, found: Found<T>, began: Began): Promise<Entry<T>>;
  /** Where Redis does not answer: an older copy, else the fetcher, a few at a time. */
  withoutRedis(wanted: Wanted<T>, error: unknown): Promise<Entry<T>>;
  /** Fetches what is claimed, and puts it on the shelf behind the answer. */
  fill(
    wanted: Wanted<T> & { fetcher: Fetcher<T> },
    claim: string,
    generations: string,
    sequence: number,
  ): Promise<Entry<T>>;
  /** A fetched value as it is kept, and kept in L1. */
  keep(
    key: string,
    tags: readonly string[],
    value: T | undefined,
    fetched: Fetched,
  ): Omit<Envelope<T>, "kind" | "text">;
}

/** When a read was sent: what it brings is no newer than that. */
export interface Began {
  readAt: number;
  sequence: number;
}

interface Fetched {
  /** When the fetch began: the value is as old as that. */
  storedAt: number;
  fetchMs: number;
  generations: string;
  sequence: number;
}

const maxUnguarded = 8;
/** How long a stale copy is served from L1 before Redis is asked for a newer one. */
const staleLocalMs = 1_000;
/** How often a key may slip away between reading and claiming it. */
const maxRounds = 6;

export function createLoader<T>(
  host: Host,
  namespace: string,
  policy: Policy<T>,
  shelf: Shelf<T>,
  stats: CacheStats,
): Loader<T> {
  const { state } = host;

  function local(key: string): LocalEntry | undefined {
    const entry = state.entries.get(key);
    return entry && entry.localUntil > host.now() && isValid(state, key, entry) ? entry : undefined;
  }

  /** Puts what came from Redis or the fetcher into L1, for as long as it may be served without asking. */
  function keepLocally(
    key: string,
    tags: readonly string[],
    envelope: Omit<Envelope<T>, "kind" | "text">,
    sequence: number,
    readAt: number,
    size: number,
  ): void {
    const isFresh = readAt < envelope.freshUntil;
    const localUntil = isFresh
      ? Math.min(readAt + policy.localMs, envelope.freshUntil)
      : Math.min(readAt + policy.localMs, readAt + staleLocalMs, envelope.serveUntil);
    const { value, storedAt, freshUntil, serveUntil, fetchMs } = envelope;
    const entry: LocalEntry = { value, storedAt, freshUntil, serveUntil, fetchMs, localUntil, tags, sequence };
    state.entries.set(key, entry, { size: Math.max(1, size) });
  }

  function keep(key: string, tags: readonly string[], value: T | undefined, fetched: Fetched) {
    const { storedAt, fetchMs, generations, sequence } = fetched;
    const life = value === undefined ? policy.absentMs : policy.ttlMs;
    const freshUntil = storedAt + Math.round(life * (1 + policy.jitter * (2 * host.random() - 1)));
    const serveUntil = freshUntil + (value === undefined ? 0 : policy.graceMs);
    const envelope = { value, storedAt, freshUntil, serveUntil, fetchMs, generations };
    keepLocally(key, tags, envelope, sequence, storedAt, sizeOf(value));
    return envelope;
  }

  async function fetchWithin(key: string, fetcher: Fetcher<T>): Promise<T | undefined> {
    stats.fetches += 1;
    const out = Promise.withResolvers<never>();
    const callOff = host.after(policy.hardTimeoutMs, () =>
      out.reject(new CacheTimeoutError(key, policy.hardTimeoutMs)),
    );
    try {
      return await Promise.race([fetcher(), out.promise]);
    } catch (error) {
      stats.fetchFailures += 1;
      host.report({ type: "fetch-failed", namespace, key, error });
      throw error;
    } finally {
      callOff();
    }
  }

  async function fetchAndKeep({ key, tags }: Wanted<T>, fetcher: Fetcher<T>, generations: string, sequence: number) {
    const storedAt = host.now();
    const value = await fetchWithin(key, fetcher);
    const fetchMs = host.now() - storedAt;
    stats.fetchMs = stats.fetchMs === 0 ? fetchMs : stats.fetchMs * 0.8 + fetchMs * 0.2;
    return keep(key, tags, value, { storedAt, fetchMs, generations, sequence });
  }

  async function fill(
    wanted: Wanted<T> & { fetcher: Fetcher<T> },
    claim: string,
    generations: string,
    sequence: number,
  ): Promise<Entry<T>> {
    stats.misses += 1;
    try {
      const envelope = await fetchAndKeep(wanted, wanted.fetcher, generations, sequence);
      background(shelf.fill(wanted.key, claim, envelope));
      return { ...entryOf<T>(envelope, "fetch", host.now()), isStale: false };
    } catch (error) {
      background(shelf.fail(wanted.key, claim, error instanceof Error ? error.message : String(error)));
      throw error;
    }
  }

  function background(work: Promise<unknown>): void {
    host.waitUntil(
      work.catch((error: unknown) => {
        stats.redisFailures += 1;
        host.report({ type: "redis-failed", namespace, error });
      }),
    );
  }

  /** Fetches a newer value for one that is still served, unless somebody does already. */
  async function refresh(wanted: Wanted<T>, stored: Envelope<T>, sequence: number): Promise<Entry<T> | undefined> {
    if (!wanted.fetcher || !(await shelf.claimRefresh(wanted.key))) return undefined;
    const envelope = await fetchAndKeep(wanted, wanted.fetcher, stored.generations, sequence);
    background(shelf.fill(wanted.key, stored.text, envelope));
    return { ...entryOf<T>(envelope, "fetch", host.now()), isStale: false };
  }

  async function serve(wanted: Wanted<T>, stored: Envelope<T>, sequence: number, readAt: number): Promise<Entry<T>> {
    keepLocally(wanted.key, wanted.tags, stored, sequence, readAt, stored.text.length);
    const entry = entryOf<T>(stored, "redis", host.now());
    const isEarly = !entry.isStale && isDueEarly(stored, policy.earliness, host.now(), host.random);
    if (entry.isStale) stats.staleHits += 1;
    else stats.redisHits += 1;
    if (!entry.isStale && !isEarly) return entry;
    const refreshing = refresh(wanted, stored, sequence).catch(() => undefined);
    host.waitUntil(refreshing);
    if (!entry.isStale || policy.softTimeoutMs === 0) return entry;
    const newer = await Promise.race([refreshing, host.sleep(policy.softTimeoutMs)]);
    return newer ?? entry;
  }

  async function settle(wanted: Wanted<T>, first: Found<T>, began: Began): Promise<Entry<T>> {
    const { key, tags, fetcher } = wanted;
    let found = first;
    let { readAt, sequence } = began;
    let waitedMs = 0;
    let rounds = 0;
    for (;;) {
      const { stored, generations, claim } = found;
      if (claim !== undefined && fetcher) return fill({ ...wanted, fetcher }, claim, generations, sequence);
      if (stored.kind === "value" && stored.generations === generations && host.now() < stored.serveUntil) {
        return serve(wanted, stored, sequence, readAt);
      }
      if (!fetcher) {
        stats.misses += 1;
        return { value: undefined, source: "redis", isStale: false, ageMs: 0 };
      }
      // A copy in L1 does not help here: that Redis has none may be somebody's wish.
      if (stored.kind === "failure") throw new CacheFetchFailedError(key, stored.reason);
      if (stored.kind === "rubbish") {
        stats.repairs += 1;
        host.report({ type: "repaired", namespace, key });
      }
      const isOthers = stored.kind === "claim";
      if (waitedMs >= policy.waitMs || rounds >= maxRounds) {
        stats.misses += 1;
        const envelope = await fetchAndKeep(wanted, fetcher, generations, sequence);
        return { ...entryOf<T>(envelope, "fetch", host.now()), isStale: false };
      }
      if (isOthers) {
        // Long enough for the first look to find most fetches done, and each next one later.
        const pause = Math.max(usualFetchMs(), waitedMs / 2) * (1 + host.random() / 2);
        await host.sleep(pause);
        waitedMs += pause;
        readAt = host.now();
        ({ sequence } = state);
        found = await shelf.read(key, tags);
      } else {
        rounds += 1;
        // What stands there is held against generations that were read before: it is no newer than they are.
        found = await shelf.claim(key, found, tags);
      }
    }
  }

  /** What L1 still has, for when nobody can say anything newer. */
  function older(key: string): Entry<T> | undefined {
    const copy = state.entries.get(key);
    if (!copy || host.now() >= copy.serveUntil || !isValid(state, key, copy)) return undefined;
    stats.staleHits += 1;
    return entryOf<T>(copy, "L1", host.now());
  }

  /** What fetches of this kind took so far, and their fill. */
  function usualFetchMs(): number {
    return Math.min(policy.waitMs / 4, stats.fetchMs === 0 ? 75 : stats.fetchMs * 1.2 + 10);
  }

  async function withoutRedis(wanted: Wanted<T>, error: unknown): Promise<Entry<T>> {
    const { key, fetcher, tags } = wanted;
    stats.redisFailures += 1;
    host.report({ type: "redis-failed", namespace, error });
    const copy = older(key);
    if (copy) return copy;
    if (!fetcher) throw error;
    for (let waits = 0; state.unguarded >= maxUnguarded; waits++) {
      if (waits >= 20) throw new CacheBusyError(key, { cause: error });
      await host.sleep(25 * (0.5 + host.random()));
    }
    state.unguarded += 1;
    stats.misses += 1;
    try {
      const envelope = await fetchAndKeep({ key, tags, fetcher }, fetcher, "", state.sequence);
      return { ...entryOf<T>(envelope, "fetch", host.now()), isStale: false };
    } finally {
      state.unguarded -= 1;
    }
  }

  return {
    local,
    settle,
    withoutRedis,
    fill,
    keep,
    async load(wanted) {
      const began = { readAt: host.now(), sequence: state.sequence };
      try {
        const nothing: Found<T> = { stored: { kind: "nothing" }, generations: "" };
        const canClaimAtOnce = wanted.tags.length === 0 && wanted.fetcher !== undefined;
        const found = canClaimAtOnce
          ? await shelf.claim(wanted.key, nothing, [])
          : await shelf.read(wanted.key, wanted.tags);
        return await settle(wanted, found, began);
      } catch (error) {
        if (!isRedisError(error)) throw error;
        return withoutRedis(wanted, error);
      }
    },
  };
}

// --- Internal helpers ---

/** The door's errors carry codes of their own; what the fetcher throws is the caller's affair. */
export const isRedisError = (error: unknown): boolean =>
  error instanceof Error && "code" in error && String(error.code).startsWith("E_REDIS_");

/** About how much memory a value takes; L1 is bounded by the sum. */
export function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  return JSON.stringify(value)?.length ?? 64;
}
