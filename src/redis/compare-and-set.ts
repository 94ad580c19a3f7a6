import type { RedisCommands } from "./commands.ts";
import { RedisReplyError } from "./errors.ts";

/** The commands these functions send. */
export type ConditionalCommands = Pick<RedisCommands, "eval" | "exec">;

export interface CompareAndSet {
  key: string;
  value: string;
  /** The value to replace: any other value, or a missing key, refuses the write. */
  expected: string;
  /** The new value's life in milliseconds. Default: without expiry. */
  px?: number;
}

const swapScript = `-- KEYS[1] the key; ARGV[1] the expected value, ARGV[2] the new value, ARGV[3] its life in ms or "".
-- Returns the value before.
local before = redis.call("GET", KEYS[1])
if before ~= ARGV[1] then return before end
if ARGV[3] == "" then redis.call("SET", KEYS[1], ARGV[2]) else redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[3]) end
return before`;

const deleteScript = `-- KEYS[1] the key; ARGV[1] the expected value. Returns 1 or 0.
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call("DEL", KEYS[1])`;

/**
 * Sets a value if the key still holds the expected one. Returns whether it did. Uses `SET … IFEQ` (Valkey 8.1, Redis 8.4,
 * Upstash), or a script where the server refuses that.
 *
 * Cost: 1 command, 1 round trip; up to 3 commands more, 1 round trip more for the script.
 */
export async function compareAndSet(redis: ConditionalCommands, options: CompareAndSet): Promise<boolean> {
  return orScript(
    async () => (await redis.exec<string | null>(setCommand(options))) !== null,
    async () => (await swapByScript(redis, options)) === options.expected,
  );
}

/**
 * Sets a value if the key still holds the expected one. Returns the value before: `expected` when the new value was set, null
 * when the key is missing, otherwise the rival's value, so that trying again needs no read. Falls back to a script.
 *
 * Cost: 1 command, 1 round trip; up to 3 commands more, 1 round trip more for the script.
 */
export async function compareAndSwap(redis: ConditionalCommands, options: CompareAndSet): Promise<string | null> {
  return orScript(
    () => redis.exec<string | null>([...setCommand(options), "GET"]),
    () => swapByScript(redis, options),
  );
}

/**
 * Deletes a key if it still holds the expected value. Returns whether it did. Uses `DELEX`, or a script where the server
 * refuses that.
 *
 * Cost: 1 command, 1 round trip; up to 3 commands more, 1 round trip more for the script.
 */
export async function compareAndDelete(redis: ConditionalCommands, key: string, expected: string): Promise<boolean> {
  return orScript(
    async () => (await redis.exec<number>(["DELEX", key, "IFEQ", expected])) === 1,
    async () => (await redis.eval(deleteScript, [key], [expected])) === 1,
  );
}

// --- Internal helpers ---

const setCommand = ({ key, value, expected, px }: CompareAndSet): [string, ...(string | number)[]] => [
  "SET",
  key,
  value,
  "IFEQ",
  expected,
  ...(px === undefined ? [] : ["PX", px]),
];

const swapByScript = (redis: ConditionalCommands, { key, value, expected, px }: CompareAndSet) =>
  redis.eval<unknown[], string | null>(swapScript, [key], [expected, value, px ?? ""]);

/** A server that does not know a condition answers with an error and has changed nothing. */
async function orScript<T>(native: () => Promise<T>, script: () => Promise<T>): Promise<T> {
  try {
    return await native();
  } catch (error) {
    if (!(error instanceof RedisReplyError) || error.reply !== "ERR" || error.problem !== "other") throw error;
    return script();
  }
}
