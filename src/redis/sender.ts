import type { Clock } from "../platform/index.ts";
import { admit, type BreakerOptions, fail, succeed } from "./breaker.ts";
import {
  RedisBusyError,
  RedisCircuitOpenError,
  RedisReplyError,
  RedisTimeoutError,
  RedisUnknownOutcomeError,
} from "./errors.ts";
import type { RedisEvent } from "./events.ts";
import type { Gate } from "./gate.ts";
import { record } from "./histogram.ts";
import type { RedisProblem } from "./problem.ts";
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
  /** The time on the wire after which a request without an answer counts as a failure of Redis, in milliseconds. */
  wireMs: number;
  breaker?: BreakerOptions | undefined;
  /** Told how long each answer took, in milliseconds. */
  onAnswered?(ms: number): void;
}

/**
 * Sends commands as one request, whose callers wait for `timeoutMs`: for a slot and for every attempt. `onBilled` is called for
 * each attempt that may have run.
 */
export type Sender = (
  mode: Mode,
  commands: readonly Command[],
  timeoutMs: number,
  onBilled?: () => void,
) => Promise<Reply[]>;

/** Puts the gate, the breaker, retries and statistics around one HTTP request. */
export function createSender({
  transport,
  gate,
  state,
  clock,
  report,
  retries,
  wireMs,
  breaker,
  onAnswered = () => {},
}: SenderOptions): Sender {
  /** `timeoutMs` is what the callers wait for, `leftMs` what is left of that. */
  async function attempt(
    mode: Mode,
    commands: readonly Command[],
    timeoutMs: number,
    leftMs: number,
    onBilled: () => void,
  ): Promise<Reply[]> {
    const admission = admit(state.breaker, clock.now(), breaker);
    if (!admission.admitted) throw new RedisCircuitOpenError(admission.retryAt);
    state.breaker = admission.state;
    // Callers with a shorter timeout stop waiting earlier: that they do says little of Redis.
    const wireTimeMs = timeoutMs < wireMs ? wireMs : leftMs;
    const startedAt = clock.now();
    state.counters.requests += 1;
    state.counters.commands += commands.length;
    try {
      const replies = await transport(mode, commands, wireTimeMs);
      const ms = clock.now() - startedAt;
      record(state.latency, ms);
      onAnswered(ms);
      onBilled();
      answered(admission.probe);
      reportRefused(commands, replies);
      return replies;
    } catch (cause) {
      // A request that left late, from the queue or as a further attempt, had less time than an answer may take.
      if (cause instanceof TransportFailure) {
        failed(cause, admission.probe, wireTimeMs >= wireMs * 0.75);
        if (cause.mayHaveRun) onBilled();
      }
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

  /** Reports what holds for all commands. A refusal of one record or one command is its caller's to report. */
  function reportRefused(commands: readonly Command[], replies: readonly Reply[]): void {
    const seen = new Set<RedisProblem>(["damaged", "too-large", "other"]);
    for (const [index, { error: text }] of replies.entries()) {
      if (text === undefined) continue;
      const error = new RedisReplyError(String(commands[index]?.[0]).toUpperCase(), text);
      if (seen.has(error.problem)) continue;
      seen.add(error.problem);
      report({ type: "refused", error });
    }
  }

  function failed({ error, mayHaveRun }: TransportFailure, probe: boolean, hadItsTime: boolean): void {
    state.counters.errors += 1;
    const isTimeout = error instanceof RedisTimeoutError;
    if (isTimeout) state.counters.timeouts += 1;
    report(error instanceof RedisReplyError ? { type: "refused", error } : { type: "error", error });
    // What says nothing of Redis leaves the circuit as it is; a silent probe is followed by another.
    if (error instanceof RedisBusyError || (isTimeout && !hadItsTime)) return;
    // A refused token, a rate limit or a bad request is an answer: Redis is available.
    const after = mayHaveRun ? fail(state.breaker, probe, clock.now(), breaker) : succeed(state.breaker, probe);
    if (state.breaker.value === "closed" && after.value === "open") {
      report({ type: "lost", error, retryAt: after.until });
    }
    state.breaker = after;
  }

  return async (mode, commands, timeoutMs, onBilled = () => {}) => {
    const deadline = clock.now() + timeoutMs;
    const isRepeatableBatch = commands.every(isRepeatable);
    for (let attempts = 0; ; attempts++) {
      const left = deadline - clock.now();
      try {
        // Holds the slot for one attempt only, so that a request that backs off does not hold up the others.
        return await gate.execute(() => attempt(mode, commands, timeoutMs, deadline - clock.now(), onBilled), left);
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
 * Returns what a failed request means for some of its commands: an unknown outcome where one of them changes data and may have
 * run, otherwise the failure itself.
 */
export function errorFor(commands: readonly Command[], cause: unknown): unknown {
  if (!(cause instanceof TransportFailure)) return cause;
  const write = commands.find((command) => !isRead(command));
  return cause.mayHaveRun && write
    ? new RedisUnknownOutcomeError(String(write[0]).toUpperCase(), cause.error)
    : cause.error;
}

/** Full jitter: from 0 up to a ceiling that doubles from 50 ms to 400 ms. */
const backoffMs = (attempts: number, random: number): number => random * Math.min(50 * 2 ** attempts, 400);
