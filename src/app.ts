import { type Context, Hono } from "hono";
import { type Bot, createBot } from "./bot/index.ts";
import { type Config, type ConfigResult, describeProblems } from "./config.ts";
import { ephemeral, receiveEvent, receiveInteraction, toCallback } from "./discord/index.ts";
import { createInvocation, type Invocation } from "./invocation.ts";
import type { Isolate } from "./isolate.ts";
import { createLog, errorFields } from "./log.ts";
import { createEventsApp } from "./web/index.ts";

export interface AppOptions {
  isolate: Isolate;
  bot?: Bot;
  now?: () => number;
  /** For what the invocations send to Redis and Discord. */
  fetch?: typeof fetch;
}

/** On the way to an answer a call to Redis may take this long; Discord waits three seconds in all. */
const answerTimeoutMs = 250;
/** Other systems can wait a little longer. */
const backgroundTimeoutMs = 1_500;

/** The routes. `app.fetch(request, env, ctx)` is the Worker's `fetch`. */
export function createApp({ isolate, bot = createBot(), now = Date.now, fetch }: AppOptions) {
  const app = new Hono<{ Bindings: object }>();

  const invoke = (
    config: Config,
    context: { executionCtx: { waitUntil(work: Promise<unknown>): void } },
    redisTimeoutMs = answerTimeoutMs,
  ): Invocation =>
    createInvocation({
      isolate,
      config,
      now,
      redisTimeoutMs,
      waitUntil: (work) => context.executionCtx.waitUntil(work),
      ...(fetch && { fetch }),
    });

  const signed = ({ publicKeys, problems }: ConfigResult) => ({
    publicKeys,
    keys: isolate.keys,
    now,
    missingKey: describeProblems(problems),
  });

  app.post("/interactions", (c) => {
    const result = isolate.config(c.env);
    const { config, problems } = result;
    return receiveInteraction(c.req.raw, {
      ...signed(result),
      answer: (interaction) =>
        config
          ? bot.answer(interaction, invoke(config, c))
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
        if (!config) return createLog("error")("error", "event lost", { problems: describeProblems(problems) });
        const invocation = invoke(config, c);
        invocation.waitUntil(bot.handle(event, key, invocation));
      },
    });
  });

  /** One for each request: what comes of a message goes on in the invocation that published it. */
  const invocations = new WeakMap<Request, Invocation>();
  const behind = (c: Context): Invocation => {
    const known = invocations.get(c.req.raw);
    if (known) return known;
    const { config, problems } = isolate.config(c.env);
    if (!config) throw new Error(describeProblems(problems));
    const made = invoke(config, c, backgroundTimeoutMs);
    invocations.set(c.req.raw, made);
    return made;
  };

  app.route(
    "/admin/api/events",
    createEventsApp({
      pubsub: (c) => behind(c).pubsub,
      adminToken: (c) => isolate.config(c.env).config?.adminToken,
      onPublished: (c, channel) => bot.published(channel, behind(c)),
    }),
  );

  app.get("/health", async (c) => {
    const { config, problems } = isolate.config(c.env);
    if (!config) return c.json({ ok: false, error: describeProblems(problems) }, 503);
    return c.json({ ok: true, redis: await invoke(config, c).redis.health() });
  });

  app.on(["GET", "PUT", "PATCH", "DELETE"], ["/interactions", "/webhook-events"], (c) =>
    c.json({ error: "Discord sends this by POST" }, 405, { Allow: "POST" }),
  );
  app.notFound((c) => c.json({ error: `there is nothing at ${c.req.method} ${c.req.path}` }, 404));
  app.onError((error, c) => {
    createLog("error")("error", "request failed", { path: c.req.path, ...errorFields(error) });
    return c.json({ error: "something went wrong; the log says what" }, 500);
  });

  return app;
}
