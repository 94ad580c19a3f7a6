/**
 * A fencing token is an id of a lease's token stream as one number: the milliseconds times 1,000, and the sequence. Redis
 * gives ids that only grow and that follow its clock. A token is therefore greater than those of a stream that was lost
 * with the database, unless that clock went back. Tokens are safe integers until the year 2255.
 */

/** Tokens in one millisecond. Later ids of that millisecond count as its last. */
const perMs = 1_000;

/** How far ahead of a clock a token may be. */
const aheadMs = 24 * 3_600_000;

/** Returns the token of a stream's id; undefined for an id that is too great. */
export function tokenOf(id: string): number | undefined {
  const [ms, sequence] = id.split("-").map(Number);
  const token = Number(ms) * perMs + Math.min(Number(sequence), perMs - 1);
  return Number.isSafeInteger(token) ? token : undefined;
}

/** Returns the id of a token. */
export const idOf = (token: number): string => `${Math.floor(token / perMs)}-${token % perMs}`;

/**
 * Returns whether another instance can have this token: a whole number, at most a day ahead of `now` (epoch
 * milliseconds). The day allows for clocks that differ.
 */
export const isPlausible = (token: number, now: number): boolean =>
  Number.isSafeInteger(token) && token >= 0 && token <= (now + aheadMs) * perMs;
