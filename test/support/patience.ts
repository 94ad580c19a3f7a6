import { type Clock, systemClock } from "../../src/platform/index.ts";

/**
 * A clock whose timeouts wait for a server that is slow because the machine is: no sleep ends while a request to `origin` is
 * without its whole answer. It begins patient; after `end` it is the machine's clock until `begin`, for faults that the
 * timeouts are there for. Its chance spreads what jitters, and lets nothing happen that happens once in many times.
 */
export function createPatience(origin: string) {
  const state = { isPatient: true, inFlight: 0 };

  /** The platform's `fetch`, which counts requests to `origin` until the whole answer has arrived. */
  const countedFetch: typeof fetch = async (input, init) => {
    if (!new Request(input).url.startsWith(origin)) return fetch(input, init);
    state.inFlight += 1;
    try {
      const response = await fetch(input, init);
      const body = response.body && (await response.arrayBuffer());
      return new Response(body, response);
    } finally {
      state.inFlight -= 1;
    }
  };

  /** Resolves once every request is answered, and its sender has had a turn to send the next. */
  async function answered(signal?: AbortSignal): Promise<void> {
    const isOver = () => signal?.aborted === true || !state.isPatient || state.inFlight === 0;
    do await systemClock.sleep(0, signal);
    while (!isOver());
  }

  const clock: Clock = {
    ...systemClock,
    async sleep(ms, signal) {
      await systemClock.sleep(ms, signal);
      await answered(signal);
    },
    // One report in 64 is followed by the sum of all: 5 commands more, which would be a test's luck.
    random: () => 0.25 + Math.random() / 2,
  };

  return {
    clock,
    fetch: countedFetch,
    begin: () => void (state.isPatient = true),
    end: () => void (state.isPatient = false),
  };
}
