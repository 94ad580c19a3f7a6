import type { Command } from "./repeatable.ts";

/**
 * Told of what a connection sends, for metrics. What is billed is told by the cause that the caller gave: see
 * `RedisConnection.billedTo`.
 */
export interface RedisMeter {
  /** Commands that Upstash bills: those of a request that may have run, and the calls inside a script. */
  billed(cause: string, commands: number): void;
  /** A request was answered after `ms` milliseconds. */
  answered(ms: number): void;
}

/** Runs a request, such as in a span of a trace. */
export type AroundRequest = <T>(commands: readonly Command[], send: () => Promise<T>) => Promise<T>;

/**
 * Returns a script that does the same and counts its calls: Upstash bills each of them, and only the script knows how many
 * there were. `readCounted` reads its reply. A script of another engine (`#!`) is left as it is.
 */
export const counting = (script: string): string =>
  script.startsWith("#!") ? script : `${before}\n${script}\n${after}`;

/** Returns the calls inside a script, and its reply. */
export function readCounted(reply: unknown): { calls: number; reply: unknown } {
  const [mark, calls, own = null]: unknown[] = Array.isArray(reply) ? reply : [];
  return mark === markOfCounted && typeof calls === "number" ? { calls, reply: own } : { calls: 0, reply };
}

// --- Internal helpers ---

/** A text that no script replies first. */
const markOfCounted = "calls:";

const before = `local calls, server = 0, redis
local redis = setmetatable({
  call = function(...) calls = calls + 1 return server.call(...) end,
  pcall = function(...) calls = calls + 1 return server.pcall(...) end,
}, {__index = server})
local function run()`;

/** An error stays the whole reply: inside a list it would be lost. */
const after = `end
local reply = run()
if type(reply) == "table" and reply.err then return reply end
return {"${markOfCounted}", calls, reply}`;
