import type { RedisCommands } from "./commands.ts";
import { RedisReplyError } from "./errors.ts";

/** The commands that these functions send. */
export type ConditionalCommands = Pick<RedisCommands, "eval" | "exec">;

export interface CompareAndSet {
  key: string;
  value: string;
  /** What has to stand there now. */
  expected: string;
  /** How long the new value lives, in milliseconds; for good when left out. */
  px?: number;
}

const swapScript = `-- KEYS[1] the key; ARGV[1] what has to stand there, ARGV[2] the new value, ARGV[3] its life in ms or "".
-- Returns what stood there.
local standing = redis.call("GET", KEYS[1])
if standing ~= ARGV[1] then return standing end
if ARGV[3] == "" then redis.call("SET", KEYS[1], ARGV[2]) else redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[3]) end
return standing`;

const deleteScript = `-- KEYS[1] the key; ARGV[1] what has to stand there. Returns 1 or 0.
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call("DEL", KEYS[1])`;

/**
 * Sets a value if another one still stands there; says whether it did. 1 command in 1 round trip (`SET … IFEQ`, Valkey 8.1,
 * Redis 8.4, Upstash); where the server refuses that, a script that is billed as 3.
 */
export async function compareAndSet(redis: ConditionalCommands, options: CompareAndSet): Promise<boolean> {
  return orScript(
    async () => (await redis.exec<string | null>(setCommand(options))) !== null,
    async () => (await swapByScript(redis, options)) === options.expected,
  );
}

/**
 * The same, and says what stood there: `expected` when the value was set, null when there was no key, else what somebody
 * else wrote, so that trying again needs no read. 1 command in 1 round trip, or a script that is billed as 3.
 */
export async function compareAndSwap(redis: ConditionalCommands, options: CompareAndSet): Promise<string | null> {
  return orScript(
    () => redis.exec<string | null>([...setCommand(options), "GET"]),
    () => swapByScript(redis, options),
  );
}

/** Deletes a key if this value still stands there; says whether it did. 1 command in 1 round trip (`DELEX`), or a script that is billed as 3. */
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

/** Servers that do not know a condition say so with an error, and have done nothing. */
async function orScript<T>(native: () => Promise<T>, script: () => Promise<T>): Promise<T> {
  try {
    return await native();
  } catch (error) {
    if (!(error instanceof RedisReplyError) || error.reply !== "ERR") throw error;
    return script();
  }
}
