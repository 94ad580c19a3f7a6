import { type BreakerState, closed } from "./breaker.ts";
import { createHistogram, type Histogram, quantile } from "./histogram.ts";

/** What outlives an invocation, as plain data: it belongs to the isolate and is shared by all its connections. */
export interface RedisState {
  breaker: BreakerState;
  /** Upstash's read-your-writes token: sent with each request so that a replica answers no older than it. */
  syncToken: string;
  hasConnected: boolean;
  counters: { commands: number; requests: number; errors: number; retries: number; timeouts: number };
  latency: Histogram;
  /** The last PING and when it began; no answer yet, or none ever, when `result` is missing. */
  probe?: { startedAt: number; result?: HealthResult };
}

/** Redis answered a PING in `latencyMs`, or the reason it did not. `at` is when it was asked, in epoch milliseconds. */
export type HealthResult = { ok: true; latencyMs: number; at: number } | { ok: false; reason: string; at: number };

/** Since the isolate started. Latencies are milliseconds per HTTP request, right to within 25 %. */
export interface RedisStats {
  commands: number;
  requests: number;
  /** Requests that failed, and answers that were errors. */
  errors: number;
  retries: number;
  timeouts: number;
  circuit: BreakerState["value"];
  latency: { p50: number; p95: number; p99: number };
}

export const createRedisState = (): RedisState => ({
  breaker: closed,
  syncToken: "",
  hasConnected: false,
  counters: { commands: 0, requests: 0, errors: 0, retries: 0, timeouts: 0 },
  latency: createHistogram(),
});

export const statsOf = ({ counters, breaker, latency }: RedisState): RedisStats => ({
  ...counters,
  circuit: breaker.value,
  latency: { p50: quantile(latency, 0.5), p95: quantile(latency, 0.95), p99: quantile(latency, 0.99) },
});
