import type { Clock } from "../platform/index.ts";
import type { RedisCommands } from "../redis/index.ts";
import type { Gap, PubsubEvent } from "./events.ts";
import type { PubsubKeys } from "./keys.ts";
import type { PubsubState } from "./state.ts";

/** The commands that pubsub sends. A stand-in needs no others. */
export type PubsubCommands = Pick<RedisCommands, "eval" | "exec">;

/** Shared by the files of pubsub: one for each invocation, around the isolate's state. */
export interface PubsubContext {
  state: PubsubState;
  keys: PubsubKeys;
  redis(): PubsubCommands;
  /** Sends one command; returns its reply as RESP2 gives it. */
  exec<T>(name: string, ...args: (string | number)[]): Promise<T>;
  clock: Clock;
  createId(): string;
  digest(text: string): Promise<string>;
  /** Called when a message is being published: commands given now leave in the same request. */
  onPublishing(channel: string): void;
  /** Called when a message was published. */
  onPublished(channel: string): void;
  report(event: PubsubEvent): void;
  /** Counts and reports messages that were trimmed before they were read. */
  reportGap(gap: Gap): void;
  source: string;
  retentionMs: number;
  maxLength: number;
  maxBytes: number;
  memorySize: number;
  pageSize: number;
}
