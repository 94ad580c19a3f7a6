/**
 * A circuit breaker as data and pure transitions: the state lives in the isolate, invocations move it.
 * After `threshold` failures in a row it opens; after the cooldown one request is let through as a probe; its success
 * closes the circuit, its failure doubles the cooldown. A probe that never reports (its invocation died) stops counting
 * after `probeMs`, and the next request becomes the probe.
 */
export type BreakerState =
  | { value: "closed"; failures: number }
  | { value: "open"; until: number; cooldownMs: number }
  | { value: "half-open"; probeUntil: number; cooldownMs: number };

export interface BreakerOptions {
  /** Failures in a row that open the circuit. */
  threshold?: number;
  cooldownMs?: number;
  maxCooldownMs?: number;
  /** How long a probe is believed to be under way. */
  probeMs?: number;
}

export type Admission = { admitted: true; probe: boolean; state: BreakerState } | { admitted: false; retryAt: number };

export const closed: BreakerState = { value: "closed", failures: 0 };

/** May a request be sent now? Returns the state to keep when it may. */
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

/** The state after a request was answered. Stragglers sent before the circuit opened do not close it. */
export function succeed(state: BreakerState, probe: boolean): BreakerState {
  return state.value === "closed" || probe ? closed : state;
}

/** The state after a request failed. */
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
