import { type Budget, BudgetSpentError } from "../platform/index.ts";

/** The subrequests of one invocation: the platform refuses those beyond, and what is refused cannot be settled either. */
export interface InvocationBudget extends Budget {
  /** `fetch`, counted. Rejects with `BudgetSpentError` before the platform would refuse. */
  readonly fetch: typeof fetch;
  /** The same, but leaves Redis a few requests, so that what was sent to Discord can be settled. */
  readonly discordFetch: typeof fetch;
}

/** Left for Redis when Discord may be sent no more. */
const keptForRedis = 3;

/**
 * Counts what an invocation sends, to Redis and to Discord alike. Work asks `left()` before it begins something, and holds what
 * it needs to finish it.
 *
 * @see https://developers.cloudflare.com/workers/platform/limits/#subrequests
 */
export function createBudget(limit: number, fetch: typeof globalThis.fetch): InvocationBudget {
  let spent = 0;
  let held = 0;
  const countedFetch =
    (kept: number): typeof fetch =>
    async (input, init) => {
      if (limit - spent <= kept) throw new BudgetSpentError(limit);
      spent += 1;
      return fetch(input, init);
    };
  return {
    fetch: countedFetch(0),
    discordFetch: countedFetch(keptForRedis),
    left: () => Math.max(0, limit - spent - held),
    held: () => held,
    hold(requests) {
      let share = requests;
      held += share;
      return () => {
        held -= share;
        share = 0;
      };
    },
  };
}
