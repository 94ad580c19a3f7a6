import { expect, it } from "vitest";
import { cacheKind } from "../../../src/cache/index.ts";
import { createConnection, createRedisState } from "../../../src/redis/index.ts";
import { createDatabase } from "../../support/database.ts";
import { base, createFetcher, createTestIsolate } from "./support.ts";

it.each([
  ["a truncated value", ["SET", "t:c:user:1", '[1,2,3,4,"0,0"']],
  ["another program's value", ["SET", "t:c:user:1", '{"name":"theirs"}']],
  ["a value of another type", ["RPUSH", "t:c:user:1", "a"]],
  ["an empty text", ["SET", "t:c:user:1", ""]],
])("reports %s in Redis, counts it as a miss and replaces it", async (_name, command) => {
  const isolate = createTestIsolate();
  await isolate.database.raw(...command);
  const users = isolate.invocation().of(cacheKind<string>(base));
  expect(await users.get("1", async () => "good")).toBe("good");
  await isolate.settled();
  expect(isolate.events.map(({ type }) => type)).toEqual(["repaired"]);
  isolate.forgetLocally();
  expect(await users.get("1")).toBe("good");
});

it.each([true, false])("finds no value in a key of another type without a fetcher, isTagged: %s", async (isTagged) => {
  const isolate = createTestIsolate();
  await isolate.database.raw("RPUSH", "t:c:user:1", "a");
  expect(
    await isolate
      .invocation()
      .of(cacheKind<string>({ ...base, isTagged }))
      .get("1"),
  ).toBeUndefined();
});

it("does not keep in L1 what a claim found, if everything was invalidated since the read before it", async () => {
  const database = createDatabase();
  const other = createTestIsolate({ database });
  const { commands } = createConnection({ url: database.url, token: database.token, state: createRedisState() });
  const thing = cacheKind<string>({ name: "thing", ttlMs: 60_000 });
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
                // While the answer is under way another isolate fills the key, and then this one invalidates everything.
                await other.invocation().of(thing).set("a", "old");
                await isolate.invocation().of(thing).clear();
                return nothing;
              },
      }),
  });
  const { fetcher } = createFetcher("new");
  await isolate.invocation().of(thing).get("a", fetcher);
  await isolate.settled();
  expect(await isolate.invocation().of(thing).get("a", fetcher)).toBe("new");
});
