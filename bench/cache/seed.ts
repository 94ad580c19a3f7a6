import { Redis } from "@upstash/redis";
import { type Contender, notThere, ttlMs } from "./contender.ts";

/** The cache of most bots: GET, and on a miss fetch and SET; KEYS and DEL to clear. */
export const seed: Contender = {
  name: "GET, SET, KEYS",
  open(url, token) {
    const redis = new Redis({ url, token, automaticDeserialization: false, enableTelemetry: false });
    const set = (id: string, value: string) => redis.set(`seed:${id}`, value, { px: ttlMs });
    const setMany = (values: ReadonlyMap<string, string>) =>
      Promise.all([...values].map(([id, value]) => set(id, value)));
    return {
      async get(id, fetcher) {
        const known = await redis.get<string>(`seed:${id}`);
        if (known !== null) return known;
        const value = await fetcher();
        await set(id, value);
        return value;
      },
      getTagged: async () => notThere(),
      getMany: (ids) => Promise.all(ids.map((id) => redis.get(`seed:${id}`))),
      setMany,
      setManyPlain: setMany,
      async clear() {
        const keys = await redis.keys("seed:*");
        return redis.del(...keys);
      },
      settled: async () => {},
    };
  },
};
