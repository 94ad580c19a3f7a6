import { json, type Serializer } from "./envelope.ts";

/** How long values of a namespace are good for, and how they are fetched. Times are milliseconds. */
export interface Policy<T> {
  /** Fresh for this long, give or take `jitter`. */
  ttlMs: number;
  /** May be served past that while it is refreshed, or when it cannot be; 0 is never. */
  graceMs: number;
  /** Served from the isolate's memory for this long without asking Redis: the bound on staleness after an invalidation elsewhere. */
  localMs: number;
  /** For "there is none". */
  absentMs: number;
  /** A failed fetch is not tried again for this long, by anybody. */
  failureMs: number;
  /** The share of `ttlMs` by which lives differ, so that what was filled together does not expire together. */
  jitter: number;
  /** How eagerly a fresh value is refreshed before its time, 0 for never: XFetch's beta. */
  earliness: number;
  /** An older copy is served when the fetcher takes longer; at once when 0. */
  softTimeoutMs: number;
  /** The fetcher is given up after this. */
  hardTimeoutMs: number;
  /** A filler that says nothing for this long is taken for dead. */
  claimMs: number;
  /** How long to wait for another isolate's fill before fetching too. */
  waitMs: number;
  serializer: Serializer<T>;
  /** Validated against the namespace's generation, so that `clear()` is one command. Without, a miss and fill costs one less. */
  isTagged: boolean;
}

export const defaultPolicy: Omit<Policy<unknown>, "ttlMs"> = {
  graceMs: 0,
  localMs: 5_000,
  absentMs: 30_000,
  failureMs: 1_000,
  jitter: 0.1,
  earliness: 1,
  softTimeoutMs: 0,
  hardTimeoutMs: 5_000,
  claimMs: 6_000,
  waitMs: 2_000,
  serializer: json,
  isTagged: true,
};
