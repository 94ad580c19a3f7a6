import type { CacheContext } from "./context.ts";
import { invalidateLocally } from "./l1.ts";

const pageSize = 500;

/**
 * Awaits the command that changes these keys or tags in Redis, and publishes them in the same request. Returns the reply.
 * Cost: 0 commands, and 1 for a bus.
 */
export async function publish<T>({ bus }: CacheContext, names: readonly string[], command: Promise<T>): Promise<T> {
  // The bus comes second: an isolate that hears of it finds nothing older in Redis.
  const [reply] = await Promise.all([command, bus?.publish({ names })]);
  return reply;
}

/**
 * Awaits the command that forgets these keys or tags in Redis, publishes them in the same request, and stops this isolate's L1
 * from serving them. Returns the reply.
 * Cost: 0 commands, and 1 for a bus.
 */
export async function forget<T>(context: CacheContext, names: readonly string[], command: Promise<T>): Promise<T> {
  try {
    return await publish(context, names, command);
  } finally {
    for (const name of names) invalidateLocally(context.state, name);
  }
}

/** Invalidates every entry with a tag, in Redis and here. Cost: 1 command, 1 round trip, and 1 command for a bus. */
export async function forgetTag(context: CacheContext, tag: string): Promise<void> {
  await forget(context, [tag], context.redis().incr(context.keys.generation(tag)));
}

/**
 * Deletes the keys that begin with `base` and go on as a pattern says, a page at a time, and returns how many there were.
 * Cost: 1 command for each 500 keys of the database, 1 for each page with a match, and 1 for a bus and 200 matches.
 */
export async function forgetMatching(context: CacheContext, base: string, pattern: string): Promise<number> {
  // A deployment's prefix may hold anything.
  const match = base.replace(/[\\*?[\]]/g, "\\$&") + pattern;
  const redis = context.redis();
  let count = 0;
  let cursor = "0";
  do {
    const [next, keys] = await redis.exec<[string, string[]]>(["SCAN", cursor, "MATCH", match, "COUNT", pageSize]);
    cursor = next;
    if (keys.length > 0) count += await forget(context, keys, redis.unlink(...keys));
  } while (cursor !== "0");
  return count;
}
