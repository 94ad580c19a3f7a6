import type { ExecutionContext } from "hono";
import { type Clock, systemClock } from "../platform/index.ts";
import type { Dashboard } from "../web/index.ts";
import { createBot } from "./bot.ts";
import { describeProblems } from "./config.ts";
import { createInvocation } from "./create-invocation.ts";
import { runCron } from "./cron.ts";
import type { Feature } from "./feature.ts";
import { indexFeatures } from "./feature-index.ts";
import { createIsolate, type Isolate } from "./isolate.ts";
import { logError } from "./log.ts";
import { countRequest } from "./measures.ts";
import { createRoutes } from "./routes.ts";
import { type Trace, untraced } from "./trace.ts";
import type { WorkerContext } from "./worker-context.ts";

export interface WorkerOptions {
  /** The features of the bot. */
  features: readonly Feature[];
  /** Default: the machine's. */
  clock?: Clock;
  /** Sends requests to Redis and Discord. Default: the platform's. */
  fetch?: typeof fetch;
  /** Runs interactions, and requests to Redis and Discord, in spans of a trace. Default: without. */
  trace?: Trace;
  /**
   * Makes the pages, logins and actions under `/admin`: `dashboard` of `web/dashboard.ts`, which adds 21 kB gzip to the bundle.
   * Without it `/admin` answers 404, but for the tick, the events, the status and the metrics of its API. Default: without.
   */
  dashboard?: () => Dashboard;
  /** Default: a new one, as each module instance is one isolate. */
  isolate?: Isolate;
}

/** The handlers that Cloudflare calls: of requests, and of the cron tick. */
export interface Worker {
  fetch(request: Request, env: object, ctx: WorkerContext): Promise<Response>;
  /** Once a minute: runs what is due in the next two minutes, and does the bot's duties. A late tick counts from when it comes. */
  scheduled(event: { readonly scheduledTime: number }, env: object, ctx: WorkerContext): Promise<void>;
}

/**
 * Makes a Worker out of features. Throws a `DeclarationError` that names both of two features that bring the same thing. What
 * Discord would refuse of a command or form is found by `checkFeatures`.
 *
 * @example
 * export default createWorker({ features: [ping, poll] });
 */
export function createWorker({
  features,
  clock = systemClock,
  fetch = (input, init) => globalThis.fetch(input, init),
  trace = untraced,
  dashboard,
  isolate = createIsolate({ clock }),
}: WorkerOptions): Worker {
  const index = indexFeatures(features);
  const routes = createRoutes({ isolate, features: index, bot: createBot(index), clock, fetch, trace, dashboard });
  return {
    async fetch(request, env, ctx) {
      countRequest(isolate, clock.now(), "fetch");
      return routes.fetch(request, env, ctx as ExecutionContext);
    },
    async scheduled(_event, env, ctx) {
      const { config, problems } = isolate.config(env);
      countRequest(isolate, clock.now(), "tick");
      if (!config) return logError("not configured", { problems: describeProblems(problems) });
      const waitUntil = (work: Promise<unknown>) => ctx.waitUntil(work);
      // An isolate that only ticks has no memory to keep in step: it polls when it next serves a request.
      const pollsAlong = false;
      const { stopping } = ctx;
      const services = createInvocation({
        isolate,
        config,
        features: index,
        waitUntil,
        stopping,
        pollsAlong,
        cause: "jobs",
        clock,
        fetch,
        trace,
      });
      await trace("tick", {}, () => runCron(services, index));
    },
  };
}
