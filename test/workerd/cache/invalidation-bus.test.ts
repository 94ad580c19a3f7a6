import { expect, it } from "vitest";
import { cacheKind, type Invalidation } from "../../../src/cache/index.ts";
import { channels, invalidationHandler, invalidationsOn } from "../../../src/pubsub/index.ts";
import type { Database } from "../../support/database.ts";
import { createTestIsolate as createPubsubIsolate } from "../pubsub/support.ts";
import { type BusUnderTest, testInvalidationBus } from "./invalidation-bus.ts";
import { base, createTestIsolate } from "./support.ts";

testInvalidationBus("a bus in memory", createMemoryBus);
testInvalidationBus("invalidations on pubsub", createPubsubBus);

it("publishes each invalidation of a cache once, and none that the cache applies", async () => {
  const published: unknown[] = [];
  const isolate = createTestIsolate({
    bus: { publish: async (invalidation) => void published.push(invalidation.names) },
  });
  const cache = isolate.invocation();
  const users = cache.of(cacheKind<string>(base));
  await users.delete("1");
  await users.clear();
  await cache.invalidate("guild:7");
  cache.apply({ names: ["guild:8"] });
  expect(published).toEqual([["t:c:user:1"], ["user"], ["guild:7"]]);
});

/** The smallest bus: isolates in one process. */
function createMemoryBus(): BusUnderTest {
  interface Inbox {
    from: string;
    waiting: Invalidation[];
    hasLost: boolean;
  }
  const inboxes: Inbox[] = [];
  return {
    async connect(isolate) {
      const inbox: Inbox = { from: isolate, waiting: [], hasLost: false };
      inboxes.push(inbox);
      let subscriber: { apply(invalidation: Invalidation): void; missed(): void } | undefined;
      return {
        bus: {
          async publish(invalidation) {
            for (const { from, waiting } of inboxes) if (from !== isolate) waiting.push(invalidation);
          },
        },
        subscribe(apply, missed) {
          subscriber = { apply, missed };
          return () => void (subscriber = undefined);
        },
        async deliver() {
          if (inbox.hasLost) subscriber?.missed();
          inbox.hasLost = false;
          for (const invalidation of inbox.waiting.splice(0)) subscriber?.apply(invalidation);
        },
      };
    },
    async lose() {
      for (const inbox of inboxes) if (inbox.waiting.splice(0).length > 0) inbox.hasLost = true;
    },
  };
}

function createPubsubBus(database: Database): BusUnderTest {
  return {
    async connect(isolate) {
      let subscriber: { apply(invalidation: Invalidation): void; missed(): void } | undefined;
      const pubsub = createPubsubIsolate({
        database,
        source: isolate,
        isolateHandlers: {
          [channels.invalidations]: invalidationHandler(isolate, (invalidation) => subscriber?.apply(invalidation)),
        },
        report: ({ type }) => void (type === "gap" && subscriber?.missed()),
      }).invocation();
      // The place on the bus from which it reads.
      await pubsub.poll();
      return {
        bus: invalidationsOn(pubsub),
        subscribe(apply, missed) {
          subscriber = { apply, missed };
          return () => void (subscriber = undefined);
        },
        async deliver() {
          while ((await pubsub.poll()).hasMore);
        },
      };
    },
    lose: async () => void (await database.raw("XTRIM", "t:b:main", "MAXLEN", 0)),
  };
}
