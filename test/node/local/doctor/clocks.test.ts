import { expect, it } from "vitest";
import { clocks } from "../../../../local/doctor/clocks.ts";
import type { RedisConnection } from "../../../../src/redis/index.ts";
import { factsOf, healthOf } from "./support.ts";

/** A Redis whose clock differs from this machine's. */
const redisAt = (skewMs: number) =>
  ({
    commands: {
      exec: async (command: string[]) => {
        expect(command).toEqual(["TIME"]);
        return [String(Math.floor((Date.now() + skewMs) / 1_000)), "0"];
      },
    },
  }) as unknown as RedisConnection;
const ofRedis = { UPSTASH_REDIS_REST_URL: "https://redis.test", UPSTASH_REDIS_REST_TOKEN: "x" };
const workerAt = (skewMs: number) => healthOf({ now: 5_000_000 + skewMs }, 5_000_000);

it.each<[number, number | undefined, string, string]>([
  [0, 0, "right", "those of the Worker, Redis and this machine agree within 30 s"],
  [30_000, undefined, "right", "agree within 30 s"],
  [-30_000, undefined, "right", "agree within 30 s"],
  [30_001, undefined, "wrong", "beside this machine's, the Worker's is 30 s ahead"],
  [-45_000, undefined, "wrong", "beside this machine's, the Worker's is 45 s behind"],
  [0, 120_000, "wrong", "the Worker's is 0 s ahead, and Redis's is 1"],
  [0, -120_000, "wrong", "and Redis's is 12"],
])("judges clocks that differ by %i ms at the Worker and %s ms at Redis", async (worker, skew, is, text) => {
  const facts = factsOf({
    health: workerAt(worker),
    ...(skew !== undefined && { env: ofRedis, redis: redisAt(skew) }),
  });
  expect(await clocks.run(facts)).toMatchObject({ is, text: expect.stringContaining(text) });
});

it("compares clocks with whichever of Worker and Redis can be asked", async () => {
  expect(await clocks.run(factsOf())).toMatchObject({ is: "unknown" });
  expect(await clocks.run(factsOf({ health: healthOf() }))).toMatchObject({ is: "unknown" });
  expect(await clocks.run(factsOf({ health: { is: "unreachable", reason: "" } }))).toMatchObject({ is: "unknown" });
  for (const name of Object.keys(ofRedis)) {
    expect(await clocks.run(factsOf({ env: { [name]: "x" } }))).toMatchObject({ is: "unknown" });
  }
  const alone = factsOf({ env: ofRedis, redis: redisAt(-100_000) });
  expect(await clocks.run(alone)).toMatchObject({
    is: "wrong",
    text: expect.stringMatching(/^beside this machine's, Redis's is 10[01] s behind$/),
  });
  expect(await clocks.run(factsOf({ env: ofRedis, redis: redisAt(0) }))).toMatchObject({ is: "right" });
});
