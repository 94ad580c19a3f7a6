import type { RedisError } from "./errors.ts";

/**
 * What the door reports as it happens; logging and metrics subscribe. `connect`: the isolate's first answer. `error`: one
 * request failed. `lost`: it kept failing and the circuit opened. `restored`: a probe was answered and it closed again.
 */
export type RedisEvent =
  | { type: "connect" }
  | { type: "error"; error: RedisError }
  | { type: "retry"; error: RedisError; attempt: number; pauseMs: number }
  | { type: "lost"; error: RedisError; retryAt: number }
  | { type: "restored" };
