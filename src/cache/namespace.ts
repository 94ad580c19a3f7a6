import type { Host } from "./context.ts";
import { type Entry, entryOf } from "./entry.ts";
import { writeEnvelope } from "./envelope.ts";
import { everything } from "./keys.ts";
import { type CacheStats, hitRate, invalidateLocally, statsOf } from "./l1.ts";
import { createShelf, joined } from "./l2.ts";
import { createLoader, type Fetcher, isRedisError, type Wanted } from "./loader.ts";
import { defaultPolicy, type Policy } from "./policy.ts";
import { scanAndUnlink } from "./scan.ts";

export interface NamespaceOptions<T> extends Partial<Policy<T>> {
  /** Letters, digits, `-` and `_`; the middle of every key. */
  name: string;
  ttlMs: number;
  /** What else an entry belongs to, such as its guild: `invalidate` of that takes it along. */
  tagsOf?(id: string): readonly string[];
}

/** Values of one kind, by id. Costs are commands / round trips. */
export interface Namespace<T> {
  /**
   * The value, fetched when nobody has it. L1 hit 0, Redis hit 1/1, miss and fill 2/2, 3/3 when tagged; the fill is behind the
   * answer. Rejects only with what the fetcher throws, `CacheTimeoutError`, `CacheFetchFailedError` and `CacheBusyError`; with
   * a copy in its grace it does not.
   */
  get(id: string, fetcher: Fetcher<T>): Promise<T | undefined>;
  get(id: string): Promise<T | undefined>;
  /** The same, with where it came from and its age. */
  read(id: string, fetcher?: Fetcher<T>): Promise<Entry<T>>;
  /** All of them: one MGET, and one call of the fetcher for those that nobody has. 1/1 when Redis has them all. */
  getMany(
    ids: readonly string[],
    fetchMany?: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>,
  ): Promise<Map<string, T>>;
  /** Overwrites. 1/1, 2/2 when tagged. */
  set(id: string, value: T): Promise<void>;
  /** n/1, n + 1 in 2 when tagged. */
  setMany(values: ReadonlyMap<string, T>): Promise<void>;
  /**
   * What is known by the way: into L1, 0 commands. The function given back shares it under `waitUntil`, where Redis has it not
   * or not fresh: 1/1, and n/1 for what is missing.
   */
  learn(values: ReadonlyMap<string, T>): () => void;
  /** Forgets one, here and in Redis, and a fill that is under way. 1/1, and 1 for the bus. True when there was one. */
  delete(id: string): Promise<boolean>;
  /** 0 or 1/1. Absence that is remembered does not exist. */
  exists(id: string): Promise<boolean>;
  /** Counts in Redis alone, in a key of its own. 1/1, 2/1 with a life. */
  increment(id: string, by?: number, ttlMs?: number): Promise<number>;
  /** Gives an entry another life in Redis. 1/1. False when there is none. */
  expire(id: string, ttlMs: number): Promise<boolean>;
  /** Forgets all of the namespace: 1/1. With a pattern those ids that match, in pages; says how many. */
  clear(): Promise<void>;
  clear(pattern: string): Promise<number>;
  stats(): CacheStats & { hitRate: number };
}

export function createNamespace<T>(host: Host, { name, tagsOf, ...options }: NamespaceOptions<T>): Namespace<T> {
  const policy = { ...(defaultPolicy as Policy<T>), ...options };
  const stats = statsOf(host.state, name);
  const shelf = createShelf(host, policy);
  const loader = createLoader(host, name, policy, shelf, stats);
  /** Loads of this invocation, so that a hundred callers are one. */
  const loading = new Map<string, Promise<Entry<T>>>();

  const base = host.keys.entry(name, "");
  const keyOf = (id: string) => base + id;
  const tags = (id: string) => (policy.isTagged ? [everything, name, ...(tagsOf?.(id) ?? [])] : []);

  async function read(id: string, fetcher?: Fetcher<T>): Promise<Entry<T>> {
    const key = keyOf(id);
    const near = loader.local(key);
    if (near) {
      stats.localHits += 1;
      return entryOf<T>(near, "L1", host.now());
    }
    const under = loading.get(key);
    if (under) return under;
    const load = loader.load({ key, tags: tags(id), fetcher }).finally(() => loading.delete(key));
    loading.set(key, load);
    return load;
  }

  /** Generations as they are now, for what is written without having been read. */
  async function generationsOf(ids: readonly string[]): Promise<string[]> {
    if (!policy.isTagged) return ids.map(() => "");
    const names = [...new Set(ids.flatMap(tags))];
    const replies = await host.redis().mget<(string | null)[]>(...names.map(host.keys.generation));
    const known = new Map(names.map((tag, index) => [tag, replies[index] ?? null]));
    return ids.map((id) => joined(tags(id).map((tag) => known.get(tag) ?? null)));
  }

  async function setMany(values: ReadonlyMap<string, T>): Promise<void> {
    const ids = [...values.keys()];
    const { sequence } = host.state;
    const storedAt = host.now();
    const generations = await generationsOf(ids);
    await Promise.all(
      ids.map((id, index) => {
        const fetched = { storedAt, fetchMs: 0, generations: generations[index] ?? "", sequence };
        const envelope = loader.keep(keyOf(id), tags(id), values.get(id), fetched);
        const px = Math.max(1, Math.ceil(envelope.serveUntil - storedAt));
        return host.redis().set(keyOf(id), writeEnvelope(envelope, policy.serializer), { px });
      }),
    );
  }

  function forget(...names: readonly string[]): void {
    for (const one of names) invalidateLocally(host.state, one);
    const { bus } = host;
    if (bus) host.waitUntil(bus.publish({ names }));
  }

  async function getMany(
    ids: readonly string[],
    fetchMany?: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>,
  ): Promise<Map<string, T>> {
    const values = new Map<string, T>();
    const put = (id: string, entry: Entry<T>) => entry.value !== undefined && values.set(id, entry.value);
    const missing = [...new Set(ids)].filter((id) => {
      const near = loader.local(keyOf(id));
      if (!near) return true;
      stats.localHits += 1;
      put(id, entryOf<T>(near, "L1", host.now()));
      return false;
    });
    if (missing.length === 0) return values;
    const fetcherOf = fetchMany && collect(fetchMany, host.sleep);
    const wantedOf = (id: string): Wanted<T> => ({ key: keyOf(id), tags: tags(id), fetcher: fetcherOf?.(id) });
    const began = { readAt: host.now(), sequence: host.state.sequence };
    const entries = await shelf.readMany(missing.map(keyOf), missing.map(tags)).then(
      (found) =>
        missing.map((id, index) => {
          const one = found[index] ?? { stored: { kind: "nothing" as const }, generations: "" };
          return loader.settle(wantedOf(id), one, began).catch((error: unknown) => {
            if (!isRedisError(error)) throw error;
            return loader.withoutRedis(wantedOf(id), error);
          });
        }),
      (error: unknown) => missing.map((id) => loader.withoutRedis(wantedOf(id), error)),
    );
    for (const [index, entry] of (await Promise.all(entries)).entries()) put(missing[index] ?? "", entry);
    return values;
  }

  async function clear(): Promise<void>;
  async function clear(pattern: string): Promise<number>;
  async function clear(pattern?: string): Promise<number | void> {
    if (pattern !== undefined) {
      const { count, keys } = await scanAndUnlink(host.redis(), keyOf(pattern));
      forget(...keys);
      return count;
    }
    if (!policy.isTagged) {
      const { keys } = await scanAndUnlink(host.redis(), keyOf("*"));
      return forget(...keys);
    }
    await host.redis().incr(host.keys.generation(name));
    forget(name);
  }

  return {
    // Not through read(): most reads end here, and are to cost no more than a look into a Map.
    async get(id: string, fetcher?: Fetcher<T>) {
      const near = loader.local(keyOf(id));
      if (!near) return (await read(id, fetcher)).value;
      stats.localHits += 1;
      return near.value as T | undefined;
    },
    read,
    getMany,
    set: (id, value) => setMany(new Map([[id, value]])),
    setMany,
    learn(values) {
      const fresh = new Map([...values].filter(([id]) => !loader.local(keyOf(id))));
      if (fresh.size === 0) return () => {};
      const fetched = { storedAt: host.now(), fetchMs: 0, generations: "", sequence: host.state.sequence };
      for (const [id, value] of fresh) loader.keep(keyOf(id), tags(id), value, fetched);
      return () =>
        host.waitUntil(
          learnInRedis(fresh).catch((error: unknown) => host.report({ type: "redis-failed", namespace: name, error })),
        );
    },
    async delete(id) {
      const count = await host.redis().unlink(keyOf(id));
      forget(keyOf(id));
      return count > 0;
    },
    async exists(id) {
      return (await read(id)).value !== undefined;
    },
    async increment(id, by = 1, ttlMs) {
      const key = host.keys.counter(name, id);
      const [count] = await Promise.all([
        host.redis().incrby(key, by),
        ...(ttlMs === undefined ? [] : [host.redis().pexpire(key, ttlMs)]),
      ]);
      return count;
    },
    async expire(id, ttlMs) {
      return (await host.redis().pexpire(keyOf(id), ttlMs)) === 1;
    },
    clear,
    stats: () => ({ ...stats, hitRate: hitRate(stats) }),
  };

  /** Writes what Redis does not have, or has past its freshness. */
  async function learnInRedis(values: ReadonlyMap<string, T>): Promise<void> {
    const ids = [...values.keys()];
    const found = await shelf.readMany(ids.map(keyOf), ids.map(tags));
    const now = host.now();
    const missing = ids.filter((_id, index) => {
      const { stored, generations } = found[index] ?? { stored: { kind: "nothing" as const }, generations: "" };
      return (
        !(stored.kind === "value" && stored.generations === generations && now < stored.freshUntil) &&
        stored.kind !== "claim"
      );
    });
    if (missing.length > 0)
      await setMany(new Map(missing.flatMap((id) => (values.has(id) ? [[id, values.get(id) as T]] : []))));
  }
}

/** Fetchers whose calls become one: those that ask in the same turn, since their claims came back in one round trip. */
function collect<T>(
  fetchMany: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>,
  sleep: (ms: number) => Promise<void>,
): (id: string) => Fetcher<T> {
  let asked: string[] = [];
  let batch: Promise<ReadonlyMap<string, T>> | undefined;
  return (id) => async () => {
    asked.push(id);
    batch ??= sleep(0).then(() => {
      const ids = asked;
      asked = [];
      batch = undefined;
      return fetchMany(ids);
    });
    return (await batch).get(id);
  };
}
