import type { Context } from "hono";
import { Hono } from "hono/tiny";
import type { Clock } from "../platform/index.ts";
import { admin, createEventsApp, createStatusApp, createTickApp, type Dashboard } from "../web/index.ts";
import { adminServicesOf } from "./admin-services.ts";
import { type Config, describeProblems } from "./config.ts";
import type { InvocationOptions } from "./create-invocation.ts";
import { runCron } from "./cron.ts";
import { explainFailure } from "./failures.ts";
import type { FeatureIndex } from "./feature-index.ts";
import type { Invocation } from "./invocation.ts";
import type { Isolate } from "./isolate.ts";
import { errorFields, logError } from "./log.ts";

/** Makes the services of a request. */
export type Invoke = (config: Config, c: Context, more?: Partial<InvocationOptions>) => Invocation;

export interface OtherRoutesOptions {
  isolate: Isolate;
  features: FeatureIndex;
  clock: Clock;
  invoke: Invoke;
  /** Default: without. */
  dashboard?: (() => Dashboard) | undefined;
}

/** How long a call to Redis may take where a system waits for it, and no person. */
const forSystems = { redisTimeoutMs: 1_500, fallbackAfterMs: 1_500, cause: "dashboard" as const };
/** A tick by POST is billed as one of the cron, and like it has no memory to keep in step. */
const forTicks = { ...forSystems, cause: "jobs" as const, pollsAlong: false };

const guarded: readonly (readonly [name: string, value: string])[] = [
  ["Cache-Control", "no-store"],
  ["Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"],
  ["X-Content-Type-Options", "nosniff"],
];

interface Environment {
  Bindings: object;
  Variables: { services: Invocation };
}

/** Makes the routes that Discord does not call, and the answers to requests that no route is for. */
export function createOtherRoutes({
  isolate,
  features,
  clock,
  invoke,
  dashboard,
}: OtherRoutesOptions): Hono<Environment> {
  const opened = dashboard?.();
  const app = new Hono<Environment>({ strict: false });

  // An answer that says no more of itself is kept by no cache, and is no page. The pages say more.
  app.use("/admin/*", async (c, next) => {
    await next();
    for (const [name, value] of guarded) if (!c.res.headers.has(name)) c.header(name, value);
  });

  // One invocation for each request: what follows a published message goes on in the invocation that published it.
  app.use("/admin/*", async (c, next) => {
    const { config, problems } = isolate.config(c.env);
    if (!config) return c.json({ error: describeProblems(problems) }, 503);
    c.set("services", invoke(config, c, c.req.path.startsWith("/admin/api/tick") ? forTicks : forSystems));
    return next();
  });

  const tokenOf = (c: Context) => servicesOf(c).config.adminToken;
  const byLogin = async (c: Context) =>
    opened !== undefined && opened.isLoggedIn(c.req.raw, adminServicesOf(servicesOf(c), features));

  app.route(
    "/admin/api/events",
    createEventsApp({
      pubsub: (c) => servicesOf(c).pubsub,
      left: (c) => servicesOf(c).left(),
      isLoggedIn: byLogin,
      adminToken: tokenOf,
      explain: explainFailure,
      clock,
    }),
  );

  app.route(
    "/admin/api/tick",
    createTickApp({
      adminToken: (c) => servicesOf(c).config.adminToken,
      qstashKeys: (c) => servicesOf(c).config.qstashKeys,
      run: (c, ms) => runCron(servicesOf(c), features, { watchMs: ms, dutiesMs: ms }),
      waitUntil: (c, work) => servicesOf(c).waitUntil(work),
      clock,
    }),
  );

  app.route(
    "/admin/api",
    createStatusApp({
      guard: admin(tokenOf, byLogin),
      read: (c) => servicesOf(c).fleet(),
      version: (c) => versionOf(c.env)?.id,
    }),
  );

  app.all("/admin/*", (c) => {
    const { services } = c.var;
    if (services.config.adminToken === undefined) return c.notFound();
    if (opened) return opened.fetch(c.req.raw, adminServicesOf(services, features), c.executionCtx);
    return c.json({ error: "this Worker has no dashboard: createWorker takes it as `dashboard`" }, 404);
  });

  app.get("/health", async (c) => {
    const { config, problems } = isolate.config(c.env);
    const about = { version: versionOf(c.env) ?? null, now: clock.now(), tickedAt: isolate.ticks.lastAt ?? null };
    if (!config) return c.json({ ok: false, error: describeProblems(problems), ...about }, 503);
    return c.json({
      ok: true,
      redis: await invoke(config, c, { ...forSystems, cause: "other" }).redis.health(),
      ...about,
    });
  });

  app.on(["GET", "PUT", "PATCH", "DELETE"], ["/interactions", "/webhook-events"], (c) =>
    c.json({ error: "Discord sends this by POST" }, 405, { Allow: "POST" }),
  );
  app.notFound((c) => {
    const isLost = c.req.path === "/" || c.req.header("X-Signature-Ed25519") !== undefined;
    const hint = isLost ? "; Discord's interactions go to POST /interactions, its events to POST /webhook-events" : "";
    return c.json({ error: `there is nothing at ${c.req.method} ${c.req.path}${hint}` }, 404);
  });
  app.onError(answerFailure);

  return app;
}

/** Answers a request whose handler threw. */
export function answerFailure(error: Error, c: Context): Response {
  logError("request failed", { path: c.req.path, ...errorFields(error) });
  return c.json({ error: "something went wrong; the log says what" }, 500);
}

// --- Internal helpers ---

/** Returns which deployment this is, as Cloudflare says; undefined elsewhere. */
const versionOf = (env: object): { id?: string } | undefined => Reflect.get(env, "CF_VERSION_METADATA");

/** The web part's contexts carry variables of another type. */
const servicesOf = (c: Context): Invocation => c.get("services") as Invocation;
