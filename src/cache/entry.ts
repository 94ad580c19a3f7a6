import type { Envelope } from "./envelope.ts";
import type { LocalEntry } from "./l1.ts";

/** A value, and where it came from. */
export interface Entry<T> {
  /** Undefined: there is no value. Plain data is frozen: copy it to change it. */
  value: T | undefined;
  /** The isolate's memory, Redis, or the fetcher. */
  source: "L1" | "redis" | "fetch";
  /** Whether the value is in its grace: it is being refreshed, or cannot be. */
  isStale: boolean;
  /** Time since its fetch began, in milliseconds. */
  ageMs: number;
}

export const entryOf = <T>(
  { value, copy, storedAt, freshUntil }: Envelope<T> | LocalEntry,
  source: Entry<T>["source"],
  now: number,
): Entry<T> => ({
  // The first reader of an envelope may have the value itself: L1 hands out copies.
  value: (source === "L1" && copy ? copy() : value) as T | undefined,
  source,
  isStale: now >= freshUntil,
  ageMs: Math.max(0, now - storedAt),
});

/** Returns the entry of a value that was just fetched. It is not stale, however short its life is. */
export const fetchedEntry = <T>(envelope: Envelope<T>, now: number): Entry<T> => ({
  ...entryOf<T>(envelope, "fetch", now),
  isStale: false,
});

/**
 * Returns whether to refresh a value that is still fresh: the more likely, the nearer its end is and the longer its fetch
 * takes. XFetch, "Optimal Probabilistic Cache Stampede Prevention" (Vattani, Chierichetti, Lowenstein, 2015).
 */
export const isDueEarly = (
  { freshUntil, fetchMs }: Pick<Envelope<unknown>, "freshUntil" | "fetchMs">,
  earliness: number,
  now: number,
  random: () => number,
): boolean => earliness > 0 && now - fetchMs * earliness * Math.log(Math.max(random(), Number.MIN_VALUE)) >= freshUntil;
