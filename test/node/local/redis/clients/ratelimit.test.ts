import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis";
import { expect, it } from "vitest";
import { createEngine, type RedisRestServerOptions } from "../../../../../local/redis/index.ts";
import { startServer, token } from "../support.ts";

async function limiter(
  algorithm: ConstructorParameters<typeof Ratelimit>[0]["limiter"],
  options: object = {},
  own: Partial<RedisRestServerOptions> = {},
) {
  const server = await startServer(own);
  const redis = new Redis({ url: server.url, token });
  return { server, redis, ratelimit: new Ratelimit({ redis, limiter: algorithm, prefix: "r", ...options }) };
}

it.each([
  ["a fixed window", Ratelimit.fixedWindow(3, "1000 s")],
  ["a sliding window", Ratelimit.slidingWindow(3, "1000 s")],
  ["a token bucket", Ratelimit.tokenBucket(1, "1000 s", 3)],
])("allows three and refuses the fourth with %s", async (_name, algorithm) => {
  const { ratelimit } = await limiter(algorithm, { ephemeralCache: false });
  const outcomes = [];
  for (let i = 0; i < 4; i++) outcomes.push((await ratelimit.limit("user")).success);
  expect(outcomes).toEqual([true, true, true, false]);
  expect((await ratelimit.limit("another")).success).toBe(true);
  expect(await ratelimit.getRemaining("user")).toMatchObject({ remaining: 0 });
  await ratelimit.resetUsedTokens("user");
  expect((await ratelimit.limit("user")).success).toBe(true);
});

it("counts in memory and writes to Redis with a cached fixed window", async () => {
  const { ratelimit, redis } = await limiter(Ratelimit.cachedFixedWindow(3, "1000 s"), { ephemeralCache: new Map() });
  const first = await ratelimit.limit("user");
  await first.pending;
  for (let i = 0; i < 2; i++) await (await ratelimit.limit("user")).pending;
  expect((await ratelimit.limit("user")).success).toBe(false);
  expect(await redis.keys("r*")).toHaveLength(1);
});

it("loads a script once and then runs it by SHA1", async () => {
  const { server, ratelimit } = await limiter(
    Ratelimit.fixedWindow(10, "1000 s"),
    { ephemeralCache: false },
    { backend: await createEngine() },
  );
  const first = await server.cost(() => ratelimit.limit("user"));
  expect(first).toMatchObject({ requests: 2, byCommand: { EVAL: 1, EVALSHA: 1, INCRBY: 1, PEXPIRE: 1 } });
  const second = await server.cost(() => ratelimit.limit("user"));
  expect(second).toEqual({ requests: 1, commands: 2, byCommand: { EVALSHA: 1, INCRBY: 1 } });
});

it("grants no more tokens than the limit to concurrent requests", async () => {
  const { ratelimit } = await limiter(Ratelimit.slidingWindow(10, "1000 s"), { ephemeralCache: false });
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => ratelimit.limit("user", { rate: 3 })));
  expect(outcomes.filter(({ success }) => success)).toHaveLength(3);
});

it("writes the analytics of @upstash/ratelimit", async () => {
  const { redis, ratelimit } = await limiter(Ratelimit.fixedWindow(1, "1000 s"), { analytics: true });
  await (await ratelimit.limit("user")).pending;
  const keys = await redis.keys("r:*events*");
  expect(keys).toHaveLength(1);
});
