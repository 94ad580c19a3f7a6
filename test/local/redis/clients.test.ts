import { Lock } from "@upstash/lock";
import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis";
import { expect, it } from "vitest";
import { isEmbedded, startServer, token } from "./support/server.ts";

// Upstash's own packages as anybody would use them: default settings, auto-pipelining and base64 included.

async function connect(options: ConstructorParameters<typeof Redis>[0] | object = {}) {
  const server = await startServer();
  return { ...server, redis: new Redis({ url: server.url, token, enableTelemetry: false, ...options }) };
}

it("@upstash/redis: values, objects, expiry and counters", async () => {
  const { redis } = await connect();
  await redis.set("object", { a: [1, "é"], b: null }, { ex: 60 });
  expect(await redis.get("object")).toEqual({ a: [1, "é"], b: null });
  expect(await redis.ttl("object")).toBe(60);
  expect(await redis.set("object", "x", { nx: true })).toBeNull();
  expect(await redis.incrby("n", 5)).toBe(5);
  expect(await redis.mget("n", "missing")).toEqual([5, null]);
  expect(await redis.hset("h", { a: 1, b: "two" })).toBe(2);
  expect(await redis.hgetall("h")).toEqual({ a: 1, b: "two" });
  await redis.zadd("z", { score: 1.5, member: "m" });
  expect(await redis.zrange("z", 0, -1, { withScores: true })).toEqual(["m", 1.5]);
  const binary = String.fromCharCode(0, 1, 31, 127, 233, 0x1f60);
  await redis.set("binary", binary);
  expect(await redis.get("binary")).toBe(binary);
});

it("@upstash/redis: auto-pipelining sends what is asked at once as one request", async () => {
  const { redis, counters } = await connect({ enableAutoPipelining: true });
  await Promise.all([redis.incr("a"), redis.incr("b"), redis.incr("a")]);
  expect(counters()).toEqual({ requests: 1, commands: 3, byCommand: { INCR: 3 } });
});

it("@upstash/redis: pipelines and transactions, with and without errors", async () => {
  const { redis } = await connect();
  expect(await redis.pipeline().set("k", "v").get("k").incr("n").exec()).toEqual(["OK", "v", 1]);
  expect(await redis.multi().incr("n").incr("n").exec()).toEqual([2, 3]);
  await expect(redis.pipeline().set("k", "v").incr("k").exec()).rejects.toThrow(
    "Command 2 [ incr ] failed: ERR value is not an integer",
  );
  const kept = await redis.pipeline().incr("k").get("k").exec({ keepErrors: true });
  expect(kept).toMatchObject([{ error: expect.stringContaining("ERR") }, { result: "v" }]);
  await expect(redis.get("a").then(() => redis.exec(["NOPE"]))).rejects.toThrow("Command is not available: 'NOPE'");
});

it("@upstash/redis: scripts by text and by hash", async () => {
  const { redis } = await connect();
  const script = redis.createScript<string>("return ARGV[1]");
  expect(await script.exec([], ["hello"])).toBe("hello");
  expect(await script.exec([], ["again"])).toBe("again");
  const sha = await redis.scriptLoad("return redis.call('INCRBY', KEYS[1], ARGV[1])");
  expect(await redis.evalsha(sha, ["n"], [4])).toBe(4);
  expect(await redis.scriptExists(sha, "f".repeat(40))).toEqual([1, 0]);
  await expect(redis.evalsha("f".repeat(40), [], [])).rejects.toThrow("Please use EVAL.");
});

it("@upstash/redis: streams, groups and scans", async () => {
  const { redis } = await connect();
  await redis.xadd("s", "1-1", { n: 1 });
  await redis.xadd("s", "*", { n: 2 }, { trim: { type: "MAXLEN", threshold: 100, comparison: "=" } });
  expect(await redis.xlen("s")).toBe(2);
  expect(await redis.xrange("s", "-", "+", 1)).toEqual({ "1-1": { n: 1 } });
  await redis.xgroup("s", { type: "CREATE", group: "g", id: "0" });
  expect(await redis.xreadgroup("g", "c", "s", ">", { count: 1 })).toEqual([["s", [["1-1", ["n", 1]]]]]);
  expect(await redis.xack("s", "g", "1-1")).toBe(1);
  await redis.set("key", "v");
  const [cursor, keys] = await redis.scan(0, { match: "k*" });
  expect([cursor, keys]).toEqual(["0", ["key"]]);
  expect(await redis.scan(0, { match: "s", withType: true })).toEqual(["0", [{ key: "s", type: "stream" }]]);
});

it("@upstash/redis: fields of a hash that expire by themselves", async () => {
  const { redis } = await connect();
  await redis.hset("h", { f: "v" });
  if (!isEmbedded)
    return void (await redis.hexpire("h", "f", 60).catch((error) => expect(String(error)).toMatch(/not available/)));
  expect(await redis.hexpire("h", "f", 60)).toEqual([1]);
  expect(await redis.httl("h", "f")).toEqual([60]);
  expect(await redis.exec(["HSETEX", "h", "EX", 60, "FIELDS", 1, "g", "w"])).toBe(1);
});

it("@upstash/redis: subscribes over server-sent events", async () => {
  const { redis } = await connect();
  const messages: unknown[] = [];
  const plain = redis.subscribe<{ n: number }>(["news"]);
  const pattern = redis.psubscribe<{ n: number }>("ne*");
  plain.on("message", ({ channel, message }) => messages.push([channel, message]));
  pattern.on("pmessage", ({ pattern, channel, message }) => messages.push([pattern, channel, message]));
  await expect.poll(() => redis.publish("news", { n: 1 })).toBe(2);
  await expect.poll(() => messages.length).toBe(2);
  expect(messages).toEqual(
    expect.arrayContaining([
      ["news", { n: 1 }],
      ["ne*", "news", { n: 1 }],
    ]),
  );
  await plain.unsubscribe();
  await pattern.unsubscribe();
  await expect.poll(() => redis.publish("news", "x")).toBe(0);
});

it("@upstash/redis: reads its own writes by a token that changes", async () => {
  const { redis } = await connect();
  await redis.set("k", "v");
  const first = redis.readYourWritesSyncToken;
  await redis.set("k", "w");
  expect(first).toMatch(/.+/);
  expect(redis.readYourWritesSyncToken).not.toBe(first);
});

it.each([
  ["fixedWindow", Ratelimit.fixedWindow(2, "60 s")],
  ["slidingWindow", Ratelimit.slidingWindow(2, "60 s")],
  ["tokenBucket", Ratelimit.tokenBucket(1, "60 s", 2)],
])("@upstash/ratelimit: %s lets two through and stops the third", async (_name, limiter) => {
  const { redis } = await connect();
  const ratelimit = new Ratelimit({ redis, limiter, ephemeralCache: false });
  const answers = [await ratelimit.limit("user"), await ratelimit.limit("user"), await ratelimit.limit("user")];
  expect(answers.map(({ success }) => success)).toEqual([true, true, false]);
  expect((await ratelimit.limit("other")).success).toBe(true);
  expect((await ratelimit.getRemaining("user")).remaining).toBe(0);
  await ratelimit.resetUsedTokens("user");
  expect((await ratelimit.limit("user")).success).toBe(true);
});

it("@upstash/ratelimit: a fixed window costs what Upstash's cost page says", async () => {
  const { redis, counters, resetCounters } = await connect();
  const ratelimit = new Ratelimit({ redis, limiter: Ratelimit.fixedWindow(10, "60 s"), ephemeralCache: false });
  await ratelimit.limit("user");
  await ratelimit.limit("user");
  resetCounters();
  await ratelimit.limit("user");
  expect(counters()).toMatchObject({ requests: 1, commands: 2 });
});

it("@upstash/lock: one holder, extended and released by its holder alone", async () => {
  const { redis } = await connect();
  const lock = () => new Lock({ redis, id: "lock", lease: 5_000, retry: { attempts: 1, delay: 1 } });
  const ours = lock();
  const theirs = lock();
  expect(await ours.acquire()).toBe(true);
  expect(await theirs.acquire()).toBe(false);
  expect(await theirs.release()).toBe(false);
  expect(await ours.extend(5_000)).toBe(true);
  expect(await ours.getStatus()).toBe("ACQUIRED");
  expect(await ours.release()).toBe(true);
  expect(await theirs.acquire()).toBe(true);
});
