import type { MiddlewareHandler } from "hono";

/** What the next requests to the REST API get instead of an answer. */
export interface RestFault {
  status: number;
  times: number;
  /** For 429, in seconds. */
  retryAfter?: number;
  /** What was asked for takes effect, and only its answer is another. */
  isAfter?: boolean;
  /** Only requests with this in their path. */
  path?: string;
}

/** Lets a test or a developer see how the Worker takes Discord's bad days. */
export function createRestFaults(): { set(fault: RestFault | undefined): void; middleware: MiddlewareHandler } {
  let active: RestFault | undefined;
  return {
    set(fault) {
      active = fault && { ...fault };
    },
    middleware: async function faulty(c, next) {
      if (!active || active.times <= 0 || !c.req.path.includes(active.path ?? "")) return next();
      active.times -= 1;
      const { status, retryAfter = 1, isAfter = false } = active;
      if (isAfter) {
        await next();
        c.res = Response.json({ message: `${status}: injected`, code: 0 }, { status });
        return;
      }
      if (status === 429) {
        return c.json({ message: "You are being rate limited.", retry_after: retryAfter, global: false }, 429, {
          "Retry-After": String(Math.ceil(retryAfter)),
          "X-RateLimit-Scope": "shared",
        });
      }
      return c.json({ message: `${status}: injected`, code: 0 }, status as 500);
    },
  };
}
