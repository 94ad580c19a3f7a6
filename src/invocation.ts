import type { Config } from "./config.ts";
import type { Isolate } from "./isolate.ts";
import { createLog, type Log } from "./log.ts";
import { createConnection, type RedisConnection, type RedisEvent } from "./redis/index.ts";

/** What lives for one request or cron tick: everything that does I/O. */
export interface Invocation {
  readonly isolate: Isolate;
  readonly config: Config;
  readonly log: Log;
  readonly now: () => number;
  /** The door to Redis; opened when first used, so that an answer without state costs nothing. */
  readonly redis: RedisConnection;
  /** Keeps the invocation alive until the promise settles; its failure is logged. */
  waitUntil(work: Promise<unknown>): void;
}

export interface InvocationOptions {
  isolate: Isolate;
  config: Config;
  waitUntil(work: Promise<unknown>): void;
  /** For one call to Redis: short on the way to an answer, longer in the background. */
  redisTimeoutMs?: number;
  now?: () => number;
  fetch?: typeof fetch;
}

export function createInvocation({
  isolate,
  config,
  waitUntil,
  redisTimeoutMs = 1_500,
  now = Date.now,
  fetch,
}: InvocationOptions): Invocation {
  const log = createLog(config.logLevel);
  let redis: RedisConnection | undefined;
  return {
    isolate,
    config,
    log,
    now,
    get redis() {
      return (redis ??= createConnection({
        ...config.redis,
        state: isolate.redis,
        timeoutMs: redisTimeoutMs,
        report: (event) => reportRedis(log, event),
        ...(fetch && { fetch }),
      }));
    },
    waitUntil: (work) =>
      waitUntil(work.catch((error: unknown) => log("error", "background work failed", { error: String(error) }))),
  };
}

// --- Internal helpers ---

const levels = { connect: "debug", error: "warn", retry: "debug", lost: "error", restored: "info" } as const;

function reportRedis(log: Log, event: RedisEvent): void {
  log(levels[event.type], `redis ${event.type}`, "error" in event ? { error: event.error.message } : {});
}
