import { describe, expect, it } from "vitest";
import {
  cacheKind,
  createCache,
  createCacheState,
  type Invalidation,
  type InvalidationBus,
} from "../../../src/cache/index.ts";
import { createConnection, createRedisState } from "../../../src/redis/index.ts";
import { createDatabase, type Database } from "../../support/database.ts";
import { base } from "./support.ts";

/** An isolate's end of a bus. */
export interface BusEnd {
  bus: InvalidationBus;
  /** Calls `apply` for the other isolates' invalidations, `missed` when some were lost. Returns a function that ends it. */
  subscribe(apply: (invalidation: Invalidation) => void, missed: () => void): () => void;
  /** Delivers what was published so far. */
  deliver(): Promise<void>;
}

export interface BusUnderTest {
  /** Connects an isolate of that name. It receives what is published from now on. */
  connect(isolate: string): Promise<BusEnd>;
  /** Loses what is published and not delivered. */
  lose(): Promise<void>;
}

/** The conformance suite of `InvalidationBus`: each implementation passes it. */
export function testInvalidationBus(name: string, createBus: (database: Database) => BusUnderTest): void {
  /** Two isolates, and what each applied. */
  async function createPair() {
    const bus = createBus(createDatabase());
    const isolates = [];
    for (const isolate of ["one", "two"]) {
      const end = await bus.connect(isolate);
      const applied: Invalidation[] = [];
      const misses = { count: 0 };
      const unsubscribe = end.subscribe(
        (invalidation) => void applied.push(invalidation),
        () => void (misses.count += 1),
      );
      isolates.push({ ...end, applied, misses, unsubscribe, names: () => applied.flatMap(({ names }) => names) });
    }
    const [one, two] = isolates;
    if (!one || !two) throw new Error("a bus without ends");
    return { bus, one, two };
  }

  describe(name, () => {
    it("carries invalidations to the other isolates, each once and in order", async () => {
      const { one, two } = await createPair();
      await one.bus.publish({ names: ["guild:7"] });
      await one.bus.publish({ names: ["t:c:user:1", "user"] });
      await two.deliver();
      await two.deliver();
      expect(two.applied).toEqual([{ names: ["guild:7"] }, { names: ["t:c:user:1", "user"] }]);
      expect(two.misses.count).toBe(0);
    });

    it("does not carry an isolate's invalidations back to it", async () => {
      const { one } = await createPair();
      await one.bus.publish({ names: ["guild:7"] });
      await one.deliver();
      expect(one.applied).toEqual([]);
    });

    it("carries a thousand names, whether in one message or in several", async () => {
      const { one, two } = await createPair();
      const names = Array.from({ length: 1_000 }, (_, index) => `t:c:user:${index}`);
      await one.bus.publish({ names });
      await two.deliver();
      expect(two.names().toSorted()).toEqual(names.toSorted());
    });

    it("carries names of any text", async () => {
      const { one, two } = await createPair();
      const names = ['t:c:user:"a b"', "t:c:user:*", "guild:梅琳 🌊", ""];
      await one.bus.publish({ names });
      await two.deliver();
      expect(two.names()).toEqual(names);
    });

    it("tells a subscriber that invalidations were lost, at the latest with the next one", async () => {
      const { bus, one, two } = await createPair();
      await one.bus.publish({ names: ["guild:7"] });
      await bus.lose();
      await one.bus.publish({ names: ["guild:8"] });
      await two.deliver();
      expect([two.names(), two.misses.count]).toEqual([["guild:8"], 1]);
    });

    it("delivers nothing after the subscription has ended", async () => {
      const { one, two } = await createPair();
      two.unsubscribe();
      await one.bus.publish({ names: ["guild:7"] });
      await two.deliver();
      expect(two.applied).toEqual([]);
    });

    it("lets a cache stop serving from L1 what another cache invalidated", async () => {
      const database = createDatabase();
      const bus = createBus(database);
      const user = cacheKind<string>({ ...base, ttlMs: 600_000, localMs: 600_000, tagsOf: () => ["guild:7"] });
      const background: Promise<unknown>[] = [];
      async function createCachingIsolate(isolate: string) {
        const end = await bus.connect(isolate);
        const { url, token } = database;
        const connection = createConnection({ url, token, state: createRedisState() });
        const state = createCacheState();
        const cache = createCache({
          state,
          redis: () => connection.commands,
          prefix: "t:",
          waitUntil: (work) => void background.push(work),
          bus: end.bus,
        });
        end.subscribe(cache.apply, () => state.entries.clear());
        return { cache, users: cache.of(user), deliver: end.deliver };
      }
      const [one, two] = [await createCachingIsolate("one"), await createCachingIsolate("two")];
      const settled = async () => {
        while (background.length > 0) await background.shift();
      };
      for (const forget of [
        () => one.users.delete("1"),
        () => one.users.clear(),
        () => one.cache.invalidate("guild:7"),
        () => one.cache.clear(),
        () => one.users.clear("1*"),
      ]) {
        await two.users.set("1", "Ada");
        await forget();
        await settled();
        expect(await two.users.get("1")).toBe("Ada");
        await two.deliver();
        expect(await two.users.get("1")).toBeUndefined();
      }
    });
  });
}
