import type { Clock } from "../platform/index.ts";
import type { RedisCommands } from "../redis/index.ts";
import type { Gap, PubsubEvent } from "./events.ts";
import type { PubsubKeys } from "./keys.ts";
import type { PubsubState } from "./state.ts";

/** The commands that pubsub sends. A stand-in needs no others. */
export type PubsubCommands = Pick<RedisCommands, "eval" | "exec">;

/** What the parts of a pubsub share: one for each invocation, around the isolate's state. */
export interface PubsubContext {
  state: PubsubState;
  keys: PubsubKeys;
  redis(): PubsubCommands;
  /** Sends one command, and counts it. */
  exec<T>(...command: [string, ...(string | number)[]]): Promise<T>;
  clock: Clock;
  createId(): string;
  report(event: PubsubEvent): void;
  /** Counts and reports messages that nobody can read any more. */
  reportGap(gap: Gap): void;
  source: string;
  retentionMs: number;
  maxLength: number;
  maxBytes: number;
  memorySize: number;
  pageSize: number;
}
