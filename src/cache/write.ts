import { redisLifeMs } from "./envelope.ts";
import { publish } from "./forget.ts";
import { keepLocally, wrap } from "./keep.ts";
import type { KindContext } from "./kind-context.ts";
import { invalidateLocally, isUntouched } from "./l1.ts";
import { joined } from "./l2.ts";

/**
 * Overwrites values in L1 and in Redis, claims included. A read that began before the write was done does not reach L1.
 * Cost: for n values n commands, 1 round trip; with tags n + 1 commands, 2 round trips; and 1 command for a bus.
 */
export async function write<T>(context: KindContext<T>, values: ReadonlyMap<string, T>): Promise<void> {
  if (values.size === 0) return;
  const { redis, state, clock, keyOf, tagsOf } = context;
  const keys = Array.from(values.keys(), keyOf);
  for (const key of keys) invalidateLocally(state, key);
  const { sequence } = state;
  const storedAt = clock.now();
  let keep = (): void => {};
  try {
    const generations = await generationsOf(context, [...values.keys()]);
    const writes = Array.from(values, ([id, value]) => {
      const envelope = wrap(context, { value, storedAt, generations: generations.get(id) ?? "" });
      const px = redisLifeMs(envelope, storedAt);
      return { key: keyOf(id), tags: tagsOf(id), envelope, command: redis().set(keyOf(id), envelope.text, { px }) };
    });
    await publish(context, keys, Promise.all(writes.map(({ command }) => command)));
    // A write or an invalidation since then leaves L1 to the next read.
    const latest = writes.filter(({ key, tags }) => isUntouched(state, key, { sequence, tags }));
    keep = () => {
      for (const { key, tags, envelope } of latest)
        keepLocally(context, key, tags, envelope, { sequence: state.sequence, readAt: storedAt });
    };
  } finally {
    // After a failure too, as the write may have been done.
    for (const key of keys) invalidateLocally(state, key);
    keep();
  }
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
