import { expect, it } from "vitest";
import { createConnection, createRedisState, type RedisCommands } from "../../../src/redis/index.ts";
import { createDatabase } from "../../support/database.ts";

/** Every typed command with the reply its type promises, against the engine: the SDK's deserialisation is off. */
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
