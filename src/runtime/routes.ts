import { HonoBase } from "hono/hono-base";
import { ephemeral, receiveEvent, receiveInteraction, toCallback } from "../discord/index.ts";
import { type Clock, lazy } from "../platform/index.ts";
import type { Dashboard } from "../web/index.ts";
import type { Bot } from "./bot.ts";
import { type ConfigResult, describeProblems } from "./config.ts";
import { createInvocation } from "./create-invocation.ts";
import type { FeatureIndex } from "./feature-index.ts";
import type { Isolate } from "./isolate.ts";
import { logError } from "./log.ts";
import { answerFailure, createOtherRoutes, type Invoke } from "./other-routes.ts";
import { createStaticRouter } from "./static-router.ts";
import type { Trace } from "./trace.ts";
import type { WorkerContext } from "./worker-context.ts";

export interface RoutesOptions {
  isolate: Isolate;
  features: FeatureIndex;
  bot: Bot;
  clock: Clock;
  /** Sends requests to Redis and Discord. */
  fetch: typeof fetch;
  trace: Trace;
  /** Default: without. */
  dashboard?: (() => Dashboard) | undefined;
}

/**
 * How long a call to Redis may take. On the way to an answer what has a fallback takes that soon; all else may wait for as long
 * as Discord does, and after two seconds a person sees "thinking…".
 */
const forAnswers = { redisTimeoutMs: 2_500, fallbackAfterMs: 250 };

/**
 * Makes the routes: those that Discord calls, and with the first other request all others. `routes.fetch(request, env, ctx)` is
 * the Worker's `fetch`.
 */
export function createRoutes({
  isolate,
  features,
  bot,
  clock,
  fetch,
  trace,
  dashboard,
}: RoutesOptions): HonoBase<{ Bindings: object }> {
  // Not strict: a slash at the end of a path makes no difference.
  const app = new HonoBase<{ Bindings: object }>({ strict: false, router: createStaticRouter() });

  const invoke: Invoke = (config, c, more) =>
    createInvocation({
      isolate,
      config,
      features,
      clock,
      fetch,
      trace,
      ...(dashboard && { adminUrl: () => `${new URL(c.req.url).origin}/admin` }),
      ...forAnswers,
      waitUntil: (work) => c.executionCtx.waitUntil(work),
      stopping: (c.executionCtx as WorkerContext).stopping,
      ...more,
    });

  /** Made when first asked for: most isolates answer Discord alone. */
  const others = lazy(() => createOtherRoutes({ isolate, features, clock, invoke, dashboard }));

  const signed = ({ publicKeys, problems }: ConfigResult) => ({
    publicKeys,
    keys: isolate.keys,
    clock,
    missingKey: describeProblems(problems),
  });

  // A developer who enters the Worker's bare address at Discord has a bot that answers, too.
  app.on("POST", ["/interactions", "/"], (c) => {
    const result = isolate.config(c.env);
    const { config, problems } = result;
    return receiveInteraction(c.req.raw, {
      ...signed(result),
      answer: (interaction) =>
        config
          ? trace("interaction", { "discord.interaction_id": interaction.id }, () =>
              bot.answer(interaction, invoke(config, c, { interaction })),
            )
          : toCallback(
              ephemeral(`This bot is not set up yet. Its developer should know: ${describeProblems(problems)}`),
            ),
    });
  });

  app.post("/webhook-events", (c) => {
    const result = isolate.config(c.env);
    const { config, problems } = result;
    return receiveEvent(c.req.raw, {
      ...signed(result),
      take(event, key) {
        if (!config) return logError("event lost", { problems: describeProblems(problems) });
        const services = invoke(config, c);
        services.waitUntil(bot.handle(event, key, services));
      },
    });
  });

  app.notFound((c) => others().fetch(c.req.raw, c.env, c.executionCtx));
  app.onError(answerFailure);

  return app;
}
