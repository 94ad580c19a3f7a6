import { BudgetSpentError, type Clock, conceal, reasonOf } from "../platform/index.ts";
import {
  RedisBusyError,
  RedisError,
  RedisReplyError,
  RedisTimeoutError,
  RedisUnauthorizedError,
  RedisUnavailableError,
} from "./errors.ts";
import { sleepWhileFree } from "./free-time.ts";
import { problemOf } from "./problem.ts";
import type { Command } from "./repeatable.ts";
import type { RedisState } from "./state.ts";

/** One reply of a pipeline or transaction, as the REST API words it. */
export interface Reply {
  result?: unknown;
  error?: string;
}

/** A request without replies. `mayHaveRun` is false when the server certainly ran no command of it. */
export class TransportFailure extends Error {
  override readonly name = "TransportFailure";
  readonly mayHaveRun: boolean;
  /** The pause the server asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** False when the server blamed the request: sending it again would not help. */
  readonly isRetryable: boolean;
  readonly error: RedisError;
  constructor(error: RedisError, how: { mayHaveRun: boolean; isRetryable?: boolean; retryAfterMs?: number }) {
    super(error.message);
    this.error = error;
    this.mayHaveRun = how.mayHaveRun;
    this.isRetryable = how.isRetryable ?? true;
    this.retryAfterMs = how.retryAfterMs;
  }
}

/** Returns the failure of a command that has no answer after `timeoutMs`, during which the isolate was busy for `busyMs`. */
export const lateFailure = (timeoutMs: number, busyMs: number): TransportFailure =>
  new TransportFailure(busyMs === 0 ? new RedisTimeoutError(timeoutMs) : new RedisBusyError(timeoutMs, busyMs), {
    mayHaveRun: true,
  });

export interface TransportOptions {
  url: string;
  token: string;
  fetch: typeof fetch;
  clock: Clock;
  state: RedisState;
}

/** `pipeline`: in order, not atomic. `multi-exec`: one transaction. */
export type Mode = "pipeline" | "multi-exec";

/** Sends commands as one HTTP request. Returns their replies in order; throws only `TransportFailure`. */
export type Transport = (mode: Mode, commands: readonly Command[], timeoutMs: number) => Promise<Reply[]>;

export function createTransport({ url, token, fetch, clock, state }: TransportOptions): Transport {
  const base = url.replace(/\/+$/, "");

  async function exchange(mode: Mode, commands: readonly Command[], signal: AbortSignal): Promise<Reply[]> {
    const response = await fetch(`${base}/${mode}`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${token}`,
        "Content-Type": "application/json",
        ...(state.syncToken && { "Upstash-Sync-Token": state.syncToken }),
      },
      body: JSON.stringify(commands),
      signal,
    });
    const text = await response.text();
    if (!response.ok) throw refusal(response, text, mode);
    const replies = parseReplies(text);
    if (replies?.length !== commands.length) throw unreadable(response.status, "not a list of replies");
    state.syncToken = response.headers.get("Upstash-Sync-Token") ?? state.syncToken;
    return replies;
  }

  return async (mode, commands, timeoutMs) => {
    const abort = new AbortController();
    const timedOut = sleepWhileFree(clock, timeoutMs, abort.signal).then(({ busyMs }) => {
      // An answer was first.
      if (abort.signal.aborted) return new Promise<never>(() => {});
      throw lateFailure(timeoutMs, busyMs);
    });
    try {
      return await Promise.race([exchange(mode, commands, abort.signal), timedOut]);
    } catch (cause) {
      if (cause instanceof TransportFailure) throw cause;
      const shown = reasonOf(cause);
      // An address that is none may be the token, entered in its place.
      const reason = conceal(shown, token, URL.canParse(base) ? undefined : base);
      const isUnsent = cause instanceof BudgetSpentError;
      throw new TransportFailure(new RedisUnavailableError(`Redis could not be reached: ${reason}`, { cause }), {
        mayHaveRun: !isUnsent,
        isRetryable: !isUnsent,
      });
    } finally {
      // The winner aborts the loser, so that no timer and no request outlives the race.
      abort.abort();
    }
  };
}

// --- Internal helpers ---

function refusal(response: Response, text: string, mode: Mode): TransportFailure {
  const { status } = response;
  const reason = errorText(text);
  const problem = problemOf(reason);
  // A 403 may also be of a command that the token may not run.
  if (status === 401 || problem === "token" || (status === 403 && problem === "other")) {
    return new TransportFailure(new RedisUnauthorizedError(status), { mayHaveRun: false, isRetryable: false });
  }
  // A used-up quota comes with several statuses, 429 among them: no pause helps.
  if (problem !== "other") {
    return new TransportFailure(new RedisReplyError(mode, reason), { mayHaveRun: false, isRetryable: false });
  }
  if (status === 429) {
    const seconds = Number(response.headers.get("Retry-After"));
    return new TransportFailure(new RedisUnavailableError(`Redis is limiting our rate: ${reason}`), {
      mayHaveRun: false,
      ...(seconds > 0 && { retryAfterMs: seconds * 1_000 }),
    });
  }
  if (status >= 400 && status < 500) {
    return new TransportFailure(new RedisReplyError(mode, reason), { mayHaveRun: false, isRetryable: false });
  }
  return unreadable(status, reason);
}

const unreadable = (status: number, reason: string): TransportFailure =>
  new TransportFailure(new RedisUnavailableError(`Redis answered HTTP ${status}: ${reason}`), { mayHaveRun: true });

function parseReplies(text: string): Reply[] | undefined {
  const body = parseJson(text);
  return Array.isArray(body) && body.every((reply) => typeof reply === "object" && reply !== null) ? body : undefined;
}

function errorText(text: string): string {
  const body = parseJson(text);
  if (typeof body === "object" && body !== null && "error" in body) return String(body.error);
  return "no reason given";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
