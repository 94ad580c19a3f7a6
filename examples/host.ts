import process from "node:process";
import type { Worker } from "../src/runtime/index.ts";

// What Cloudflare does around a Worker, for a process on Node, Bun or Deno: cron, `waitUntil`, and an end in good order.

export interface HostOptions {
  worker: Worker;
  /** The Worker's variables. Default: those of the process. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Between two ticks, in milliseconds. Default: a minute, for which the work of a tick is meant. */
  tickEveryMs?: number;
  /** How long the end waits for background work, in milliseconds. Default: 25,000, of the 30 s that most platforms give. */
  graceMs?: number;
}

export interface Host {
  /** Where to listen: `PORT` and `HOST`. Default: port 8787 of this machine alone. */
  readonly port: number;
  readonly hostname: string;
  /** Answers a request. `peer` is the address that it comes from: logins are limited by it. */
  fetch(request: Request, peer?: string): Promise<Response>;
  /**
   * Begins the ticks, and at SIGTERM or Ctrl-C ends in good order: `close` takes no more requests and waits for those that are being
   * answered, then jobs that run and other background work are finished, and the process exits.
   */
  run(close: () => Promise<unknown>): void;
  /** Says why the port cannot be listened on, and exits with code 1. */
  fail(error: unknown): never;
}

/** Makes what surrounds a Worker in a process. */
export function createHost({
  worker,
  env = process.env,
  tickEveryMs = numberIn(env, "TICK_SECONDS", { fallback: 60, least: 1, most: 3_600 }) * 1_000,
  graceMs = 25_000,
}: HostOptions): Host {
  // One object for all invocations: the configuration is read once. No platform counts the requests here.
  const bindings = { SUBREQUESTS: "10000", ...env };
  const works = new Set<Promise<unknown>>();
  const stopping = new AbortController();
  const ctx = {
    stopping: stopping.signal,
    waitUntil(work: Promise<unknown>): void {
      const settled = work.catch((error: unknown) => log(`Background work failed: ${String(error)}`));
      works.add(settled);
      void settled.finally(() => works.delete(settled));
    },
  };

  const tick = () => ctx.waitUntil(worker.scheduled({ scheduledTime: Date.now() }, bindings, ctx));

  /** Resolves when no work is left. Work may bring more work. */
  async function finish(): Promise<void> {
    while (works.size > 0) await Promise.all(works);
  }

  const port = numberIn(env, "PORT", { fallback: 8787, least: 0, most: 65_535 });
  const hostname = env["HOST"] || "127.0.0.1";

  return {
    port,
    hostname,
    fetch: async (request, peer) => worker.fetch(withAddress(request, peer), bindings, ctx),
    fail(error) {
      const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      log(isTaken ? `Port ${port} of ${hostname} is taken: set PORT to another.` : `Cannot listen: ${String(error)}`);
      process.exit(1);
    },
    run(close) {
      tick();
      const timer = setInterval(tick, tickEveryMs);

      async function stop(): Promise<void> {
        if (stopping.signal.aborted) return;
        log("Stopping.");
        clearInterval(timer);
        stopping.abort();
        // A stream of events may stay open for two minutes: it is resumed elsewhere.
        const late = new Promise<"late">((resolve) => setTimeout(resolve, graceMs, "late"));
        const closed = Promise.race([close(), new Promise((resolve) => setTimeout(resolve, graceMs / 5))]);
        const ended = await Promise.race([closed.then(finish), late]);
        log(
          ended === "late" ? `Stopped. ${works.size} unfinished; a job among them runs again elsewhere.` : "Stopped.",
        );
        process.exit(ended === "late" ? 1 : 0);
      }

      for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
      log(`Listening on port ${port} of ${hostname}.`);
    },
  };
}

/**
 * Returns a login's request with the address of its sender as Cloudflare names it, which a sender cannot choose. A peer of this
 * machine or its network is a proxy, such as the server with TLS: then it is the last that this one wrote into `X-Forwarded-For`.
 */
export function withAddress(request: Request, peer: string | undefined): Request {
  if (peer === undefined || new URL(request.url).pathname.replace(/\/+$/, "") !== "/admin/login") return request;
  const own = peer.replace(/^::ffff:(?=\d+\.)/i, "");
  const forwarded = isPrivate(own) ? request.headers.get("X-Forwarded-For")?.split(",").at(-1)?.trim() : undefined;
  const known = isPrivate(own) ? request.headers.get("CF-Connecting-IP") : null;
  const headers = new Headers(request.headers);
  headers.set("CF-Connecting-IP", known ?? (forwarded || own));
  return new Request(request, { headers });
}

// --- Internal helpers ---

const isPrivate = (address: string): boolean =>
  /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[789]\d|1[01]\d|12[0-7])\.)/.test(
    address,
  ) || /^(?:::1$|f[cd]|fe[89ab])/i.test(address);

/** Returns a variable as a number; the fallback where it is not set. A timer takes one that is no number for no time at all. */
function numberIn(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  { fallback, least, most }: { fallback: number; least: number; most: number },
): number {
  const text = env[name]?.trim() ?? "";
  const value = text === "" ? fallback : Number(text);
  if (Number.isFinite(value) && value >= least && value <= most && (name !== "PORT" || Number.isInteger(value)))
    return value;
  throw new RangeError(`${name} must be a number from ${least} to ${most}.`);
}

const log = (line: string): void => void process.stdout.write(`${line}\n`);
