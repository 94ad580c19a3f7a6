import type { Context } from "hono";
import { Hono } from "hono/tiny";
import { type Clock, readLimited, systemClock } from "../platform/index.ts";
import { admin } from "./admin.ts";
import { isFromQstash } from "./qstash.ts";

/** What a tick did. */
export interface Tick {
  /** How many jobs ended how. `failed` counts what Redis did not answer. */
  jobs: { done?: number; failed?: number };
}

export interface TickOptions {
  adminToken(c: Context): string | undefined;
  /** Returns QStash's signing keys; none without QStash. The route answers 404 without these and without an admin token. */
  qstashKeys(c: Context): readonly string[];
  /** Does the work of a tick for `ms` milliseconds, and at least what is due now. */
  run(c: Context, ms: number): Promise<Tick>;
  waitUntil(c: Context, work: Promise<unknown>): void;
  /** Default: the machine's. */
  clock?: Clock;
}

/** As long as the platform's own tick watches jobs. */
const maxSeconds = 120;
/** QStash sends what it was given, which for a tick is nothing. */
const maxBodyBytes = 64 * 1024;

/**
 * Makes the cron tick's route, for platforms without cron: `POST /` does what is due now and answers with what it did;
 * `?seconds=50` goes on for as long before it answers; `&wait=no` answers 202 first. 503 when Redis did not answer, so that the
 * caller tries again. Several ticks at a time are safe.
 */
export function createTickApp({ adminToken, qstashKeys, run, waitUntil, clock = systemClock }: TickOptions): Hono {
  const app = new Hono();

  app.use(async function qstash(c, next) {
    const token = c.req.header("Upstash-Signature");
    const keys = qstashKeys(c);
    if (token === undefined || keys.length === 0) return admin(adminToken)(c, next);
    const body = await readLimited(c.req.raw, maxBodyBytes);
    const { pathname, search } = new URL(c.req.url);
    if (body && (await isFromQstash(token, { keys, path: pathname + search, body, now: clock.now() }))) return next();
    return c.json({ error: "QSTASH_CURRENT_SIGNING_KEY did not sign this for this address" }, 401);
  });

  app.post("/", async (c) => {
    const { seconds = "0", wait = "yes" } = c.req.query();
    if (!/^\d+$/.test(seconds) || Number(seconds) > maxSeconds || !/^(?:yes|no)$/.test(wait)) {
      return c.json({ error: `seconds must be a whole number from 0 to ${maxSeconds}, and wait yes or no` }, 400);
    }
    // A millisecond at least: what is due now is due before the end.
    const work = run(c, Math.max(1, Number(seconds) * 1_000));
    if (wait === "no") {
      waitUntil(c, work);
      return c.json({ ok: true }, 202);
    }
    const tick = await work;
    const ok = !tick.jobs.failed || !!tick.jobs.done;
    const error = ok ? undefined : "Redis did not answer as it should; the log says why";
    return c.json({ ok, ...tick, error }, ok ? 200 : 503);
  });

  return app;
}
