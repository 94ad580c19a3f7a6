import { describe, expect, it } from "vitest";
import {
  compareAndDelete,
  compareAndSet,
  compareAndSwap,
  createConnection,
  createRedisState,
  type RedisCommands,
  RedisReplyError,
} from "../../../src/redis/index.ts";
import { createDatabase, type Database } from "../../support/database.ts";

const connect = ({ url, token }: Database) => createConnection({ url, token, state: createRedisState() }).commands;

/** The same server, refusing conditions as an older server does. */
function olderDialect(database: Database): RedisCommands {
  const commands = connect(database);
  return {
    ...commands,
    eval: commands.eval.bind(commands),
    exec: (command) => Promise.reject(new RedisReplyError(command[0], "ERR syntax error")),
  };
}

describe.each([
  ["with native conditions", connect, { SET: 1 }, { SET: 1 }, { DELEX: 1 }],
  ["by scripts", olderDialect, { EVAL: 1, GET: 1, SET: 1 }, { EVAL: 1, GET: 1 }, { EVAL: 1, GET: 1, DEL: 1 }],
])("%s", (_name, open, whenSet, whenRefused, whenDeleted) => {
  const swap = { key: "k", value: "new", expected: "old", px: 60_000 };

  it("replaces the expected value and sets the new one's life", async () => {
    const database = createDatabase();
    const redis = open(database);
    await database.raw("SET", "k", "old");
    const before = await database.serverTime();
    expect(await database.cost(async () => expect(await compareAndSet(redis, swap)).toBe(true))).toEqual({
      requests: 1,
      ...whenSet,
    });
    expect(await database.raw("GET", "k")).toBe("new");
    const endsAt = await database.raw("PEXPIRETIME", "k");
    expect(endsAt).toBeGreaterThanOrEqual(before + 60_000);
    expect(endsAt).toBeLessThanOrEqual((await database.serverTime()) + 60_000);
  });

  it("leaves a rival's value and returns it", async () => {
    const database = createDatabase();
    const redis = open(database);
    await database.raw("SET", "k", "theirs");
    expect(await database.cost(async () => expect(await compareAndSwap(redis, swap)).toBe("theirs"))).toEqual({
      requests: 1,
      ...whenRefused,
    });
    expect([await compareAndSet(redis, swap), await database.raw("GET", "k")]).toEqual([false, "theirs"]);
  });

  it("compares texts: another spelling of the same number is a rival's value", async () => {
    const database = createDatabase();
    const redis = open(database);
    await database.raw("SET", "k", "10");
    for (const expected of ["1e1", "10.0", "010", "9"]) {
      expect(await compareAndSwap(redis, { ...swap, expected })).toBe("10");
      expect(await compareAndSet(redis, { ...swap, expected })).toBe(false);
      expect(await compareAndDelete(redis, "k", expected)).toBe(false);
    }
    expect(await database.raw("GET", "k")).toBe("10");
  });

  it("never creates a missing key", async () => {
    const database = createDatabase();
    const redis = open(database);
    expect([await compareAndSwap(redis, swap), await compareAndSet(redis, swap)]).toEqual([null, false]);
    expect(await database.raw("EXISTS", "k")).toBe(0);
  });

  it("keeps a value without expiry when no life is given", async () => {
    const database = createDatabase();
    await database.raw("SET", "k", "old", "PX", 60_000);
    expect(await compareAndSwap(open(database), { key: "k", value: "new", expected: "old" })).toBe("old");
    expect(await database.raw("PTTL", "k")).toBe(-1);
  });

  it("deletes only the expected value", async () => {
    const database = createDatabase();
    const redis = open(database);
    await database.raw("SET", "k", "mine");
    expect([await compareAndDelete(redis, "k", "theirs"), await compareAndDelete(redis, "absent", "x")]).toEqual([
      false,
      false,
    ]);
    const cost = await database.cost(async () => expect(await compareAndDelete(redis, "k", "mine")).toBe(true));
    expect(cost).toEqual({ requests: 1, ...whenDeleted });
    expect(await database.raw("EXISTS", "k")).toBe(0);
  });
});

it("throws other refusals instead of trying a script", async () => {
  const database = createDatabase();
  await database.raw("LPUSH", "k", "x");
  await expect(compareAndSwap(connect(database), { key: "k", value: "a", expected: "b" })).rejects.toThrow("WRONGTYPE");
});

it.each(["LOADING Redis is loading the dataset in memory", "ERR max daily request limit exceeded. Limit: 10000"])(
  "asks no script of a server that refuses everything: %s",
  async (text) => {
    let scripts = 0;
    const redis = {
      exec: () => Promise.reject(new RedisReplyError("SET", text)),
      eval: async () => void (scripts += 1),
    } as unknown as RedisCommands;
    await expect(compareAndSet(redis, { key: "k", value: "a", expected: "b" })).rejects.toThrow(text);
    await expect(compareAndDelete(redis, "k", "b")).rejects.toThrow(text);
    expect(scripts).toBe(0);
  },
);
