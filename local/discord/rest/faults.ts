import type { MiddlewareHandler } from "hono";

/** A failure of the next requests to the REST API. */
export interface RestFault {
  /** The HTTP status to answer with. */
  status: number;
  /** How many requests fail. */
  times: number;
  /** For status 429, in seconds. Default: 1. */
  retryAfter?: number;
  /** Whether the request takes effect and only its answer is lost. Default: false. */
  isAfter?: boolean;
  /** Only requests whose path contains this fail. Default: all. */
  path?: string;
}

/** Returns a middleware that fails requests as `set` says. */
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
