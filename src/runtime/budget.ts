/** The subrequests that one invocation may make: the platform refuses those beyond. */
export interface Budget {
  /** `fetch`, counted. */
  readonly fetch: typeof fetch;
  /** Returns how many more requests this invocation may send. Never below 0. */
  left(): number;
}

/**
 * Counts what an invocation sends with its `fetch`, to Redis and to Discord alike. It refuses nothing itself: work asks
 * `left()` before it begins something, and keeps back what it needs to finish it.
 *
 * @see https://developers.cloudflare.com/workers/platform/limits/#subrequests
 */
export function createBudget(limit: number, fetch: typeof globalThis.fetch): Budget {
  let spent = 0;
  return {
    fetch: (input, init) => {
      spent += 1;
      return fetch(input, init);
    },
    left: () => Math.max(0, limit - spent),
  };
}
