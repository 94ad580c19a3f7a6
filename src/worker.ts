import { createApp } from "./app.ts";
import { describeProblems } from "./config.ts";
import { createInvocation } from "./invocation.ts";
import { createIsolate } from "./isolate.ts";
import { createLog } from "./log.ts";

const isolate = createIsolate();
const app = createApp({ isolate });

export default {
  fetch: (request, env, ctx) => app.fetch(request, env, ctx),

  /** Once a minute: asks Redis for a sign of life, so that an outage is in the log even when nobody uses the bot. 1 command. */
  async scheduled(_controller, env, ctx) {
    const { config, problems } = isolate.config(env);
    if (!config) return createLog("error")("error", "not configured", { problems: describeProblems(problems) });
    const invocation = createInvocation({ isolate, config, waitUntil: (work) => ctx.waitUntil(work) });
    const health = await invocation.redis.health();
    invocation.log(health.ok ? "debug" : "warn", "cron tick", { redis: health });
  },
} satisfies ExportedHandler<Env>;
