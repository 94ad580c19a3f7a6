import { expect, it } from "vitest";
import { createConnection, createRedisState } from "../../../src/redis/index.ts";
import { createDatabase } from "../../support/database.ts";
import { createFetcher, createTestIsolate } from "./support.ts";

it("does not keep in L1 what stood there when it came to claim, if all was forgotten since it read", async () => {
  const database = createDatabase();
  const other = createTestIsolate({ database });
  const { commands } = createConnection({ url: database.url, token: database.token, state: createRedisState() });
  const policy = { name: "thing", ttlMs: 60_000 };
  let isFirst = true;
  const isolate = createTestIsolate({
    database,
    redis: () =>
      new Proxy(commands, {
        get: (target, name) =>
          name !== "mget" || !isFirst
            ? Reflect.get(target, name)
            : async (...keys: string[]) => {
                isFirst = false;
                const nothing = await target.mget(...keys);
                // While the answer is under way another isolate fills it, and then this one forgets all.
                await other.invocation().namespace(policy).set("a", "old");
                await isolate.invocation().namespace(policy).clear();
                return nothing;
              },
      }),
  });
  const { fetcher } = createFetcher("new");
  await isolate.invocation().namespace<string>(policy).get("a", fetcher);
  await isolate.settled();
  expect(await isolate.invocation().namespace<string>(policy).get("a", fetcher)).toBe("new");
});
