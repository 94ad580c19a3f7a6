import { createDiscordSimulator } from "../../local/discord/index.ts";
import { createRest, createRestState, type RestOptions } from "../../src/discord/index.ts";
import { createDiscordClock } from "./local/discord/support.ts";

// The parts of `src/` that talk to Discord, against the simulator in one process and on one clock moved by hand.

/** One request that reached Discord. */
export interface Seen {
  method: string;
  path: string;
  headers: Headers;
  body: string;
  /** On the simulator's clock. */
  at: number;
}

/** A simulator, and clients of it; `answers` replaces what the next requests get. */
export function createDiscord() {
  const clock = createDiscordClock();
  const simulator = createDiscordSimulator({ interactionsUrl: "http://bot.invalid/interactions", clock });
  const seen: Seen[] = [];
  const answers: (() => Response | Promise<Response>)[] = [];

  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    const at = clock.now();
    const body = await request.clone().text();
    seen.push({
      at,
      body,
      method: request.method,
      path: `${pathname}${search}`.replace("/api/v10", ""),
      headers: request.headers,
    });
    const canned = answers.shift();
    return canned ? Promise.race([canned(), aborted(request.signal)]) : simulator.app.fetch(request);
  };

  return {
    clock,
    simulator,
    seen,
    answers,
    fetch,
    /** A client of one invocation; those that share `state` share an isolate. */
    rest: (options: Partial<RestOptions> = {}) =>
      createRest({
        baseUrl: "http://discord.test/api/v10",
        applicationId: simulator.applicationId,
        token: simulator.botToken,
        state: createRestState(),
        fetch,
        clock,
        ...options,
      }),
    /** Moves the clock whenever something waits for it, until the work is done. */
    async drive<T>(work: Promise<T>, stepMs = 50): Promise<T> {
      const state = { isDone: false };
      const settled = work.finally(() => (state.isDone = true));
      settled.catch(() => {});
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        if (state.isDone) return settled;
        if (clock.sleeping() > 0) await clock.advance(stepMs);
      }
    },
  };
}

// --- Internal helpers ---

/** Rejects when the signal is aborted, as `fetch` does. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
