import type { CacheContext } from "./context.ts";
import { invalidateLocally } from "./l1.ts";

const pageSize = 500;

/** Stops this isolate's L1 from serving these keys and tags, and publishes them. Cost: 0 commands, and 1 for a bus. */
export function forget({ state, bus, waitUntil }: CacheContext, names: readonly string[]): void {
  for (const name of names) invalidateLocally(state, name);
  if (bus) waitUntil(bus.publish({ names }));
}

/** Invalidates every entry with a tag, in Redis and here. Cost: 1 command, 1 round trip, and 1 command for a bus. */
export async function forgetTag(context: CacheContext, tag: string): Promise<void> {
  try {
    await context.redis().incr(context.keys.generation(tag));
  } finally {
    // After a failure too, as it may have been counted.
    forget(context, [tag]);
  }
}

/**
 * Deletes the keys that match a pattern, a page at a time, and returns how many there were. Cost: 1 command for each 500 keys
 * of the database, and 1 for each page with a match.
 */
export async function forgetMatching(context: CacheContext, pattern: string): Promise<number> {
  const redis = context.redis();
  const found: string[] = [];
  let count = 0;
  let cursor = "0";
  try {
    do {
      const [next, keys] = await redis.exec<[string, string[]]>(["SCAN", cursor, "MATCH", pattern, "COUNT", pageSize]);
      cursor = next;
      if (keys.length === 0) continue;
      found.push(...keys);
      count += await redis.unlink(...keys);
    } while (cursor !== "0");
  } finally {
    // Also of the pages before one that failed.
    if (found.length > 0) forget(context, found);
  }
  return count;
}
