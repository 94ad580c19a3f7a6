import type { RedisCommands } from "../redis/index.ts";
import type { CacheEvent, InvalidationBus } from "./events.ts";
import type { CacheKeys } from "./keys.ts";
import type { CacheState } from "./l1.ts";

/** What the parts of a cache share: one for each invocation, around the isolate's state. */
export interface Host {
  state: CacheState;
  keys: CacheKeys;
  redis(): RedisCommands;
  now(): number;
  random(): number;
  sleep(ms: number): Promise<void>;
  /** Calls once after `ms` milliseconds, unless it is called off by the function given back. */
  after(ms: number, run: () => void): () => void;
  createId(): string;
  /** Keeps the invocation alive for what nobody waits for. */
  waitUntil(work: Promise<unknown>): void;
  report(event: CacheEvent): void;
  bus: InvalidationBus | undefined;
}
