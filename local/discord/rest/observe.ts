import type { MiddlewareHandler } from "hono";
import type { Context } from "../context.ts";
import { exchangeHeader } from "../exchange-marks.ts";
import type { InteractionRecord } from "../interactions/record.ts";

/** Returns a middleware that tells each request to the REST API, once it is answered. */
export function observeRest({ clock, emit, interactions }: Context): MiddlewareHandler {
  const byToken: ReadonlyMap<string | undefined, InteractionRecord> = interactions;
  return async function observed(c, next) {
    const at = clock.now();
    const startedAt = performance.now();
    await next();
    const url = new URL(c.req.url);
    const path = url.pathname.replace(/^\/api\/v\d+/, "") + url.search;
    const token = /^\/(?:webhooks|interactions)\/\d+\/([^/?]+)/.exec(path)?.[1];
    const record = byToken.get(token);
    const exchange = c.req.header(exchangeHeader);
    emit({
      type: "rest",
      at,
      ms: Math.round(performance.now() - startedAt),
      method: c.req.method,
      path,
      status: c.res.status,
      ...(exchange !== undefined && { exchange }),
      ...(record && { record }),
    });
  };
}
