import type { Clock } from "../platform/index.ts";
import type { ConditionalCommands, RedisCommands } from "../redis/index.ts";
import type { CacheEvent, Hearing, InvalidationBus } from "./events.ts";
import type { CacheKeys } from "./keys.ts";
import type { CacheState } from "./l1.ts";

/** The Redis commands that the cache sends. */
export type CacheCommands = ConditionalCommands &
  Pick<RedisCommands, "incr" | "incrby" | "mget" | "pexpire" | "set" | "unlink">;

/** Shared by all kinds of a cache: one for each invocation, around the isolate's state. */
export interface CacheContext {
  state: CacheState;
  keys: CacheKeys;
  redis(): CacheCommands;
  clock: Clock;
  createId(): string;
  /** Keeps the invocation alive for work that goes on after the answer. */
  waitUntil(work: Promise<unknown>): void;
  report(event: CacheEvent): void;
  bus: InvalidationBus | undefined;
  hearing: Hearing | undefined;
  /** How old the news may be by which L1 serves an entry, in milliseconds. */
  boundMs: number;
}
