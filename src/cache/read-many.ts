import type { Clock } from "../platform/index.ts";
import { confirm, confirmedEntry } from "./confirm.ts";
import type { Fetcher, Wanted } from "./fetch.ts";
import type { KindContext } from "./kind-context.ts";
import { load } from "./load.ts";

/** Gets the values of several ids from their source. An id that the map lacks has no value. */
export type FetchMany<T> = (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>;

/**
 * Returns the values of several ids. Those that L1 lacks are read with one command; those that Redis lacks too are claimed in
 * one round trip and fetched with one call of `fetchMany`.
 */
export async function readMany<T>(
  context: KindContext<T>,
  ids: readonly string[],
  fetchMany?: FetchMany<T>,
): Promise<Map<string, T>> {
  const { l2, stats, clock, keyOf, tagsOf } = context;
  const values = new Map<string, T | undefined>();
  const fetcherOf = fetchMany && createBatch(fetchMany, clock);
  const wanted: (Wanted<T> & { id: string })[] = [];
  const hearing = confirm(context, ids.map(keyOf));
  const failed = hearing && (await hearing);
  for (const id of new Set(ids)) {
    const local = confirmedEntry(context, keyOf(id));
    if (local) {
      stats.localHits += 1;
      values.set(id, (local.copy ? local.copy() : local.value) as T | undefined);
    } else wanted.push({ id, key: keyOf(id), tags: tagsOf(id), fetcher: fetcherOf?.(id) });
  }
  if (wanted.length > 0) {
    const readings = failed ? [] : l2.readMany(wanted);
    const readingOf = (index: number) => (failed ? Promise.reject(failed.error) : readings[index]);
    await Promise.all(
      wanted.map(async (one, index) => values.set(one.id, (await load(context, one, readingOf(index))).value)),
    );
  }
  return present(values);
}

// --- Internal helpers ---

/** Leaves out what is absent. */
function present<T>(values: ReadonlyMap<string, T | undefined>): Map<string, T> {
  const found = new Map<string, T>();
  for (const [id, value] of values) if (value !== undefined) found.set(id, value);
  return found;
}

/** Turns the fetchers that are called in the same turn, since their claims came back together, into one call. */
function createBatch<T>(fetchMany: FetchMany<T>, clock: Pick<Clock, "sleep">): (id: string) => Fetcher<T> {
  let asked: string[] = [];
  let batch: Promise<ReadonlyMap<string, T>> | undefined;
  return (id) => async () => {
    asked.push(id);
    batch ??= clock.sleep(0).then(() => {
      const ids = asked;
      asked = [];
      batch = undefined;
      return fetchMany(ids);
    });
    return (await batch).get(id);
  };
}
