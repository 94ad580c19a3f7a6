import { expect, it } from "vitest";
import { createTestBot } from "../support/bot.ts";
import { slash } from "../support/payloads.ts";

it("tells the isolate's age, the round trip to Redis and where Redis is", async () => {
  const bot = await createTestBot();
  const { status, body } = await bot.interact(slash("ping"));
  expect(status).toBe(200);
  expect(body).toEqual({
    type: 4,
    data: {
      allowed_mentions: { parse: [] },
      content: expect.stringMatching(
        /^\*\*Pong!\*\*\nIsolate `\w{8}` woke up <t:\d{10}:R>\.\nRedis at `127\.0\.0\.1:\d+` answered in \d+ ms\.$/,
      ),
    },
  });
});

it("costs at most one command a second, however often it is asked", async () => {
  const bot = await createTestBot();
  const cost = await bot.database.cost(async () => {
    for (let i = 0; i < 10; i++) await bot.interact(slash("ping"));
  });
  expect(cost["PING"]).toBeLessThanOrEqual(2);
});

it("answers with Redis gone, and says so", async () => {
  const bot = await createTestBot({ env: { UPSTASH_REDIS_REST_URL: "http://127.0.0.1:1" } });
  const { body } = await bot.interact(slash("ping"));
  expect(body).toMatchObject({ type: 4, data: { content: expect.stringContaining("`127.0.0.1:1` does not answer") } });
});

it("answers while Redis stalls, well before Discord gives up, and says so", async () => {
  const bot = await createTestBot();
  await bot.database.break({ at: "before", do: "stall", ms: 10_000 });
  const { body } = await bot.interact(slash("ping"));
  expect(body).toMatchObject({ data: { content: expect.stringContaining("did not answer within 250 ms") } });
  await bot.database.mend();
});
