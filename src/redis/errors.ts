import { problemOf, type RedisProblem } from "./problem.ts";

/**
 * The failures of a connection to Redis. `code` is stable. Messages name the command but never its arguments, which may be
 * private. A caller asks two questions: did the command run (`RedisUnknownOutcomeError`: perhaps), and is Redis available.
 */
export abstract class RedisError extends Error {
  abstract readonly code: string;
}

/**
 * Redis answered with an error, and `problem` says of which kind: wrong type, quota, out of memory, read-only. The command had
 * no effect, except that a script keeps what it wrote before it failed.
 */
export class RedisReplyError extends RedisError {
  readonly code = "E_REDIS_REPLY";
  override readonly name = "RedisReplyError";
  /** The first word of Redis's own text, such as `WRONGTYPE` or `ERR`. */
  readonly reply: string;
  readonly problem: RedisProblem;
  constructor(command: string, text: string) {
    super(`Redis refused ${command}: ${text}`);
    this.reply = text.replace(/ .*/s, "");
    this.problem = problemOf(text);
  }
}

/** No answer within the timeout, for commands that change nothing. */
export class RedisTimeoutError extends RedisError {
  readonly code = "E_REDIS_TIMEOUT";
  override readonly name = "RedisTimeoutError";
  constructor(timeoutMs: number, options?: ErrorOptions) {
    super(`Redis did not answer within ${timeoutMs} ms`, options);
  }
}

/** The request failed for a reason other than time: no connection, an HTTP error, an unreadable answer. */
export class RedisUnavailableError extends RedisError {
  readonly code = "E_REDIS_UNAVAILABLE";
  override readonly name = "RedisUnavailableError";
}

/** The REST API refused the token. */
export class RedisUnauthorizedError extends RedisError {
  readonly code = "E_REDIS_UNAUTHORIZED";
  override readonly name = "RedisUnauthorizedError";
  constructor(status: number) {
    super(`Redis refused the token (HTTP ${status}). Check UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN.`);
  }
}

/**
 * A command that changes data was sent and its reply was lost: it may have run or not. Read again and compare, or send it
 * again where a second run does no harm (`sendAgainIfUnknown`). `cause` says how the reply was lost.
 */
export class RedisUnknownOutcomeError extends RedisError {
  readonly code = "E_REDIS_UNKNOWN_OUTCOME";
  override readonly name = "RedisUnknownOutcomeError";
  constructor(command: string, cause: Error) {
    super(`${command} may or may not have run: ${cause.message}`, { cause });
  }
}

/** Redis failed repeatedly. The isolate sends nothing until `retryAt` (epoch milliseconds). */
export class RedisCircuitOpenError extends RedisError {
  readonly code = "E_REDIS_CIRCUIT_OPEN";
  override readonly name = "RedisCircuitOpenError";
  readonly retryAt: number;
  constructor(retryAt: number) {
    super("Redis failed repeatedly, so no request is sent for a moment");
    this.retryAt = retryAt;
  }
}

/** The isolate was too busy to take an answer from Redis in time. It says nothing of Redis. For commands that change nothing. */
export class RedisBusyError extends RedisError {
  readonly code = "E_REDIS_BUSY";
  override readonly name = "RedisBusyError";
  constructor(timeoutMs: number, busyMs: number) {
    super(`This isolate was busy for ${busyMs} ms and took no answer from Redis within ${timeoutMs} ms`);
  }
}

/** Requests of the same invocation left no slot, or no turn, until the command's timeout. Nothing was sent. */
export class RedisGateTimeoutError extends RedisError {
  readonly code = "E_REDIS_GATE_TIMEOUT";
  override readonly name = "RedisGateTimeoutError";
  constructor(waitedMs: number) {
    super(`The command waited ${waitedMs} ms for earlier requests of this invocation, and was not sent`);
  }
}

/** The connection was closed while the command waited. Nothing was sent. */
export class RedisClosedError extends RedisError {
  readonly code = "E_REDIS_CLOSED";
  override readonly name = "RedisClosedError";
  constructor() {
    super("The connection to Redis is closed");
  }
}
