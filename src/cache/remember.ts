import { confirmedEntry } from "./confirm.ts";
import { keep } from "./keep.ts";
import type { KindContext } from "./kind-context.ts";
import { localEntry } from "./l1.ts";
import { write } from "./write.ts";

/** Puts values into L1, except where it has one to serve. Returns a function that shares them with other isolates. */
export function remember<T>(context: KindContext<T>, values: ReadonlyMap<string, T>): () => void {
  const { state, clock, keyOf, tagsOf, inBackground } = context;
  const now = clock.now();
  const { sequence } = state;
  const unknown = new Map([...values].filter(([id]) => !localEntry(state, keyOf(id), now)));
  for (const [id, value] of values) {
    if (confirmedEntry(context, keyOf(id))) continue;
    keep(context, keyOf(id), tagsOf(id), { value, storedAt: now, fetchMs: 0, generations: "", sequence });
  }
  return () => {
    if (unknown.size > 0) inBackground(share(context, unknown));
  };
}

// --- Internal helpers ---

/** Writes the values that Redis lacks, or has past their freshness, and that no isolate is fetching. */
async function share<T>(context: KindContext<T>, values: ReadonlyMap<string, T>): Promise<void> {
  const { l2, clock, keyOf, tagsOf } = context;
  const wanted = [...values.keys()].map((id) => ({ key: keyOf(id), tags: tagsOf(id) }));
  const found = await Promise.all(l2.readMany(wanted));
  const now = clock.now();
  const isMissing = found.map(({ stored, generations }) => {
    if (stored.kind !== "value") return stored.kind !== "claim";
    return stored.generations !== generations || now >= stored.freshUntil;
  });
  await write(context, new Map([...values].filter((_value, index) => isMissing[index])));
}
