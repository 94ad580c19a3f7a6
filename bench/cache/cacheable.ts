import { Redis } from "@upstash/redis";
import { Cacheable } from "cacheable";
import { Keyv, type KeyvStoreAdapter } from "keyv";
import { type Contender, notThere, ttlMs } from "./contender.ts";

/** Keyv over the same REST API. */
function createAdapter(redis: Redis): KeyvStoreAdapter {
  return {
    opts: {},
    on: () => {},
    get: async <T>(key: string) => ((await redis.get<string>(key)) ?? undefined) as T,
    getMany: async <T>(keys: string[]) =>
      (await redis.mget<(string | null)[]>(...keys)).map((one) => one ?? undefined) as T[],
    set: (key: string, value: string, ttl?: number) => redis.set(key, value, ttl ? { px: ttl } : {}),
    delete: async (key: string) => (await redis.unlink(key)) > 0,
    async clear() {
      const keys = await redis.keys("keyv:*");
      if (keys.length > 0) await redis.unlink(...keys);
    },
  } as unknown as KeyvStoreAdapter;
}

export const cacheables: Contender = {
  name: "cacheable",
  open(url, token) {
    const redis = new Redis({ url, token, automaticDeserialization: false, enableTelemetry: false });
    const cache = new Cacheable({ secondary: new Keyv({ store: createAdapter(redis) }), ttl: ttlMs });
    const setMany = (values: ReadonlyMap<string, string>) =>
      Promise.all([...values].map(([key, value]) => cache.set(key, value, ttlMs)));
    return {
      get: (key, fetcher) => cache.getOrSet(key, fetcher, { ttl: ttlMs }),
      getTagged: async () => notThere(),
      getMany: (ids) => cache.getMany([...ids]),
      setMany,
      setManyPlain: setMany,
      clear: () => cache.clear(),
      settled: async () => {},
    };
  },
};
