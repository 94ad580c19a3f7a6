import { expect, it } from "vitest";
import { cacheKind, createCache, createCacheState } from "../../../src/cache/index.ts";
import { systemClock } from "../../../src/platform/index.ts";
import { channels, invalidationHandler, invalidationsOn } from "../../../src/pubsub/index.ts";
import { createFakeClock } from "../../support/clock.ts";
import { createDatabase } from "../../support/database.ts";
import { createTestIsolate } from "./support.ts";

const user = cacheKind<string>({ name: "user", ttlMs: 600_000, localMs: 600_000, earliness: 0 });

/** Makes an isolate whose cache applies the invalidations of other isolates. */
function createCachingIsolate(database: ReturnType<typeof createDatabase>, source: string, clock = systemClock) {
  const applied: unknown[] = [];
  const isolate = createTestIsolate({
    database,
    source,
    isolateHandlers: {
      [channels.invalidations]: invalidationHandler(source, (invalidation) => {
        applied.push(invalidation);
        cache.apply(invalidation);
      }),
    },
    onMissed: () => cache.missed(),
    clock,
  });
  const pubsub = isolate.invocation();
  const connection = isolate.connect();
  const background: Promise<unknown>[] = [];
  const cache = createCache({
    state: createCacheState(),
    redis: () => connection.commands,
    prefix: "t:",
    waitUntil: (work) => void background.push(work),
    bus: invalidationsOn(pubsub),
    hearing: pubsub,
    clock,
  });
  const users = cache.of(user);
  const settled = async () => {
    while (background.length > 0) await background.shift();
  };
  return { pubsub, cache, users, applied, settled };
}

it("applies another isolate's invalidations with the next poll, and skips its own", async () => {
  const database = createDatabase();
  const [one, two] = [createCachingIsolate(database, "one"), createCachingIsolate(database, "two")];
  await one.pubsub.publish("all", 0);
  await Promise.all([one.pubsub.poll(), two.pubsub.poll()]);
  for (const { users, settled } of [one, two]) {
    await users.get("1", async () => "Ada");
    await settled();
  }
  await one.users.delete("1");
  await one.settled();
  expect(await two.users.get("1", async () => "Grace")).toBe("Ada");
  expect(await database.cost(() => Promise.all([one.pubsub.poll(), two.pubsub.poll()]))).toEqual({
    requests: 2,
    XREAD: 2,
  });
  expect([one.applied, two.applied]).toEqual([[], [{ names: ["t:c:user:1"] }]]);
  expect(await two.users.get("1", async () => "Grace")).toBe("Grace");
  expect(await database.raw("XLEN", "t:b:main")).toBe(2);
});

it("serves nothing from L1 any longer that was read before invalidations were missed", async () => {
  const database = createDatabase();
  const clock = createFakeClock();
  const [one, two] = [createCachingIsolate(database, "one", clock), createCachingIsolate(database, "two", clock)];
  await one.pubsub.publish("all", 0);
  await two.pubsub.poll();
  await two.users.get("1", async () => "Ada");
  await two.settled();
  await one.users.delete("1");
  await one.settled();
  await one.pubsub.publish("all", 0);
  await database.raw("XTRIM", "t:b:main", "MAXLEN", 1);
  await clock.advance(5_000);
  expect(await two.users.get("1", async () => "Grace")).toBe("Grace");
  await two.settled();
  // A value that was read since is served from L1.
  await clock.advance(5_000);
  expect(await database.cost(() => two.users.get("1"))).toEqual({ requests: 1, XREAD: 1 });
});

it.each([
  [0, []],
  [200, [200]],
  [401, [200, 200, 1]],
])("publishes %i names in messages of %j", async (count, sizes) => {
  const published: unknown[][] = [];
  const publish = async (...message: unknown[]) => {
    published.push(message);
    return { id: "m", streamId: "1-0" };
  };
  const names = Array.from({ length: count }, (_, index) => `name ${index}`);
  await invalidationsOn({ publish }).publish({ names });
  expect(published.map(([channel, , options]) => [channel, options])).toEqual(
    sizes.map(() => ["cache.invalidations", { type: "invalidation" }]),
  );
  const pages = published.map(([, data]) => (data as { names: string[] }).names);
  expect([pages.map(({ length }) => length), pages.flat()]).toEqual([sizes, names]);
});

it.each([[null], ["t:c:user:1"], [{}], [{ names: "t:c:user:1" }], [{ names: ["a", 1] }], [[]]])(
  "does not apply %j, which is no invalidation",
  (data) => {
    const applied: unknown[] = [];
    const handler = invalidationHandler("one", (invalidation) => void applied.push(invalidation));
    const message = { id: "m", streamId: "1-0", channel: channels.invalidations, type: "invalidation", time: 0 };
    handler({ ...message, data, source: "two" }, { count: 1, isLast: false });
    handler({ ...message, data: { names: ["a"] }, source: "two" }, { count: 1, isLast: false });
    expect(applied).toEqual([{ names: ["a"] }]);
  },
);

it("fails to publish invalidations where the bus does", async () => {
  const publish = () => Promise.reject(new Error("no answer"));
  await expect(invalidationsOn({ publish }).publish({ names: ["a"] })).rejects.toThrow("no answer");
});
