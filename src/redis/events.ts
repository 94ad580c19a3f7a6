import type { RedisError, RedisReplyError } from "./errors.ts";

/**
 * The events of a connection, for logs and metrics. `connect`: the isolate's first answer. `error`: a request failed.
 * `refused`: Redis refused commands for a reason that holds for all: quota, memory, access. Reported once a request. `retry`:
 * the request will be sent again. `lost`: failures in a row opened the circuit. `restored`: a probe was answered and closed it.
 */
export type RedisEvent =
  | { type: "connect" }
  | { type: "error"; error: RedisError }
  | { type: "refused"; error: RedisReplyError }
  | { type: "retry"; error: RedisError; attempt: number; pauseMs: number }
  | { type: "lost"; error: RedisError; retryAt: number }
  | { type: "restored" };
