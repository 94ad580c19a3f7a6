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
  /** Answers a request. */
  fetch(request: Request): Promise<Response>;
  /**
   * Begins the ticks, and at SIGTERM or Ctrl-C ends in good order: `close` takes no more requests and waits for those that are being
   * answered, then jobs that run and other background work are finished, and the process exits.
   */
  run(close: () => Promise<unknown>): void;
}

/** Makes what surrounds a Worker in a process. */
export function createHost({
  worker,
  env = process.env,
  tickEveryMs = Number(env["TICK_SECONDS"] ?? 60) * 1_000,
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

  const port = Number(env["PORT"] ?? 8787);
  const hostname = env["HOST"] ?? "127.0.0.1";

  return {
    port,
    hostname,
    fetch: async (request) => worker.fetch(request, bindings, ctx),
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

// --- Internal helpers ---

const log = (line: string): void => void process.stdout.write(`${line}\n`);
