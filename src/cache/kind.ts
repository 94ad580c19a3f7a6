import { json, type Serializer } from "./envelope.ts";
import { CacheKindError } from "./errors.ts";

export interface CacheKindOptions<T> {
  /** The middle of every key: up to 32 letters, digits, `-` and `_`. No two kinds share a name. */
  name: string;
  /** How long a value is fresh, in milliseconds, give or take `jitter`. */
  ttlMs: number;
  /** How long a value may be served after that, while it is refreshed or when it cannot be. Default: 0, never. */
  graceMs?: number;
  /**
   * How long L1 serves a value without reading it again. A value that another isolate invalidated is served no longer than the
   * cache's `boundMs`, if it hears of invalidations. Default: 5,000.
   */
  localMs?: number;
  /** How long absence is remembered: the fetcher answered `undefined`. Default: 30,000. */
  absentMs?: number;
  /** How long a failed fetch is not tried again, by any isolate. Default: 1,000. */
  failureMs?: number;
  /** The share of `ttlMs` by which lifetimes vary, so that values filled together do not expire together. Default: 0.1. */
  jitter?: number;
  /** How eagerly a fresh value is refreshed before it expires, 0 for never: XFetch's beta. Default: 1. */
  earliness?: number;
  /** How long a read waits for the refresh of a value in its grace before it serves that value. Default: 0. */
  softTimeoutMs?: number;
  /** How long a fetch may take before the read throws `CacheTimeoutError`. Default: 5,000. */
  hardTimeoutMs?: number;
  /** How long an isolate's claim to fetch a value holds, if that isolate dies. Default: 6,000. */
  claimMs?: number;
  /** How long a read waits for another isolate's fetch before it fetches too. Default: 2,000. */
  waitMs?: number;
  /** Default: JSON. */
  serializer?: Serializer<T>;
  /**
   * Whether entries are validated against tags, so that `clear()` is one command. Without tags, a miss and fill costs one
   * command less. Default: true.
   */
  isTagged?: boolean;
  /** Returns more tags of an entry, such as its guild: `cache.invalidate(tag)` forgets every entry with that tag. */
  tagsOf?(id: string): readonly string[];
}

/** A kind of cache entry. Declared once, at module level: it holds no state. */
export type CacheKind<T> = Readonly<Required<CacheKindOptions<T>>>;

/**
 * Declares a kind of cache entry. Throws `CacheKindError` for options that cannot work.
 *
 * @example
 * const weather = cacheKind<Weather>({ name: "weather", ttlMs: 600_000, graceMs: 3_600_000 });
 *
 * const today = await cache.of(weather).get(city, () => fetchWeather(city));
 */
export function cacheKind<T>({
  name,
  ttlMs,
  graceMs = 0,
  localMs = 5_000,
  absentMs = 30_000,
  failureMs = 1_000,
  jitter = 0.1,
  earliness = 1,
  softTimeoutMs = 0,
  hardTimeoutMs = 5_000,
  claimMs = 6_000,
  waitMs = 2_000,
  serializer = json(),
  isTagged = true,
  tagsOf = noTags,
}: CacheKindOptions<T>): CacheKind<T> {
  if (!isKindName(name)) {
    throw new CacheKindError(name, "needs a name of up to 32 letters, digits, - and _: it becomes part of every key.");
  }
  for (const [option, ms] of Object.entries({ ttlMs, failureMs, hardTimeoutMs, claimMs })) {
    if (!(Number.isFinite(ms) && ms > 0)) throw new CacheKindError(name, `needs ${option} above 0, not ${ms}.`);
  }
  for (const [option, value] of Object.entries({ graceMs, localMs, absentMs, earliness, softTimeoutMs, waitMs })) {
    if (!(Number.isFinite(value) && value >= 0))
      throw new CacheKindError(name, `needs ${option} of 0 or more, not ${value}.`);
  }
  if (!(jitter >= 0 && jitter < 1)) throw new CacheKindError(name, `needs a jitter from 0 to below 1, not ${jitter}.`);
  if (!isTagged && tagsOf !== noTags) throw new CacheKindError(name, "has tagsOf, which needs isTagged.");
  return {
    name,
    ttlMs,
    graceMs,
    localMs,
    absentMs,
    failureMs,
    jitter,
    earliness,
    softTimeoutMs,
    hardTimeoutMs,
    claimMs,
    waitMs,
    serializer,
    isTagged,
    tagsOf,
  };
}

/** Returns whether a text may name a kind. */
export const isKindName = (name: string): boolean => /^[\w-]{1,32}$/.test(name);

// --- Internal helpers ---

const noTags = (): readonly string[] => [];
