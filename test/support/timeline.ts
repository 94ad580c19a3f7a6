import { createFakeClock } from "./clock.ts";

/**
 * A fake clock for code that also does real I/O: time passes only while every request is answered, so that no timeout fires
 * because the test was quicker than the network.
 */
export function createTimeline(startAt = Date.now()) {
  const clock = createFakeClock(startAt);
  const requests = { inFlight: 0 };

  /** The platform's `fetch`, counted from the request until the whole answer is here. */
  const timedFetch: typeof fetch = async (input, init) => {
    requests.inFlight += 1;
    try {
      const response = await fetch(input, init);
      const body = response.body && (await response.arrayBuffer());
      return new Response(body, { status: response.status, headers: response.headers });
    } finally {
      requests.inFlight -= 1;
    }
  };

  /** Lets everything happen that needs no time. */
  async function rest(): Promise<void> {
    do await new Promise((resolve) => setTimeout(resolve, 0));
    while (requests.inFlight > 0);
  }

  return {
    clock,
    fetch: timedFetch,
    rest,
    /** Moves the clock by `stepMs` whenever everything waits for it, until the work is done. */
    async drive<T>(work: Promise<T>, { stepMs = 1_000, between = () => {} }: DriveOptions = {}): Promise<T> {
      const run = { isOver: false };
      const ended = work.finally(() => (run.isOver = true));
      ended.catch(() => {});
      for (;;) {
        await rest();
        if (run.isOver) return ended;
        await between();
        if (clock.sleeping() > 0) await clock.advance(stepMs);
      }
    },
    /** Lets `ms` milliseconds pass, in steps. */
    async pass(ms: number, stepMs = 1_000): Promise<void> {
      for (let passed = 0; passed < ms; passed += stepMs) {
        await rest();
        await clock.advance(Math.min(stepMs, ms - passed));
      }
      await rest();
    },
  };
}

interface DriveOptions {
  stepMs?: number;
  /** Called before each step. */
  between?(): Promise<void> | void;
}
