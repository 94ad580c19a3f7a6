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
  /** Only requests whose path contains this, or that it accepts, fail. Default: all. */
  path?: string | ((method: string, path: string) => boolean);
  /** The body of the failure. Default: a sentence that says that it was injected. */
  body?: { message: string; code: number };
}

/** Returns a middleware that fails requests as `set` says; the first fault that fits applies. */
export function createRestFaults(): { set(...faults: readonly RestFault[]): void; middleware: MiddlewareHandler } {
  let active: RestFault[] = [];
  return {
    set(...faults) {
      active = faults.map((fault) => ({ ...fault }));
    },
    middleware: async function faulty(c, next) {
      const fault = active.find((one) => one.times > 0 && fits(one, c.req.method, c.req.path));
      if (!fault) return next();
      fault.times -= 1;
      const { status, retryAfter = 1, isAfter = false, body = { message: `${status}: injected`, code: 0 } } = fault;
      if (isAfter) {
        await next();
        c.res = Response.json(body, { status });
        return;
      }
      if (status === 429) {
        return c.json({ message: "You are being rate limited.", retry_after: retryAfter, global: false }, 429, {
          "Retry-After": String(Math.ceil(retryAfter)),
          "X-RateLimit-Scope": "shared",
        });
      }
      return c.json(body, status as 500);
    },
  };
}

// --- Internal helpers ---

const fits = ({ path = "" }: RestFault, method: string, at: string): boolean =>
  typeof path === "string" ? at.includes(path) : path(method, at);
