import { expect, it } from "vitest";
import { createCommands, type Submit } from "../../../src/redis/commands.ts";
import { createConnection, createRedisState, createSdk, type RedisCommands } from "../../../src/redis/index.ts";
import { createDatabase } from "../../support/database.ts";

/** Every typed command with the reply its type promises. */
const replies: [keyof RedisCommands, (redis: RedisCommands) => Promise<unknown>, unknown][] = [
  ["set", (redis) => redis.set("n", "5"), "OK"],
  ["incr", (redis) => redis.incr("n"), 6],
  ["incrby", (redis) => redis.incrby("n", 4), 10],
  ["decr", (redis) => redis.decr("n"), 9],
  ["decrby", (redis) => redis.decrby("n", 4), 5],
  ["get", (redis) => redis.get("n"), "5"],
  ["getex", (redis) => redis.getex("n", { px: 60_000 }), "5"],
  ["getrange", (redis) => redis.getrange("n", 0, 0), "5"],
  ["strlen", (redis) => redis.strlen("n"), 1],
  ["type", (redis) => redis.type("n"), "string"],
  ["exists", (redis) => redis.exists("n", "missing"), 1],
  ["touch", (redis) => redis.touch("n"), 1],
  ["expire", (redis) => redis.expire("n", 60), 1],
  ["pexpire", (redis) => redis.pexpire("n", 60_000), 1],
  ["expireat", (redis) => redis.expireat("n", 4_102_444_800), 1],
  ["pexpireat", (redis) => redis.pexpireat("n", 4_102_444_800_000), 1],
  ["ttl", (redis) => redis.ttl("missing"), -2],
  ["pttl", (redis) => redis.pttl("missing"), -2],
  ["persist", (redis) => redis.persist("n"), 1],
  ["getdel", (redis) => redis.getdel("n"), "5"],
  ["setex", (redis) => redis.setex("e", 60, "v"), "OK"],
  ["psetex", (redis) => redis.psetex("e", 60_000, "v"), "OK"],
  ["setnx", (redis) => redis.setnx("e", "w"), 0],
  ["mset", (redis) => redis.mset({ a: "1", b: "2" }), "OK"],
  ["mget", (redis) => redis.mget("a", "missing", "b"), ["1", null, "2"]],
  ["unlink", (redis) => redis.unlink("a"), 1],
  ["del", (redis) => redis.del("b", "missing"), 1],
  ["hset", (redis) => redis.hset("h", { f: "1", g: "x" }), 2],
  ["hsetnx", (redis) => redis.hsetnx("h", "f", "2"), 0],
  ["hget", (redis) => redis.hget("h", "f"), "1"],
  ["hexists", (redis) => redis.hexists("h", "f"), 1],
  ["hincrby", (redis) => redis.hincrby("h", "f", 2), 3],
  ["hkeys", (redis) => redis.hkeys("h"), ["f", "g"]],
  ["hvals", (redis) => redis.hvals("h"), ["3", "x"]],
  ["hlen", (redis) => redis.hlen("h"), 2],
  ["hdel", (redis) => redis.hdel("h", "g"), 1],
  ["rpush", (redis) => redis.rpush("l", "a", "b", "c"), 3],
  ["lpush", (redis) => redis.lpush("l", "z"), 4],
  ["lindex", (redis) => redis.lindex("l", 0), "z"],
  ["lrange", (redis) => redis.lrange("l", 0, -1), ["z", "a", "b", "c"]],
  ["lrem", (redis) => redis.lrem("l", 1, "b"), 1],
  ["llen", (redis) => redis.llen("l"), 3],
  ["lpop", (redis) => redis.lpop("l"), "z"],
  ["rpop", (redis) => redis.rpop("l"), "c"],
  ["ltrim", (redis) => redis.ltrim("l", 0, 0), "OK"],
  ["sadd", (redis) => redis.sadd("s", "a", "b"), 2],
  ["sismember", (redis) => redis.sismember("s", "a"), 1],
  ["scard", (redis) => redis.scard("s"), 2],
  ["srem", (redis) => redis.srem("s", "b"), 1],
  ["smembers", (redis) => redis.smembers("s"), ["a"]],
  ["zadd", (redis) => redis.zadd("z", { score: 1, member: "a" }, { score: 2, member: "b" }), 2],
  ["zcard", (redis) => redis.zcard("z"), 2],
  ["zcount", (redis) => redis.zcount("z", 1, 1), 1],
  ["zrank", (redis) => redis.zrank("z", "b"), 1],
  ["zrange", (redis) => redis.zrange("z", 0, -1), ["a", "b"]],
  ["zremrangebyscore", (redis) => redis.zremrangebyscore("z", 1, 1), 1],
  ["zremrangebyrank", (redis) => redis.zremrangebyrank("z", 0, 0), 1],
  ["zrem", (redis) => redis.zrem("z", "a"), 0],
  ["xadd", (redis) => redis.xadd("x", "1-1", { f: "v" }), "1-1"],
  ["xlen", (redis) => redis.xlen("x"), 1],
  ["xtrim", (redis) => redis.xtrim("x", { strategy: "MAXLEN", threshold: 5, exactness: "=" }), 0],
  ["xack", (redis) => redis.xack("x", "group", "1-1"), 0],
  ["xdel", (redis) => redis.xdel("x", "1-1"), 1],
  ["publish", (redis) => redis.publish("c", "m"), 0],
  ["ping", (redis) => redis.ping(), "PONG"],
  ["echo", (redis) => redis.echo("hi"), "hi"],
  ["eval", (redis) => redis.eval("return ARGV[1]", [], ["1"]), "1"],
  ["evalRo", (redis) => redis.evalRo("return 7", [], []), 7],
  ["scriptLoad", (redis) => redis.scriptLoad("return 7"), "a11d48e1c0acaaca37f5c1ab1c7ee5fca2ceb6f6"],
  ["exec", (redis) => redis.exec(["SET", "k", "v"]), "OK"],
];

it("returns the reply that each typed command promises", async () => {
  const connection = createConnection({ ...createDatabase(), state: createRedisState() });
  const seen: Record<string, unknown> = {};
  for (const [name, run] of replies) seen[name] = await run(connection.commands);
  const sha = seen["scriptLoad"];
  expect(sha).toMatch(/^[0-9a-f]{40}$/);
  expect(await connection.commands.evalsha(String(sha), [], [])).toBe(7);
  expect(await connection.commands.evalshaRo(String(sha), [], [])).toBe(7);
  expect(seen).toEqual({ ...Object.fromEntries(replies.map(([name, , reply]) => [name, reply])), scriptLoad: sha });
});

/** What the commands may be given besides: options, lists, and values that are no text. */
const variants: ((redis: RedisCommands) => Promise<unknown>)[] = [
  (redis) => redis.set("k", { a: [1, null] }, { nx: true, get: true, px: 5 }),
  (redis) => redis.set("k", 1.5, { xx: true, ex: 5 }),
  (redis) => redis.set("k", true, { exat: 5 }),
  (redis) => redis.set("k", null, { pxat: 5 }),
  (redis) => redis.set("k", "v", { keepTtl: true }),
  (redis) => redis.set("k", "v", { px: 0 }),
  (redis) => redis.hset("h", { list: [1, [2]], none: null }),
  (redis) => redis.set("k", "v", { nx: true, xx: undefined as never, get: false }),
  (redis) => redis.getex("k"),
  (redis) => redis.getex("k", { ex: 5 }),
  (redis) => redis.getex("k", { exat: 5 }),
  (redis) => redis.getex("k", { pxat: 5 }),
  (redis) => redis.getex("k", { persist: true }),
  (redis) => redis.expire("k", 5, "NX"),
  (redis) => redis.pexpire("k", 5, "GT"),
  (redis) => redis.expireat("k", 5, "LT"),
  (redis) => redis.pexpireat("k", 5, "XX"),
  (redis) => redis.mget(["a", "b"]),
  (redis) => redis.mset({ a: { b: 1 }, c: 2 }),
  (redis) => redis.hset("h", { f: { g: 1 }, n: 2 }),
  (redis) => redis.hdel("h", "f", "g"),
  (redis) => redis.lpop("l", 2),
  (redis) => redis.rpop("l", 2),
  (redis) => redis.lpush<unknown>("l", { a: 1 }, 2),
  (redis) => redis.rpush("l", [1], null),
  (redis) => redis.sadd<unknown>("s", { a: 1 }, 2),
  (redis) => redis.srem<unknown>("s", { a: 1 }, 2),
  (redis) => redis.eval("return 1", ["a", "b"], ["x", 1, { y: 2 }]),
  (redis) => redis.evalRo("return 1", ["a"], []),
  (redis) => redis.evalsha("sha", ["a"], ["x"]),
  (redis) => redis.evalshaRo("sha", [], ["x"]),
  (redis) => redis.exec(["set", "k", 1, true]),
  (redis) => redis.ping(["hello"]),
  (redis) => redis.xadd("x", "*", { f: { g: 1 } }, { nomkStream: true }),
  (redis) => redis.xadd("x", "*", { f: 1 }, { trim: { type: "MAXLEN", comparison: "~", threshold: 5, limit: 9 } }),
  (redis) => redis.xadd("x", "*", { f: 1 }, { trim: { type: "MINID", comparison: "=", threshold: "5-1" } }),
  (redis) => redis.xack("x", "group", ["1-1", "1-2"]),
  (redis) => redis.xdel("x", ["1-1", "1-2"]),
  (redis) => redis.xtrim("x", { strategy: "MINID", threshold: "5-1", limit: 9 }),
  (redis) => redis.zadd("z", { nx: true, ch: true, incr: true }, { score: 1, member: { a: 1 } }),
  (redis) => redis.zadd("z", { xx: true, gt: true }, { score: 1, member: "a" }, { score: 2, member: "b" }),
  (redis) => redis.zadd("z", { lt: true }, { score: -0.5, member: 7 }),
  (redis) => redis.zrange("z", 0, 5, { rev: true, withScores: true }),
  (redis) => redis.zrange("z", "(1", "+inf", { byScore: true, offset: 1, count: 2 }),
  (redis) => redis.zrange("z", "[a", "+", { byLex: true, rev: true, offset: 0, count: 2 }),
];

/** Notes the commands that are sent, in the order of their calls. Redis takes their names in any case. */
function createRecorder() {
  const sent: unknown[] = [];
  const submit: Submit = async (mode, commands) => {
    sent.push([mode, ...commands.map(([name, ...given]) => [String(name).toUpperCase(), ...given])]);
    return commands.map(() => ({ result: null }));
  };
  return { sent, submit };
}

it("words every typed command as the SDK does", async () => {
  const [own, sdk] = [createRecorder(), createRecorder()];
  for (const run of [...replies.map(([, run]) => run), ...variants]) {
    await run(createCommands(own.submit));
    await run(createSdk(sdk));
  }
  expect(own.sent).toEqual(sdk.sent);
});

it("words a transaction as the SDK does, and gives its replies in order", async () => {
  const [own, sdk] = [createRecorder(), createRecorder()];
  const run = (redis: RedisCommands) =>
    redis.multi().set("a", "1", { px: 60_000 }).hset("h", { f: 1 }).zadd("z", { score: 1, member: "m" }).exec();
  await run(createCommands(own.submit));
  await run(createSdk(sdk));
  expect(own.sent).toEqual(sdk.sent);
  const { commands } = createConnection({ ...createDatabase(), state: createRedisState() });
  expect(await run(commands)).toEqual(["OK", 1, 1]);
});

it("says which command of a transaction Redis refused, by name", async () => {
  const { commands } = createConnection({ ...createDatabase(), state: createRedisState() });
  await commands.set("text", "x");
  await expect(commands.multi().get("text").incr("text").exec()).rejects.toMatchObject({
    code: "E_REDIS_REPLY",
    message: expect.stringMatching(/^Redis refused INCR: ERR value is not an integer/),
  });
});

it("has the whole SDK over the same connection, for commands without a type", async () => {
  const database = createDatabase();
  const connection = createConnection({ ...database, state: createRedisState() });
  const sdk = createSdk(connection);
  await connection.commands.rpush("l", "a", "b", "a");
  const cost = await database.cost(async () => {
    const answers = await Promise.all([
      sdk.lpos("l", "b"),
      connection.commands.llen("l"),
      sdk.bitcount("l", 0, -1).catch(String),
    ]);
    expect(answers).toEqual([1, 3, expect.stringContaining("Redis refused BITCOUNT: WRONGTYPE")]);
  });
  expect(cost).toMatchObject({ requests: 1 });
  expect(await sdk.multi().append("t", "x").strlen("t").exec()).toEqual([1, 1]);
  expect(await sdk.pipeline().get("t").exec()).toEqual(["x"]);
});

it("sends native conditions with exec", async () => {
  const { commands } = createConnection({ ...createDatabase(), state: createRedisState() });
  await commands.set("k", "old");
  expect(await commands.exec(["SET", "k", "new", "IFEQ", "other", "PX", 60_000])).toBeNull();
  expect(await commands.exec(["SET", "k", "new", "IFEQ", "old", "PX", 60_000])).toBe("OK");
  expect(await commands.exec(["DELEX", "k", "IFEQ", "old"])).toBe(0);
  expect(await commands.exec(["DELEX", "k", "IFEQ", "new"])).toBe(1);
  expect(await commands.exec(["SET", "k", "claim", "NX", "GET", "PX", 5_000])).toBeNull();
  expect(await commands.exec(["SET", "k", "other", "NX", "GET", "PX", 5_000])).toBe("claim");
});
