import type { Clock } from "../platform/index.ts";
import type { RedisCommands } from "../redis/index.ts";
import type { SessionKeys } from "./keys.ts";

/** The commands that sessions send. */
export type SessionCommands = Pick<RedisCommands, "eval" | "exec" | "get" | "getex" | "mget" | "set" | "unlink">;

/** What was done with a session. */
export type SessionUse = "created" | "read" | "updated" | "ended";

/** Shared by the files of this part: one for each invocation. No session outlives it in memory. */
export interface SessionContext {
  keys: SessionKeys;
  /** The number of sessions one owner may have. */
  maxPerOwner: number;
  /** The longest lifetime of a session with an owner, for which a list is kept until its end is known. */
  longestLifetimeMs: number;
  redis(): SessionCommands;
  clock: Clock;
  createId(): string;
  createSecret(): string;
  /** Told what was done with a session of which kind. */
  onUsed(use: SessionUse, kind: string): void;
  /** Does work behind the answer. The next use of the session, or of its owner's list, makes up for work that fails. */
  behind(work: Promise<unknown>): void;
}
