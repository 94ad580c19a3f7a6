import type { MiddlewareHandler } from "hono";
import type { Context } from "../context.ts";

interface Window {
  used: number;
  resetAt: number;
}

export interface RateLimitOptions {
  clock: Pick<Context["clock"], "now">;
  /** Requests per window and bucket. Default: 10. Discord's own numbers change: clients must read the headers. */
  limit?: number;
  /** Default: 1,000. */
  windowMs?: number;
  /** Requests per second over all buckets. Default: 50. */
  globalLimit?: number;
}

/**
 * Returns Discord's rate limits for routes that carry the bot's token: a bucket per route and top-level resource, and a
 * global one.
 * @see https://docs.discord.com/developers/topics/rate-limits
 */
export function rateLimit({
  clock,
  limit = 10,
  windowMs = 1_000,
  globalLimit = 50,
}: RateLimitOptions): MiddlewareHandler {
  const buckets = new Map<string, Window>();
  const everything: Window = { used: 0, resetAt: 0 };

  function use(window: Window, lengthMs: number): void {
    if (clock.now() >= window.resetAt) {
      window.used = 0;
      window.resetAt = clock.now() + lengthMs;
    }
    window.used += 1;
  }

  return async function rateLimited(c, next) {
    const bucket = bucketOf(c.req.method, c.req.path);
    const window = buckets.get(bucket) ?? { used: 0, resetAt: 0 };
    buckets.set(bucket, window);
    use(window, windowMs);
    use(everything, 1_000);
    const isGlobal = everything.used > globalLimit;
    const resetAfter = Math.max(0, (isGlobal ? everything : window).resetAt - clock.now()) / 1_000;
    const headers = {
      "X-RateLimit-Limit": String(limit),
      "X-RateLimit-Remaining": String(Math.max(0, limit - window.used)),
      "X-RateLimit-Reset": (window.resetAt / 1_000).toFixed(3),
      "X-RateLimit-Reset-After": ((window.resetAt - clock.now()) / 1_000).toFixed(3),
      "X-RateLimit-Bucket": Buffer.from(bucket).toString("hex").slice(0, 32),
    };
    if (isGlobal || window.used > limit) {
      return c.json({ message: "You are being rate limited.", retry_after: resetAfter, global: isGlobal }, 429, {
        ...headers,
        "Retry-After": String(Math.ceil(resetAfter)),
        "X-RateLimit-Scope": isGlobal ? "global" : "user",
        ...(isGlobal && { "X-RateLimit-Global": "true" }),
      });
    }
    await next();
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
  };
}

/** Returns the route with the ID of its top-level resource and without the other IDs. */
const bucketOf = (method: string, path: string): string => {
  const [, top = "", id = "", ...rest] = path.replace(/^.*\/api\/v\d+/, "").split("/");
  return [method, top, id, ...rest.map((part) => (/^\d+$/.test(part) ? ":id" : part))].join("/");
};
