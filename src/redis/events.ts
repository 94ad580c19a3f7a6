import type { RedisError } from "./errors.ts";

/**
 * The events of a connection, for logs and metrics. `connect`: the isolate's first answer. `error`: a request failed. `retry`:
 * it will be sent again. `lost`: failures in a row opened the circuit. `restored`: a probe was answered and closed it.
 */
export type RedisEvent =
  | { type: "connect" }
  | { type: "error"; error: RedisError }
  | { type: "retry"; error: RedisError; attempt: number; pauseMs: number }
  | { type: "lost"; error: RedisError; retryAt: number }
  | { type: "restored" };
