import { expect, it } from "vitest";
import { createTestBot } from "../../support/bot.ts";

const health = () => new Request("https://bot.test/health");

it("answers 200 and whether Redis answers, with one PING in ten seconds", async () => {
  const bot = await createTestBot();
  const cost = await bot.database.cost(async () => {
    for (let i = 0; i < 5; i++) {
      const response = await bot.fetch(health());
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ ok: true, redis: { ok: true, latencyMs: expect.any(Number) } });
    }
  });
  expect(cost).toEqual({ requests: 1, PING: 1 });
});

it("stays 200 with Redis gone, since the Worker can still answer", async () => {
  const bot = await createTestBot({ env: { UPSTASH_REDIS_REST_URL: "http://127.0.0.1:1" } });
  const response = await bot.fetch(health());
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ ok: true, redis: { ok: false, reason: expect.any(String) } });
});

it("answers 503 and names what is missing when not configured", async () => {
  const bot = await createTestBot({ env: { DISCORD_APPLICATION_ID: undefined } });
  const response = await bot.fetch(health());
  expect(response.status).toBe(503);
  expect(await response.text()).toContain("DISCORD_APPLICATION_ID is missing");
});

it("answers 404 in words elsewhere", async () => {
  const bot = await createTestBot();
  const response = await bot.fetch(new Request("https://bot.test/nowhere"));
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ error: "there is nothing at GET /nowhere" });
});
