import { features } from "../../src/bot/features.ts";
import { type Clock, systemClock } from "../../src/platform/index.ts";
import { createWorker } from "../../src/runtime/index.ts";

// Runs inside workerd: the whole bot, whose clock skips what it sleeps, so that the 92 seconds of a cron tick pass at once.
// `POST /tick` does one tick; any other request is answered at once, which is what a tick costs besides its work.

let skippedMs = 0;
const requests = { underWay: 0 };
const waiting: (() => void)[] = [];

/** A tick sleeps longer than this between its looks: a shorter sleep limits a request or a job that is under way. */
const longestLimitMs = 18_000;

/** Resolves when no request is under way. */
async function quiet(): Promise<void> {
  while (requests.underWay > 0) await new Promise<void>((resolve) => void waiting.push(resolve));
}

const clock: Clock = {
  ...systemClock,
  now: () => Date.now() + skippedMs,
  async sleep(ms, signal) {
    const until = clock.now() + ms;
    await systemClock.sleep(ms > longestLimitMs ? 1 : ms, signal);
    // Time does not jump under a request: its caller would take the isolate for a busy one.
    if (ms > longestLimitMs) await quiet();
    if (!signal?.aborted) skippedMs += Math.max(0, until - clock.now());
  },
};

const counted: typeof fetch = async (input, init) => {
  requests.underWay += 1;
  try {
    return await fetch(input, init);
  } finally {
    requests.underWay -= 1;
    if (requests.underWay === 0) for (const resolve of waiting.splice(0)) resolve();
  }
};

const worker = createWorker({ features, clock, fetch: counted });

export default {
  async fetch(request, env, ctx) {
    if (new URL(request.url).pathname !== "/tick") return new Response("ok");
    const works: Promise<unknown>[] = [];
    await worker.scheduled({ scheduledTime: clock.now() }, env, { ...ctx, waitUntil: (work) => void works.push(work) });
    while (works.length > 0) await works.shift();
    return new Response("ok");
  },
} satisfies ExportedHandler<object>;
