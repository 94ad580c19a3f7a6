import type { RedisCommands } from "../redis/index.ts";
import type { SessionKeys } from "./keys.ts";

/** What the parts of the sessions share: one for each invocation. Nothing about a session outlives it. */
export interface SessionHost {
  keys: SessionKeys;
  /** How many sessions one owner may have. */
  maxPerOwner: number;
  redis(): RedisCommands;
  now(): number;
  random(): number;
  sleep(ms: number): Promise<void>;
  createId(): string;
  createSecret(): string;
  /** Keeps the invocation alive for what nobody waits for. */
  waitUntil(work: Promise<unknown>): void;
}
