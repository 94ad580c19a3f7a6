import { Redis } from "@upstash/redis";
import { BentoCache, bentostore } from "bentocache";
import { memoryDriver } from "bentocache/drivers/memory";
import { type Contender, ttlMs } from "./contender.ts";

/** A driver for bentocache's second level, over the same REST API; it brings none. */
function createDriver(redis: Redis, prefix: string) {
  const name = (key: string) => `${prefix}:${key}`;
  return {
    type: "l2" as const,
    namespace: (inner: string) => createDriver(redis, name(inner)),
    get: async (key: string) => (await redis.get<string>(name(key))) ?? undefined,
    pull: async (key: string) => (await redis.getdel<string>(name(key))) ?? undefined,
    async set(key: string, value: string, ttl?: number) {
      await redis.set(name(key), value, ttl ? { px: Math.ceil(ttl) } : {});
      return true;
    },
    async clear() {
      let cursor = "0";
      do {
        const [next, keys] = await redis.scan(cursor, { match: `${prefix}:*`, count: 500 });
        cursor = next;
        if (keys.length > 0) await redis.unlink(...keys);
      } while (cursor !== "0");
    },
    delete: async (key: string) => (await redis.unlink(name(key))) > 0,
    deleteMany: async (keys: string[]) => (await redis.unlink(...keys.map(name))) > 0,
    disconnect: async () => {},
  };
}

export const bento: Contender = {
  name: "bentocache",
  open(url, token) {
    const redis = new Redis({ url, token, automaticDeserialization: false, enableTelemetry: false });
    const store = bentostore()
      .useL1Layer(memoryDriver({ maxItems: 10_000 }))
      .useL2Layer({ options: {}, factory: () => createDriver(redis, "bento") });
    const cache = new BentoCache({ default: "main", stores: { main: store }, ttl: ttlMs });
    const setMany = (values: ReadonlyMap<string, string>) =>
      Promise.all([...values].map(([key, value]) => cache.set({ key, value })));
    return {
      get: (key, factory) => cache.getOrSet({ key, factory }),
      getTagged: (key, factory) => cache.getOrSet({ key, factory, tags: ["one", "two", "three"] }),
      getMany: (ids) => Promise.all(ids.map((key) => cache.get({ key }))),
      setMany,
      setManyPlain: setMany,
      clear: () => cache.clear(),
      settled: async () => {},
    };
  },
};
