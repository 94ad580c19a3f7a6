import type { Clock } from "../platform/index.ts";
import { admit, type BreakerOptions, fail, succeed } from "./breaker.ts";
import { RedisCircuitOpenError, RedisTimeoutError, RedisUnknownOutcomeError } from "./errors.ts";
import type { RedisEvent } from "./events.ts";
import type { Gate } from "./gate.ts";
import { record } from "./histogram.ts";
import { type Command, isRead, isRepeatable } from "./repeatable.ts";
import type { RedisState } from "./state.ts";
import { type Mode, type Reply, type Transport, TransportFailure } from "./transport.ts";

export interface SenderOptions {
  transport: Transport;
  gate: Gate;
  state: RedisState;
  clock: Clock;
  report(event: RedisEvent): void;
  /** Further attempts for commands that may run twice. */
  retries: number;
  breaker?: BreakerOptions;
}

/** Sends commands as one request within `timeoutMs`, which includes waiting for a slot and every attempt. */
export type Sender = (mode: Mode, commands: readonly Command[], timeoutMs: number) => Promise<Reply[]>;

/** Puts the gate, the breaker, retries and statistics around one HTTP request. */
export function createSender({ transport, gate, state, clock, report, retries, breaker }: SenderOptions): Sender {
  async function attempt(mode: Mode, commands: readonly Command[], timeoutMs: number): Promise<Reply[]> {
    const admission = admit(state.breaker, clock.now(), breaker);
    if (!admission.admitted) throw new RedisCircuitOpenError(admission.retryAt);
    state.breaker = admission.state;
    const startedAt = clock.now();
    state.counters.requests += 1;
    state.counters.commands += commands.length;
    try {
      const replies = await transport(mode, commands, timeoutMs);
      record(state.latency, clock.now() - startedAt);
      answered(admission.probe);
      return replies;
    } catch (cause) {
      if (cause instanceof TransportFailure) failed(cause, admission.probe);
      throw cause;
    }
  }

  function answered(probe: boolean): void {
    const after = succeed(state.breaker, probe);
    const isRestored = state.breaker.value !== "closed" && after.value === "closed";
    state.breaker = after;
    if (!state.hasConnected) {
      state.hasConnected = true;
      report({ type: "connect" });
    }
    if (isRestored) report({ type: "restored" });
  }

  function failed(failure: TransportFailure, probe: boolean): void {
    state.counters.errors += 1;
    if (failure.error instanceof RedisTimeoutError) state.counters.timeouts += 1;
    report({ type: "error", error: failure.error });
    // A refused token, a rate limit or a bad request is an answer: Redis is available.
    const isOutage = failure.mayHaveRun;
    const after = isOutage ? fail(state.breaker, probe, clock.now(), breaker) : succeed(state.breaker, probe);
    if (state.breaker.value === "closed" && after.value === "open") {
      report({ type: "lost", error: failure.error, retryAt: after.until });
    }
    state.breaker = after;
  }

  return async (mode, commands, timeoutMs) => {
    const deadline = clock.now() + timeoutMs;
    const isRepeatableBatch = commands.every(isRepeatable);
    for (let attempts = 0; ; attempts++) {
      const left = deadline - clock.now();
      try {
        // Holds the slot for one attempt only, so that a request that backs off does not hold up the others.
        return await gate.execute(() => attempt(mode, commands, deadline - clock.now()), left);
      } catch (cause) {
        if (!(cause instanceof TransportFailure)) throw cause;
        const pauseMs = cause.retryAfterMs ?? backoffMs(attempts, clock.random());
        const isWorthIt = cause.isRetryable && attempts < retries && clock.now() + pauseMs < deadline;
        if (!isWorthIt || (cause.mayHaveRun && !isRepeatableBatch)) throw cause;
        state.counters.retries += 1;
        report({ type: "retry", error: cause.error, attempt: attempts + 1, pauseMs });
        await clock.sleep(pauseMs);
      }
    }
  };
}

/**
 * Returns what a failed request means for one of its commands: an unknown outcome where the command changes data and may have
 * run, otherwise the failure itself.
 */
export function errorFor(command: Command, cause: unknown): unknown {
  if (!(cause instanceof TransportFailure)) return cause;
  return cause.mayHaveRun && !isRead(command)
    ? new RedisUnknownOutcomeError(String(command[0]).toUpperCase(), cause.error)
    : cause.error;
}

/** Full jitter: from 0 up to a ceiling that doubles from 50 ms to 400 ms. */
const backoffMs = (attempts: number, random: number): number => random * Math.min(50 * 2 ** attempts, 400);
