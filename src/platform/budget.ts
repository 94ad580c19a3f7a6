import type { Clock } from "./clock.ts";

/**
 * The requests that one invocation may send, to Redis and Discord together. Work that begins something holds what it needs to
 * finish it, so that other work of the invocation leaves that much.
 */
export interface Budget {
  /** Returns how many more requests may be sent, without those that are held. Never below 0. */
  left(): number;
  /** Returns how many requests are held. */
  held(): number;
  /** Holds requests. Returns a function that ends the hold; calling it twice does no harm. */
  hold(requests: number): () => void;
}

/**
 * Waits for requests that other work of the invocation holds: it may not need them all. Returns the last answer of `isEnough`:
 * true at once when there are enough, false when no more will be left.
 */
export async function waitForRequests(
  isEnough: () => boolean,
  mayBeFreed: () => boolean,
  { sleep }: Pick<Clock, "sleep">,
): Promise<boolean> {
  while (!isEnough() && mayBeFreed()) await sleep(lookMs);
  return isEnough();
}

const lookMs = 100;

/** The invocation has sent all the requests that it may: this one was not sent. */
export class BudgetSpentError extends Error {
  readonly code = "E_BUDGET_SPENT";
  override readonly name = "BudgetSpentError";
  constructor(limit: number) {
    super(`this invocation may send ${limit} requests, and has sent them; SUBREQUESTS sets how many`);
  }
}

/** A budget without a limit. */
export const unlimited: Budget = {
  left: () => Number.POSITIVE_INFINITY,
  held: () => 0,
  hold: () => () => {},
};
