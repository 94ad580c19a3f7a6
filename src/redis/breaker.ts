/**
 * A circuit breaker as data and pure transitions: the isolate holds the state, invocations move it.
 *
 * After `threshold` failures in a row the circuit opens. After the cooldown it admits one request as a probe: success closes
 * the circuit, failure doubles the cooldown. A probe whose invocation died never reports: it stops counting after `probeMs`,
 * and the next request becomes the probe.
 */
export type BreakerState =
  | { value: "closed"; failures: number }
  | { value: "open"; until: number; cooldownMs: number }
  | { value: "half-open"; probeUntil: number; cooldownMs: number };

export interface BreakerOptions {
  /** Failures in a row that open the circuit. Default: 5. */
  threshold?: number;
  /** How long the circuit stays open the first time, in milliseconds. Default: 5,000. */
  cooldownMs?: number;
  /** The longest cooldown that failed probes lead to, in milliseconds. Default: 60,000. */
  maxCooldownMs?: number;
  /** How long a silent probe counts as under way, in milliseconds. Default: 2,000. */
  probeMs?: number;
}

/** `state` is the state to keep; `retryAt` is in epoch milliseconds. */
export type Admission = { admitted: true; probe: boolean; state: BreakerState } | { admitted: false; retryAt: number };

export const closed: BreakerState = { value: "closed", failures: 0 };

/** Returns whether a request may be sent now, and with which state the circuit goes on. */
export function admit(state: BreakerState, now: number, { probeMs = 2_000 }: BreakerOptions = {}): Admission {
  if (state.value === "closed") return { admitted: true, probe: false, state };
  const retryAt = state.value === "open" ? state.until : state.probeUntil;
  if (now < retryAt) return { admitted: false, retryAt };
  return {
    admitted: true,
    probe: true,
    state: { value: "half-open", probeUntil: now + probeMs, cooldownMs: state.cooldownMs },
  };
}

/** Returns the state after an answer. Answers to requests sent before the circuit opened do not close it. */
export function succeed(state: BreakerState, probe: boolean): BreakerState {
  return state.value === "closed" || probe ? closed : state;
}

/** Returns the state after a failed request. */
export function fail(
  state: BreakerState,
  probe: boolean,
  now: number,
  { threshold = 5, cooldownMs = 5_000, maxCooldownMs = 60_000 }: BreakerOptions = {},
): BreakerState {
  if (state.value === "closed") {
    const failures = state.failures + 1;
    return failures < threshold
      ? { value: "closed", failures }
      : { value: "open", until: now + cooldownMs, cooldownMs };
  }
  if (!probe) return state;
  const longer = Math.min(state.cooldownMs * 2, maxCooldownMs);
  return { value: "open", until: now + longer, cooldownMs: longer };
}
