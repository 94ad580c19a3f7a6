import { type BreakerState, closed } from "./breaker.ts";
import { createHistogram, type Histogram, quantile } from "./histogram.ts";

/** The isolate's share of all its connections, as plain data. */
export interface RedisState {
  breaker: BreakerState;
  /** Upstash's read-your-writes token. Sent with each request, so that a replica's answer is no older. */
  syncToken: string;
  /** Whether Redis has answered this isolate before. */
  hasConnected: boolean;
  counters: { commands: number; requests: number; errors: number; retries: number; timeouts: number };
  latency: Histogram;
  /** The last PING and when it began. `result` is missing until the first answer. */
  probe?: { startedAt: number; result?: HealthResult };
}

/** The answer to a PING, or why it failed. `at` is when the PING was sent, in epoch milliseconds. */
export type HealthResult = { ok: true; latencyMs: number; at: number } | { ok: false; reason: string; at: number };

/** Counts since the isolate started. Latencies are milliseconds per HTTP request, right to within 25 %. */
export interface RedisStats {
  commands: number;
  requests: number;
  /** Failed requests, error answers included. */
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
