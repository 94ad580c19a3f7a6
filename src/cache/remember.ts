import { compareAndSet } from "../redis/index.ts";
import { confirmedEntry } from "./confirm.ts";
import { redisLifeMs } from "./envelope.ts";
import { keep, wrap } from "./keep.ts";
import type { KindContext } from "./kind-context.ts";
import { isValid, localEntry } from "./l1.ts";

/** Puts values into L1, except where it has one to serve. Returns a function that shares them with other isolates. */
export function remember<T>(context: KindContext<T>, values: ReadonlyMap<string, T>): () => void {
  const { state, clock, keyOf, tagsOf, inBackground } = context;
  const now = clock.now();
  const { sequence } = state;
  const unknown = new Map([...values].filter(([id]) => !localEntry(state, keyOf(id), now)));
  for (const [id, value] of values) {
    if (confirmedEntry(context, keyOf(id))) continue;
    keep(context, keyOf(id), tagsOf(id), { value, storedAt: now, generations: "", sequence });
  }
  return () => {
    const valid = new Map([...unknown].filter(([id]) => isValid(state, keyOf(id), { sequence, tags: tagsOf(id) })));
    if (valid.size > 0) inBackground(share(context, valid, now));
  };
}

// --- Internal helpers ---

/**
 * Writes the values that Redis lacks, or has past their freshness, and that no isolate is fetching. Values that another isolate
 * wrote meanwhile stay.
 */
async function share<T>(context: KindContext<T>, values: ReadonlyMap<string, T>, storedAt: number): Promise<void> {
  const { l2, clock, redis, keyOf, tagsOf } = context;
  const list = Array.from(values, ([id, value]) => ({ key: keyOf(id), tags: tagsOf(id), value }));
  const found = await Promise.all(l2.readMany(list));
  const now = clock.now();
  await Promise.all(
    list.map(async ({ key, value }, index) => {
      const { stored, generations = "" } = found[index] ?? {};
      if (!stored || stored.kind === "claim") return;
      if (stored.kind === "value" && stored.generations === generations && now < stored.freshUntil) return;
      const envelope = wrap(context, { value, storedAt, generations });
      const px = redisLifeMs(envelope, now);
      const { text: expected } = stored;
      if (expected === undefined) await redis().set(key, envelope.text, { nx: true, px });
      else await compareAndSet(redis(), { key, expected, value: envelope.text, px });
    }),
  );
}
