import type { RedisCommands } from "./commands.ts";
import { RedisReplyError } from "./errors.ts";

export interface CompareAndSet {
  key: string;
  value: string;
  /** What has to stand there now. */
  expected: string;
  /** How long the new value lives, in milliseconds. */
  px: number;
}

const script = `-- KEYS[1] the key; ARGV[1] what has to stand there, ARGV[2] the new value, ARGV[3] its life in ms. Returns 1 or 0.
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[3])
return 1`;

/**
 * Sets a value if another one still stands there; says whether it did. 1 command in 1 round trip (`SET … IFEQ`, Valkey 8.1,
 * Redis 8.4, Upstash); where the server refuses that, a script that is billed as 3.
 */
export async function compareAndSet(
  redis: RedisCommands,
  { key, value, expected, px }: CompareAndSet,
): Promise<boolean> {
  try {
    return (await redis.exec<string | null>(["SET", key, value, "IFEQ", expected, "PX", px])) !== null;
  } catch (error) {
    if (!(error instanceof RedisReplyError) || error.reply !== "ERR") throw error;
    return (await redis.eval(script, [key], [expected, value, px])) === 1;
  }
}
