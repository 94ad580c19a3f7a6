import type { RedisCommands } from "../redis/index.ts";

const pageSize = 500;

/** Takes away the keys that match, a page at a time; says which. 1 command for each page, and 1 for each page with hits. */
export async function scanAndUnlink(redis: RedisCommands, pattern: string): Promise<{ count: number; keys: string[] }> {
  const all: string[] = [];
  let count = 0;
  let cursor = "0";
  do {
    const [next, keys] = await redis.exec<[string, string[]]>(["SCAN", cursor, "MATCH", pattern, "COUNT", pageSize]);
    cursor = next;
    if (keys.length > 0) {
      count += await redis.unlink(...keys);
      all.push(...keys);
    }
  } while (cursor !== "0");
  return { count, keys: all };
}
