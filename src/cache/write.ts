import { keep } from "./keep.ts";
import type { KindContext } from "./kind-context.ts";
import { joined } from "./l2.ts";

/**
 * Overwrites values in L1 and in Redis, claims included. Cost for n values: n commands, 1 round trip; with tags n + 1 commands, 2
 * round trips.
 */
export async function write<T>(context: KindContext<T>, values: ReadonlyMap<string, T>): Promise<void> {
  if (values.size === 0) return;
  const { redis, state, clock, keyOf, tagsOf } = context;
  const { sequence } = state;
  const storedAt = clock.now();
  const generations = await generationsOf(context, [...values.keys()]);
  await Promise.all(
    [...values].map(([id, value]) => {
      const fetched = { value, storedAt, fetchMs: 0, generations: generations.get(id) ?? "", sequence };
      const { text, serveUntil } = keep(context, keyOf(id), tagsOf(id), fetched);
      return redis().set(keyOf(id), text, { px: Math.max(1, Math.ceil(serveUntil - storedAt)) });
    }),
  );
}

// --- Internal helpers ---

/** Returns the current generations of the tags of each id. */
async function generationsOf<T>(
  { kind, keys, redis, tagsOf }: KindContext<T>,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (!kind.isTagged) return new Map();
  const names = [...new Set(ids.flatMap(tagsOf))];
  const replies = await redis().mget<(string | null)[]>(...names.map(keys.generation));
  const known = new Map(names.map((name, index) => [name, replies[index] ?? null]));
  return new Map(ids.map((id) => [id, joined(tagsOf(id).map((tag) => known.get(tag) ?? null))]));
}
