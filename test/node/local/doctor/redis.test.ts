import { expect, it, onTestFinished, vi } from "vitest";
import { connectRedis } from "../../../../local/deployment/clients.ts";
import type { HealthReading } from "../../../../local/deployment/health.ts";
import { redis } from "../../../../local/doctor/redis.ts";
import type { RedisConnection } from "../../../../src/redis/index.ts";
import { startServer, token } from "../redis/support.ts";
import { factsOf, healthOf } from "./support.ts";

it("pings Redis, and adds how fast the Worker reaches it", async () => {
  const server = await startServer();
  const env = { UPSTASH_REDIS_REST_URL: server.url, UPSTASH_REDIS_REST_TOKEN: token };
  const host = new URL(server.url).host;
  const run = (health?: HealthReading) =>
    redis.run(factsOf({ env, redis: connectRedis(server.url, token), ...(health && { health }) }));
  const { commands } = await server.cost(async () => {
    expect(await run()).toEqual({
      is: "right",
      text: expect.stringMatching(new RegExp(`^${host} answers in \\d{1,3} ms from here$`)),
    });
  });
  expect(commands).toBe(4);
  expect(await run(healthOf({ redis: { ok: true, latencyMs: 7 } }))).toMatchObject({
    text: expect.stringMatching(/ms from here, 7 ms from the Worker$/),
  });
  expect(redis.needs).toEqual(Object.keys(env));
});

it("shows the middle one of three pings, without the one that opens the connection", async () => {
  let now = 1_000;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  onTestFinished(() => void vi.restoreAllMocks());
  const times = [900, 7, 100, 40.6];
  const connection = {
    commands: { ping: async () => void (now += times.shift() ?? 0) },
  } as unknown as RedisConnection;
  const env = { UPSTASH_REDIS_REST_URL: "https://redis.test", UPSTASH_REDIS_REST_TOKEN: "x" };
  expect((await redis.run(factsOf({ env, redis: connection }))).text).toBe("redis.test answers in 41 ms from here");
});
