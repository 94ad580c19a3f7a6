import type { Done, RestAttempt } from "../discord/index.ts";
import type { JobEvent } from "../jobs/index.ts";
import { account, count, type MetricsState, note, observe, series } from "../metrics/index.ts";
import type { RedisMeter } from "../redis/index.ts";
import type { Isolate } from "./isolate.ts";

/** What a Redis command was sent for. `web/` shows them by the same names. */
export type Cause = "interactions" | "jobs" | "bus" | "idle" | "dashboard" | "metrics" | "other";

/** Counts what happens in one invocation, for the fleet. Nothing here sends anything. */
export interface Measures {
  /** What the invocation has sent to Redis so far. */
  readonly redis: { commands: number; requests: number; ms: number };
  readonly meter: RedisMeter;
  interaction(done: Done): void;
  attempt(attempt: RestAttempt): void;
  job(event: JobEvent, kinds: { has(kind: string): boolean }): void;
  session(use: string, kind: string): void;
}

/** Counts into the isolate's metrics. Names are those of declarations: never ids, never text of users. */
export const createMeasures = (isolate: Pick<Isolate, "metrics">, now: () => number): Measures =>
  new InvocationMeasures(isolate.metrics, now);

/** Counts a request that reached the Worker, or a tick: Cloudflare bills both. */
export const countRequest = ({ metrics }: Pick<Isolate, "metrics">, now: number, what: "fetch" | "tick"): void =>
  note(metrics, now, series("requests", what));

/** The names of the series that are billed. */
export const monthly: readonly string[] = ["redis_commands", "requests"];

/** Returns the counters that the isolate's parts keep by themselves, by series. They only grow. */
export function countersOf({ cache, pubsub, redis }: Pick<Isolate, "cache" | "pubsub" | "redis">): Map<string, number> {
  const counters = new Map<string, number>();
  for (const [kind, stats] of cache.stats) {
    counters.set(series("cache_reads", kind, "local"), stats.localHits);
    counters.set(series("cache_reads", kind, "redis"), stats.redisHits);
    counters.set(series("cache_reads", kind, "stale"), stats.staleHits);
    counters.set(series("cache_reads", kind, "miss"), stats.misses);
    counters.set(series("cache_fetches", kind, "all"), stats.fetches);
    counters.set(series("cache_fetches", kind, "failed"), stats.fetchFailures);
  }
  for (const name of ["published", "delivered", "failed", "gaps", "deadLetters"] as const) {
    counters.set(series("bus", name), pubsub.counters[name]);
  }
  for (const name of ["requests", "errors", "retries", "timeouts"] as const) {
    counters.set(series("redis", name), redis.counters[name]);
  }
  return counters;
}

// --- Internal helpers ---

/** A class, since every request makes one. It is its own meter. */
class InvocationMeasures implements Measures, RedisMeter {
  readonly redis = { commands: 0, requests: 0, ms: 0 };
  readonly #metrics: MetricsState;
  readonly #now: () => number;

  constructor(metrics: MetricsState, now: () => number) {
    this.#metrics = metrics;
    this.#now = now;
  }

  get meter(): RedisMeter {
    return this;
  }

  billed(cause: string, commands: number): void {
    this.redis.commands += commands;
    note(this.#metrics, this.#now(), series("redis_commands", cause), commands);
    account(this.#metrics, commands, cause === "metrics");
  }

  answered(ms: number): void {
    this.redis.requests += 1;
    this.redis.ms += ms;
    observe(this.#metrics, this.#now(), "redis_latency", ms);
  }

  interaction({ handler, kind, outcome, answerMs }: Done): void {
    const at = this.#now();
    count(this.#metrics, at, series("interactions", handler, kind, outcome));
    observe(this.#metrics, at, series("interaction_latency", handler, kind), answerMs);
    if (outcome === "failed") count(this.#metrics, at, "interaction_errors");
  }

  attempt({ status, ms }: RestAttempt): void {
    const at = this.#now();
    count(this.#metrics, at, series("discord_requests", classOf(status)));
    observe(this.#metrics, at, "discord_latency", ms);
  }

  job(event: JobEvent, kinds: { has(kind: string): boolean }): void {
    if (!("job" in event)) return;
    const kind = kinds.has(event.job.kind) ? event.job.kind : "unknown";
    count(this.#metrics, this.#now(), series("job_runs", kind, outcomes[event.type]));
    if (event.type === "done") observe(this.#metrics, this.#now(), series("job_late", kind), Math.max(0, event.lateMs));
  }

  session(use: string, kind: string): void {
    count(this.#metrics, this.#now(), series("sessions", kind, use));
  }
}

const outcomes = {
  done: "done",
  retry: "retried",
  "occurrence-failed": "failed",
  dead: "dead",
} as const;

const classOf = (status: number): string => {
  if (status === 0) return "none";
  return status === 429 ? "429" : `${Math.floor(status / 100)}xx`;
};
