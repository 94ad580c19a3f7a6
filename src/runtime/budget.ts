import { type Budget, BudgetSpentError } from "../platform/index.ts";

/** The subrequests of one invocation. The platform refuses more of them, also those that would settle the work. */
export interface InvocationBudget extends Budget {
  /** `fetch`, counted. Rejects with `BudgetSpentError` before the platform would refuse. */
  readonly fetch: typeof fetch;
  /** The same for Discord: leaves a few requests for Redis, to settle the work, and for the answer to an interaction. */
  readonly discordFetch: typeof fetch;
}

/** Left for Redis and for answers when nothing else may be sent to Discord. */
const kept = 3;

/**
 * Counts what an invocation sends, to Redis and to Discord alike. Work asks `left()` before it begins something, and holds what
 * it needs to finish it.
 *
 * @see https://developers.cloudflare.com/workers/platform/limits/#subrequests
 */
export function createBudget(limit: number, fetch: typeof globalThis.fetch): InvocationBudget {
  let spent = 0;
  let held = 0;
  const send = async (keep: number, ...[input, init]: Parameters<typeof fetch>): Promise<Response> => {
    if (limit - spent <= keep) throw new BudgetSpentError(limit);
    spent += 1;
    return fetch(input, init);
  };
  return {
    fetch: (...request) => send(0, ...request),
    discordFetch: (...request) => send(isAnswer(request[0]) ? 0 : kept, ...request),
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

// --- Internal helpers ---

/** Answers to an interaction, and messages after it, go to its webhook. */
const isAnswer = (input: string | URL | Request): boolean =>
  /\/webhooks\//.test(input instanceof Request ? input.url : String(input));
