import type { Context } from "hono";
import { Hono } from "hono/tiny";
import { ephemeral, receiveEvent, receiveInteraction, toCallback } from "../discord/index.ts";
import type { Clock } from "../platform/index.ts";
import { createEventsApp } from "../web/index.ts";
import type { Bot } from "./bot.ts";
import { type Config, type ConfigResult, describeProblems } from "./config.ts";
import { createInvocation, type InvocationOptions } from "./create-invocation.ts";
import { explainFailure } from "./failures.ts";
import type { FeatureIndex } from "./feature-index.ts";
import type { Invocation } from "./invocation.ts";
import type { Isolate } from "./isolate.ts";
import { errorFields, logError } from "./log.ts";

export interface RoutesOptions {
  isolate: Isolate;
  features: FeatureIndex;
  bot: Bot;
  clock: Clock;
  /** Sends requests to Redis and Discord. */
  fetch: typeof fetch;
}

/**
 * How long a call to Redis may take. On the way to an answer what has a fallback takes that soon; all else may wait for as long
 * as Discord does, and after two seconds a person sees "thinking…".
 */
const forAnswers = { redisTimeoutMs: 2_500, fallbackAfterMs: 250 };
const forSystems = { redisTimeoutMs: 1_500, fallbackAfterMs: 1_500 };

interface Environment {
  Bindings: object;
  Variables: { services: Invocation };
}

/**
 * Makes the routes. `routes.fetch(request, env, ctx)` is the Worker's `fetch`. With Hono's small router: the usual one compiles
 * all routes into one expression, which takes a new isolate 3 ms of its first answer.
 */
export function createRoutes({ isolate, features, bot, clock, fetch }: RoutesOptions): Hono<Environment> {
  // Not strict: a slash at the end of a path makes no difference.
  const app = new Hono<Environment>({ strict: false });

  const invoke = (config: Config, c: Context, more: Partial<InvocationOptions> = {}): Invocation =>
    createInvocation({
      isolate,
      config,
      features,
      clock,
      fetch,
      ...forAnswers,
      waitUntil: (work) => c.executionCtx.waitUntil(work),
      ...more,
    });

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
          ? bot.answer(interaction, invoke(config, c, { interaction }))
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

  // One invocation for each request: what follows a published message goes on in the invocation that published it.
  app.use("/admin/*", async (c, next) => {
    const { config, problems } = isolate.config(c.env);
    if (!config) return c.json({ error: describeProblems(problems) }, 503);
    c.set("services", invoke(config, c, forSystems));
    return next();
  });

  app.route(
    "/admin/api/events",
    createEventsApp({
      pubsub: (c) => servicesOf(c).pubsub,
      left: (c) => servicesOf(c).left(),
      adminToken: (c) => servicesOf(c).config.adminToken,
      explain: explainFailure,
      clock,
    }),
  );

  app.get("/health", async (c) => {
    const { config, problems } = isolate.config(c.env);
    if (!config) return c.json({ ok: false, error: describeProblems(problems) }, 503);
    return c.json({ ok: true, redis: await invoke(config, c, forSystems).redis.health() });
  });

  app.on(["GET", "PUT", "PATCH", "DELETE"], ["/interactions", "/webhook-events"], (c) =>
    c.json({ error: "Discord sends this by POST" }, 405, { Allow: "POST" }),
  );
  app.notFound((c) => {
    const isLost = c.req.path === "/" || c.req.header("X-Signature-Ed25519") !== undefined;
    const hint = isLost ? "; Discord's interactions go to POST /interactions, its events to POST /webhook-events" : "";
    return c.json({ error: `there is nothing at ${c.req.method} ${c.req.path}${hint}` }, 404);
  });
  app.onError((error, c) => {
    logError("request failed", { path: c.req.path, ...errorFields(error) });
    return c.json({ error: "something went wrong; the log says what" }, 500);
  });

  return app;
}

// --- Internal helpers ---

/** The web part's contexts carry variables of another type. */
const servicesOf = (c: Context): Invocation => c.get("services") as Invocation;
