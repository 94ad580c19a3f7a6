import { confirm, confirmedEntry } from "./confirm.ts";
import type { CacheContext } from "./context.ts";
import { type Entry, entryOf } from "./entry.ts";
import { expire } from "./expire.ts";
import type { Fetcher } from "./fetch.ts";
import { forget, forgetMatching, forgetTag } from "./forget.ts";
import type { CacheKind } from "./kind.ts";
import { createKindContext } from "./kind-context.ts";
import { loadOnce } from "./load-once.ts";
import { type FetchMany, readMany } from "./read-many.ts";
import { remember } from "./remember.ts";
import { type CacheStats, hitRate } from "./stats.ts";
import { write } from "./write.ts";

/** The entries of one kind, by id, for one invocation. */
export interface Namespace<T> {
  /**
   * Returns a value: from the isolate's memory (L1), from Redis (L2), or from the fetcher, which fills both. Of all isolates
   * that miss at once, one fetches. `undefined`: there is no value, or no isolate has it and no fetcher was given. The value is
   * as its serializer parses it, wherever it comes from; plain data is frozen, as other readers get it too.
   *
   * Throws what the fetcher throws, `CacheTimeoutError`, `CacheFetchFailedError` and `CacheBusyError`, but not while there is a
   * value in its grace. Without a fetcher, throws a `RedisError` when Redis does not answer.
   *
   * @example
   * const today = await cache.of(weather).get("oslo", () => fetchWeather("oslo"));
   *
   * Cost: 0 commands from L1, 1 command, 1 round trip when nothing was heard for 5 s; 1 command, 1 round trip from Redis; 3
   * commands, 3 round trips for a miss and fill, 2 commands, 2 round trips without tags, the last one after the answer.
   */
  get(id: string, fetcher?: Fetcher<T>): Promise<T | undefined>;
  /**
   * Returns what `get` does, with where the value came from and its age.
   *
   * @example
   * const { value, source, ageMs } = await cache.of(weather).read("oslo", () => fetchWeather("oslo"));
   *
   * Cost: as `get`.
   */
  read(id: string, fetcher?: Fetcher<T>): Promise<Entry<T>>;
  /**
   * Returns the values of several ids, without those that have none. `fetchMany` is called once for all that no isolate has.
   *
   * @example
   * const forecasts = await cache.of(weather).getMany(["oslo", "bergen"], fetchWeatherOfCities);
   *
   * Cost: 1 command, 1 round trip when Redis has them all; for n missing ones 2n commands, 2 round trips more.
   */
  getMany(ids: readonly string[], fetchMany?: FetchMany<T>): Promise<Map<string, T>>;
  /**
   * Returns whether there is a value, without fetching it.
   *
   * Cost: 0 commands from L1, as `get`, else 1 command, 1 round trip.
   */
  exists(id: string): Promise<boolean>;
  /**
   * Overwrites a value, in Redis and in every isolate, and discards a read or fetch of an older one that is under way.
   *
   * @example
   * await cache.of(weather).set("oslo", { degrees: 7 });
   *
   * Cost: 2 commands, 2 round trips; 1 command, 1 round trip without tags; and 1 command for the bus.
   */
  set(id: string, value: T): Promise<void>;
  /**
   * Overwrites several values, as `set` does.
   *
   * Cost: for n values n + 1 commands, 2 round trips; n commands, 1 round trip without tags; and 1 command for the bus.
   */
  setMany(values: ReadonlyMap<string, T>): Promise<void>;
  /**
   * Puts values that the caller happens to have, from an interaction say, into L1. Returns a function that shares them with
   * other isolates after the answer: it writes those that Redis lacks, or has past their freshness.
   *
   * Cost: 0 commands; to share n values, 1 command, 1 round trip, and for those that Redis lacks what `setMany` costs.
   */
  remember(values: ReadonlyMap<string, T>): () => void;
  /**
   * Forgets a value, in Redis and in every isolate, and discards a fetch that is under way. Returns whether there was one.
   *
   * @example
   * await cache.of(weather).delete("oslo");
   *
   * Cost: 1 command, 1 round trip, and 1 command for the bus.
   */
  delete(id: string): Promise<boolean>;
  /**
   * Forgets every entry of the kind, in Redis and in every isolate.
   *
   * @example
   * await cache.of(weather).clear();
   *
   * Cost: 1 command, 1 round trip, and 1 command for the bus. Without tags, as `clear(pattern)`.
   */
  clear(): Promise<void>;
  /**
   * Deletes the entries whose ids match a glob pattern, and returns how many there were.
   *
   * @example
   * const count = await cache.of(weather).clear("no:*");
   *
   * Cost: 1 command and 1 round trip for each 500 keys of the database, twice that where one matches.
   */
  clear(pattern: string): Promise<number>;
  /**
   * Adds to a counter, in Redis alone, and returns its new value. Counters have ids of their own beside the entries. `ttlMs`
   * starts its life anew; without one it keeps the life it has, or lives without expiry.
   *
   * @example
   * const visits = await cache.of(weather).increment("visits", 1, 86_400_000);
   *
   * Cost: 1 command, 1 round trip; 2 commands, 1 round trip with a life.
   */
  increment(id: string, by?: number, ttlMs?: number): Promise<number>;
  /**
   * Gives a value another life, shorter or longer: it is fresh for `ttlMs` milliseconds from now, and has its grace after that,
   * in Redis and in every isolate. Returns `false` when there is no entry.
   *
   * @example
   * const isKept = await cache.of(weather).expire("oslo", 60_000);
   *
   * Cost: 2 commands, 2 round trips, and 1 command for the bus.
   */
  expire(id: string, ttlMs: number): Promise<boolean>;
  /** Returns what this isolate counted for the kind. Cost: 0 commands. */
  stats(): CacheStats & { hitRate: number };
}

export function createNamespace<T>(shared: CacheContext, kind: CacheKind<T>): Namespace<T> {
  const context = createKindContext(shared, kind);
  const { clock, keys, redis, stats, keyOf, tagsOf } = context;
  /** Loads of this invocation that are under way, so that concurrent callers share one. */
  const reading = new Map<string, Promise<Entry<T>>>();
  const fetching = new Map<string, Promise<Entry<T>>>();

  async function read(id: string, fetcher?: Fetcher<T>): Promise<Entry<T>> {
    const key = keyOf(id);
    const hearing = confirm(context, [key]);
    const failed = hearing && (await hearing);
    const local = confirmedEntry(context, key);
    if (local) {
      stats.localHits += 1;
      return entryOf<T>(local, "L1", clock.now());
    }
    // A caller with a fetcher does not join a read without one, which would find no value where it could fetch one.
    const underWay = fetching.get(key) ?? (fetcher ? undefined : reading.get(key));
    if (underWay) return ownCopy(key, await underWay);
    const own = fetcher ? fetching : reading;
    const wanted = { key, tags: tagsOf(id), fetcher };
    const loading = loadOnce(context, wanted, failed).finally(() => own.delete(key));
    own.set(key, loading);
    return loading;
  }

  /** Concurrent callers share a load, but no value that one of them could change. */
  function ownCopy(key: string, entry: Entry<T>): Entry<T> {
    const local = confirmedEntry(context, key);
    return local?.copy ? { ...entry, value: local.copy() as T } : { ...entry };
  }

  async function clear(): Promise<void>;
  async function clear(pattern: string): Promise<number>;
  async function clear(pattern?: string): Promise<number | void> {
    if (pattern !== undefined) return forgetMatching(context, keyOf(""), pattern);
    if (kind.isTagged) return forgetTag(context, kind.name);
    await forgetMatching(context, keyOf(""), "*");
  }

  return {
    // Not through `read`: most reads end here, and cost no more than a look into a Map.
    async get(id, fetcher) {
      const local = confirmedEntry(context, keyOf(id));
      if (!local) return (await read(id, fetcher)).value;
      stats.localHits += 1;
      return (local.copy ? local.copy() : local.value) as T | undefined;
    },
    read,
    getMany: (ids, fetchMany) => readMany(context, ids, fetchMany),
    exists: async (id) => (await read(id)).value !== undefined,
    set: (id, value) => write(context, new Map([[id, value]])),
    setMany: (values) => write(context, values),
    remember: (values) => remember(context, values),
    async delete(id) {
      const key = keyOf(id);
      return (await forget(context, [key], redis().unlink(key))) > 0;
    },
    clear,
    async increment(id, by = 1, ttlMs) {
      const key = keys.counter(kind.name, id);
      const [count] = await Promise.all([
        redis().incrby(key, by),
        ...(ttlMs === undefined ? [] : [redis().pexpire(key, ttlMs)]),
      ]);
      return count;
    },
    expire: (id, ttlMs) => expire(context, id, ttlMs),
    stats: () => ({ ...stats, hitRate: hitRate(stats) }),
  };
}
