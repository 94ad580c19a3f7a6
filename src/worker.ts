import { createApp } from "./app.ts";
import { createBot } from "./bot/index.ts";
import { describeProblems } from "./config.ts";
import { createInvocation } from "./invocation.ts";
import { createIsolate } from "./isolate.ts";
import { createLog } from "./log.ts";

const isolate = createIsolate();
const bot = createBot();
const app = createApp({ isolate, bot });

export default {
  fetch: (request, env, ctx) => app.fetch(request, env, ctx),

  /** Once a minute: pumps until the next is near. */
  async scheduled({ scheduledTime }, env, ctx) {
    const { config, problems } = isolate.config(env);
    if (!config) return createLog("error")("error", "not configured", { problems: describeProblems(problems) });
    let spent = 0;
    const counted: typeof fetch = (input, init) => {
      spent += 1;
      return fetch(input, init);
    };
    const invocation = createInvocation({ isolate, config, fetch: counted, waitUntil: (work) => ctx.waitUntil(work) });
    await bot.pump(invocation, { forMs: scheduledTime + pumpMs - Date.now(), spent: () => spent });
  },
} satisfies ExportedHandler<Env>;

/** Of the minute between two cron ticks. */
const pumpMs = 55_000;
