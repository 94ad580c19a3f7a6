import { Redis, type RedisConfigNodejs } from "@upstash/redis";
import { expect, it } from "vitest";
import { eventually, startServer, token } from "../support.ts";

type RedisOptions = Partial<RedisConfigNodejs>;

async function connect(options: RedisOptions = {}) {
  const server = await startServer();
  return { server, redis: new Redis({ url: server.url, token, ...options }) };
}

const unique = (name: string) => `${name}-${crypto.randomUUID()}`;

it("reads back text, objects, numbers, snowflakes and nothing", async () => {
  const { redis } = await connect();
  expect(await redis.set("text", "grüße OK")).toBe("OK");
  expect(await redis.get("text")).toBe("grüße OK");
  await redis.set("object", { a: [1, null, "x"] });
  expect(await redis.get("object")).toEqual({ a: [1, null, "x"] });
  await redis.set("number", 1.5);
  expect(await redis.get("number")).toBe(1.5);
  await redis.set("snowflake", "1181234567890123456");
  expect(await redis.get("snowflake")).toBe("1181234567890123456");
  await redis.set("ok", "OK");
  expect(await redis.get("ok")).toBe("OK");
  expect(await redis.mget("ok", "none", "text")).toEqual(["OK", null, "grüße OK"]);
  expect(await redis.get("none")).toBeNull();
});

it("reads values without base64 and without deserialisation", async () => {
  const { redis } = await connect({ responseEncoding: false, automaticDeserialization: false });
  await redis.set("k", '{"a":1}');
  expect(await redis.get("k")).toBe('{"a":1}');
});

it("sends the commands of one tick as one pipeline", async () => {
  const { server, redis } = await connect({ enableAutoPipelining: true });
  const cost = await server.cost(() => Promise.all([redis.set("a", 1), redis.incr("a"), redis.incr("a")]));
  expect(cost).toEqual({ requests: 1, commands: 3, byCommand: { INCR: 2, SET: 1 } });
  expect(await Promise.all([redis.get("a"), redis.hget("none", "f")])).toEqual([3, null]);
});

it("runs pipelines and transactions, and keeps errors on request", async () => {
  const { redis } = await connect();
  expect(await redis.pipeline().set("k", "OK").get("k").hset("h", { f: 1 }).hgetall("h").exec()).toEqual([
    "OK",
    "OK",
    1,
    { f: 1 },
  ]);
  expect(await redis.multi().set("n", 1).incr("n").exec()).toEqual(["OK", 2]);
  await expect(redis.pipeline().set("t", "text").incr("t").exec()).rejects.toThrow(
    "Command 2 [ incr ] failed: ERR value is not an integer",
  );
  const kept = await redis.pipeline().incr("t").get("t").exec({ keepErrors: true });
  expect(kept).toMatchObject([{ error: expect.stringContaining("not an integer") }, { result: "text" }]);
  await expect(redis.multi().set("x", 1).exec<[]>()).resolves.toEqual(["OK"]);
});

it("reports a failed command in the server's words", async () => {
  const { server, redis } = await connect();
  await redis.set("t", "text");
  await expect(redis.incr("t")).rejects.toThrow("Command failed: ERR value is not an integer or out of range");
  const alone = new Redis({ url: server.url, token, enableAutoPipelining: false });
  await expect(alone.incr("t")).rejects.toThrow(
    'ERR value is not an integer or out of range, command was: ["incr","t"]',
  );
  await expect(redis.exec(["NO-SUCH"])).rejects.toThrow("ERR Command is not available: 'NO-SUCH'");
});

it("reports a wrong token in Upstash's words", async () => {
  const { server } = await connect();
  await expect(new Redis({ url: server.url, token: "wrong" }).ping()).rejects.toThrow(
    "WRONGPASS invalid or missing auth token",
  );
});

it("runs scripts by text, by SHA1, and through createScript", async () => {
  const { redis } = await connect();
  const text = `return {KEYS[1], ARGV[1]} -- ${crypto.randomUUID()}`;
  const script = redis.createScript<[string, string]>(text);
  expect(await script.exec(["k"], ["a"])).toEqual(["k", "a"]);
  expect(await script.evalsha(["k"], ["b"])).toEqual(["k", "b"]);
  expect(await redis.eval(text, ["k"], ["c"])).toEqual(["k", "c"]);
  const sha = await redis.scriptLoad(text);
  expect(await redis.scriptExists(sha, "ffff")).toEqual([1, 0]);
  await expect(redis.evalsha("0".repeat(40), [], [])).rejects.toThrow("NOSCRIPT No matching script. Please use EVAL.");
  const readOnly = redis.createScript<string, true>(`return redis.call('GET', KEYS[1]) -- ${crypto.randomUUID()}`, {
    readonly: true,
  });
  await redis.set("k", "v");
  expect(await readOnly.exec(["k"], [])).toBe("v");
});

it("scans keys, with their types when asked", async () => {
  const { redis } = await connect();
  await redis.mset({ a1: 1, a2: 2, b: 3 });
  await redis.hset("a3", { f: 1 });
  const found: string[] = [];
  let cursor = "0";
  do {
    const [next, keys] = await redis.scan(cursor, { match: "a*", count: 2 });
    found.push(...keys);
    cursor = next;
  } while (cursor !== "0");
  expect(found.toSorted()).toEqual(["a1", "a2", "a3"]);
  const [, typed] = await redis.scan("0", { match: "a3", count: 100, withType: true });
  expect(typed).toEqual([{ key: "a3", type: "hash" }]);
});

it("sets the lifetime of single hash fields where the engine can", async () => {
  const { redis } = await connect();
  await redis.hset("h", { a: "1", b: "2" });
  const outcome = await redis.hexpire("h", "a", 100).catch((error: Error) => error.message);
  if (typeof outcome === "string") return expect(outcome).toContain("Command is not available: 'HEXPIRE'");
  expect(outcome).toEqual([1]);
  expect(await redis.httl("h", ["a", "b"])).toEqual([100, -1]);
  expect(await redis.hpersist("h", ["a"])).toEqual([1]);
});

it("adds to streams, reads ranges and groups, and acknowledges", async () => {
  const { redis } = await connect();
  const id = await redis.xadd("s", "*", { type: "greeting", body: { text: "hi" } });
  expect(await redis.xrange("s", "-", "+")).toEqual({ [id]: { type: "greeting", body: { text: "hi" } } });
  expect(await redis.xread("s", "0")).toEqual([["s", [[id, ["type", "greeting", "body", { text: "hi" }]]]]]);
  await redis.xgroup("s", { type: "CREATE", group: "g", id: "0" });
  expect(await redis.xreadgroup("g", "me", "s", ">")).toHaveLength(1);
  expect(await redis.xack("s", "g", id)).toBe(1);
  expect(await redis.xread("s", "$", { blockMS: 10 })).toBeNull();
});

it("returns the scores of a sorted set as numbers", async () => {
  const { redis } = await connect();
  await redis.zadd("z", { score: 1.5, member: "a" }, { score: 2, member: "b" });
  expect(await redis.zrange("z", 0, -1, { withScores: true })).toEqual(["a", 1.5, "b", 2]);
  expect(await redis.zscore("z", "a")).toBe(1.5);
});

it("subscribes to channels and patterns, and stops", async () => {
  const { redis } = await connect();
  const prefix = unique("news");
  const received: unknown[] = [];
  const counts: unknown[] = [];
  const one = redis.subscribe<{ n: number }>(`${prefix}.a`);
  one.on("message", ({ channel, message }) => received.push([channel, message]));
  one.on("subscribe", (count) => counts.push(count));
  const many = redis.psubscribe<{ n: number }>([`${prefix}.*`]);
  many.on("pmessage", ({ pattern, channel, message }) => received.push([pattern, channel, message]));
  many.on("psubscribe", (count) => counts.push(count));
  await eventually(() => counts.length === 2);
  expect(await redis.publish(`${prefix}.a`, { n: 1 })).toBe(2);
  await eventually(() => received.length === 2);
  expect(received).toContainEqual([`${prefix}.a`, { n: 1 }]);
  expect(received).toContainEqual([`${prefix}.*`, `${prefix}.a`, { n: 1 }]);
  await one.unsubscribe();
  await many.unsubscribe();
  await eventually(async () => (await redis.publish(`${prefix}.a`, "nobody")) === 0);
});

it("returns the sync token that it received", async () => {
  const { redis } = await connect({ readYourWrites: true });
  const seen: unknown[] = [];
  const token = () => (redis as unknown as { client: { upstashSyncToken: string } }).client.upstashSyncToken;
  for (let i = 0; i < 3; i++) {
    await redis.set("k", i);
    seen.push(token());
  }
  expect(new Set(seen).size).toBe(3);
});

it("retries a dropped request, but not an error", async () => {
  const { server, redis } = await connect({ retry: { retries: 2, backoff: () => 1 } });
  await server.break({ at: "before", do: "drop", times: 2 });
  expect(await redis.incr("k")).toBe(1);
  await server.break({ at: "before", do: "status", status: 500, times: 1 });
  await expect(redis.incr("k")).rejects.toThrow("this fault was asked for");
  expect(await redis.get("k")).toBe(1);
});
