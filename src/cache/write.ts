import type { Envelope } from "./envelope.ts";
import { forget } from "./forget.ts";
import { keepLocally, wrap } from "./keep.ts";
import type { KindContext } from "./kind-context.ts";
import { invalidateLocally, isValid } from "./l1.ts";
import { joined } from "./l2.ts";

/**
 * Overwrites values in L1 and in Redis, claims included. A read that began before the write was done does not reach L1. Cost for
 * n values: n commands, 1 round trip; with tags n + 1 commands, 2 round trips; and 1 command for a bus.
 */
export async function write<T>(context: KindContext<T>, values: ReadonlyMap<string, T>): Promise<void> {
  if (values.size === 0) return;
  const { redis, state, clock, keyOf, tagsOf } = context;
  const keys = Array.from(values.keys(), keyOf);
  for (const key of keys) invalidateLocally(state, key);
  const { sequence } = state;
  const storedAt = clock.now();
  const written: [id: string, envelope: Envelope<T>][] = [];
  try {
    const generations = await generationsOf(context, [...values.keys()]);
    await Promise.all(
      Array.from(values, async ([id, value]) => {
        const envelope = wrap(context, { value, storedAt, fetchMs: 0, generations: generations.get(id) ?? "" });
        await redis().set(keyOf(id), envelope.text, { px: Math.max(1, Math.ceil(envelope.serveUntil - storedAt)) });
        written.push([id, envelope]);
      }),
    );
  } finally {
    // After a failure too, as the write may have been done. A write or an invalidation since then leaves L1 to the next read.
    const latest = written.filter(([id]) => isValid(state, keyOf(id), { sequence, tags: tagsOf(id) }));
    forget(context, keys);
    for (const [id, envelope] of latest) {
      keepLocally(context, keyOf(id), tagsOf(id), envelope, { sequence: state.sequence, readAt: storedAt });
    }
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
