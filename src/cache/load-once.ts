import { confirmedEntry, type Failed } from "./confirm.ts";
import { type Entry, entryOf } from "./entry.ts";
import { isFetchable, type Wanted } from "./fetch.ts";
import type { KindContext } from "./kind-context.ts";
import type { LocalEntry } from "./l1.ts";
import { load } from "./load.ts";

/**
 * Loads an entry, once for all invocations of the isolate that want it: while one loads it, the others wait for its L1 entry.
 * They share plain data, no promise. `failed` says that Redis did not answer a moment ago. Throws what `load` throws.
 * Cost: that of `load`; 0 commands for an invocation that waits.
 */
export async function loadOnce<T>(context: KindContext<T>, wanted: Wanted<T>, failed?: Failed): Promise<Entry<T>> {
  const loadNow = () => load(context, wanted, failed && Promise.reject(failed.error));
  // A read without a fetcher is one command, and may answer before any fetch does.
  if (!isFetchable(wanted)) return loadNow();
  const { state, stats, clock } = context;
  const { key } = wanted;
  // The first takes its mark in this turn, so that the next finds it.
  const others = state.loading.get(key);
  const local = others && (await waitForLocal(context, key, others));
  if (local) {
    stats.localHits += 1;
    return entryOf<T>(local, "L1", clock.now());
  }
  const mark = { endsBy: clock.now() + longestMs };
  state.loading.set(key, mark);
  try {
    return await loadNow();
  } finally {
    if (state.loading.get(key) === mark) state.loading.delete(key);
  }
}

// --- Internal helpers ---

/** How long an invocation waits for another of its isolate, which may have died. */
const longestMs = 1_000;

/** Waits while another invocation loads a key. Returns what that put into L1, if it did. */
async function waitForLocal<T>(
  context: KindContext<T>,
  key: string,
  mark: { endsBy: number },
): Promise<LocalEntry | undefined> {
  const { state, clock } = context;
  for (let waitedMs = 0; waitedMs < longestMs; ) {
    if (mark !== state.loading.get(key) || mark.endsBy < clock.now()) return undefined;
    const sleepMs = Math.max(5, waitedMs / 4) * (0.75 + clock.random() / 2);
    await clock.sleep(sleepMs);
    waitedMs += sleepMs;
    const local = confirmedEntry(context, key);
    if (local) return local;
  }
  return undefined;
}
