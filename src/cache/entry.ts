import type { Envelope } from "./envelope.ts";
import type { LocalEntry } from "./l1.ts";

/** A value, and how it came. */
export interface Entry<T> {
  /** Undefined is absence. */
  value: T | undefined;
  source: "L1" | "redis" | "fetch";
  /** Past its freshness: it is being refreshed, or cannot be. */
  isStale: boolean;
  /** Since it was fetched. */
  ageMs: number;
}

export const entryOf = <T>(
  { value, storedAt, freshUntil }: Pick<Envelope<T> | LocalEntry, "value" | "storedAt" | "freshUntil">,
  source: Entry<T>["source"],
  now: number,
): Entry<T> => ({
  value: value as T | undefined,
  source,
  isStale: now >= freshUntil,
  ageMs: Math.max(0, now - storedAt),
});

/**
 * Shall a fresh value be refreshed already? The more likely, the nearer its end and the longer its fetch takes: XFetch, "Optimal
 * Probabilistic Cache Stampede Prevention" (Vattani, Chierichetti, Lowenstein, 2015).
 */
export const isDueEarly = (
  { freshUntil, fetchMs }: Pick<Envelope<unknown>, "freshUntil" | "fetchMs">,
  earliness: number,
  now: number,
  random: () => number,
): boolean => earliness > 0 && now - fetchMs * earliness * Math.log(Math.max(random(), Number.MIN_VALUE)) >= freshUntil;
