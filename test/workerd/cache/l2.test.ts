import { expect, it } from "vitest";
import { cacheKind } from "../../../src/cache/index.ts";
import { createConnection, createRedisState, RedisReplyError, RedisTimeoutError } from "../../../src/redis/index.ts";
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
  expect([isolate.events.map(({ type }) => type), users.stats().repairs]).toEqual([["repaired"], 1]);
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

/** An isolate over a Redis by hand, of commands that a test gives. Those that it lacks must not be sent. */
function createScripted(redis: Record<string, (...args: never[]) => unknown>, isTagged = true) {
  const sent: string[] = [];
  const commands = Object.fromEntries(
    Object.entries(redis).map(([name, answer]) => [
      name,
      async (...args: never[]) => {
        sent.push(name);
        return answer(...args);
      },
    ]),
  );
  const isolate = createTestIsolate({ redis: () => commands as never });
  return { ...isolate, sent, users: isolate.invocation().of(cacheKind<string>({ ...base, isTagged })) };
}

it("tries six times to claim a key that changes each time, and then fetches without a claim", async () => {
  const mget = () => ["theirs", null, null];
  const { sent, users, events, settled } = createScripted({ mget, exec: () => null });
  expect(await users.get("1", async () => "Ada")).toBe("Ada");
  await settled();
  expect(sent.filter((name) => name === "exec")).toHaveLength(6);
  expect([events.length, users.stats().repairs]).toEqual([6, 6]);
});

it.each([
  ["refuses the claim", new RedisReplyError("SET", "OOM command not allowed")],
  ["does not answer", new RedisTimeoutError(250)],
])("deletes nothing, and fetches without a claim, where Redis %s", async (_how, error) => {
  const set = () => Promise.reject(error);
  const { sent, users, events } = createScripted({ set, mget: () => [null, null, null] });
  expect(await users.get("1", async () => "Ada")).toBe("Ada");
  expect([sent, events]).toMatchObject([["mget", "set"], [{ type: "redis-failed", error }]]);
});

it("fetches without a claim where it cannot delete a value of another type", async () => {
  const set = () => Promise.reject(new RedisReplyError("SET", "WRONGTYPE"));
  const error = new RedisTimeoutError(250);
  const unlink = () => Promise.reject(error);
  const { users, events } = createScripted({ set, unlink, mget: () => [null, null, null] });
  expect(await users.get("1", async () => "Ada")).toBe("Ada");
  expect(events).toMatchObject([{ type: "redis-failed", error }]);
});

it("does not take another isolate's claim for its own where the reply to its claim was lost", async () => {
  const isolate = createTestIsolate();
  const { database } = isolate;
  const users = isolate.invocation().of(cacheKind<string>({ ...base, isTagged: false, waitMs: 1 }));
  await database.raw("SET", "t:c:user:1", "!theirs", "PX", 60_000);
  await database.break({ at: "after", do: "drop", times: 1, match: "SET" });
  // It waits for the other one, and fetches for itself.
  const { SET, MGET = 0 } = await database.cost(() => users.get("1", async () => "mine"));
  expect([SET, MGET > 1]).toEqual([1, true]);
  await isolate.settled();
  expect(users.stats().fetches).toBe(1);
  expect(await database.raw("GET", "t:c:user:1")).toBe("!theirs");
});

it("looks through 500 keys at a time for those to forget, and deletes none where none match", async () => {
  const pages = [
    ["7", []],
    ["0", ["t:c:user:1"]],
  ];
  const scans: unknown[] = [];
  const exec = (command: unknown) => (scans.push(command), pages.shift());
  const { sent, users } = createScripted({ exec, unlink: () => 1 });
  expect(await users.clear("*")).toBe(1);
  expect(sent).toEqual(["exec", "exec", "unlink"]);
  expect(scans).toEqual(["0", "7"].map((cursor) => ["SCAN", cursor, "MATCH", "t:c:user:*", "COUNT", 500]));
});
