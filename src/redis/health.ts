import { type Clock, reasonOf } from "../platform/index.ts";
import type { HealthResult, RedisState } from "./state.ts";

export interface HealthCheck {
  state: RedisState;
  clock: Clock;
  /** A younger result is returned as it is. */
  maxAgeMs: number;
  /** How long a silent PING of another invocation counts as under way, in milliseconds. */
  timeoutMs: number;
  ping(): Promise<unknown>;
}

/** Returns the last known result while it is young enough, else pings. The isolate shares it as plain data, never as a promise. */
export async function checkHealth({ state, clock, maxAgeMs, timeoutMs, ping }: HealthCheck): Promise<HealthResult> {
  const at = clock.now();
  const last = state.probe;
  if (last) {
    const age = at - last.startedAt;
    const isUnderWay = last.result?.at !== last.startedAt && age < timeoutMs;
    if (age < maxAgeMs || isUnderWay) return last.result ?? { ok: false, reason: "Redis is being asked just now", at };
  }
  const probe: NonNullable<RedisState["probe"]> = { startedAt: at, ...(last?.result && { result: last.result }) };
  state.probe = probe;
  probe.result = await ask(at, clock, ping);
  return probe.result;
}

async function ask(at: number, clock: Clock, ping: () => Promise<unknown>): Promise<HealthResult> {
  try {
    await ping();
    return { ok: true, latencyMs: clock.now() - at, at };
  } catch (error) {
    return { ok: false, reason: reasonOf(error), at };
  }
}
