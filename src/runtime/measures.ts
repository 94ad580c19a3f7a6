import type { Done, RestAttempt } from "../discord/index.ts";
import type { JobEvent } from "../jobs/index.ts";
import { account, count, note, observe, series } from "../metrics/index.ts";
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
export function createMeasures({ metrics }: Pick<Isolate, "metrics">, now: () => number): Measures {
  const redis = { commands: 0, requests: 0, ms: 0 };
  return {
    redis,
    meter: {
      billed(cause, commands) {
        redis.commands += commands;
        note(metrics, now(), series("redis_commands", cause), commands);
        account(metrics, commands, cause === "metrics");
      },
      answered(ms) {
        redis.requests += 1;
        redis.ms += ms;
        observe(metrics, now(), "redis_latency", ms);
      },
    },
    interaction({ handler, kind, outcome, answerMs }) {
      count(metrics, now(), series("interactions", handler, kind, outcome));
      observe(metrics, now(), series("interaction_latency", handler, kind), answerMs);
      if (outcome === "failed") count(metrics, now(), "interaction_errors");
    },
    attempt({ status, ms }) {
      count(metrics, now(), series("discord_requests", classOf(status)));
      observe(metrics, now(), "discord_latency", ms);
    },
    job(event, kinds) {
      if (!("job" in event)) return;
      const kind = kinds.has(event.job.kind) ? event.job.kind : "unknown";
      count(metrics, now(), series("job_runs", kind, outcomes[event.type]));
      if (event.type === "done") observe(metrics, now(), series("job_late", kind), Math.max(0, event.lateMs));
    },
    session: (use, kind) => count(metrics, now(), series("sessions", kind, use)),
  };
}

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
