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

it("says which deployment answers, what time it is there, and when the cron last ticked in its isolate", async () => {
  const version = { id: "4f0c", tag: "0123456789ab", timestamp: "2026-11-26T12:00:00Z" };
  const bot = await createTestBot({ env: { CF_VERSION_METADATA: version as unknown as string } });
  const before = Date.now();
  const read = async () => (await (await bot.fetch(health())).json()) as { now: number };
  const first = await read();
  expect(first).toMatchObject({ version, tickedAt: null });
  expect(first.now).toBeGreaterThanOrEqual(before);
  bot.isolate.ticks.lastAt = 1_700_000_000_000;
  expect(await read()).toMatchObject({ tickedAt: 1_700_000_000_000 });
  const plain = await createTestBot();
  expect(await (await plain.fetch(health())).json()).toMatchObject({ version: null });
});

it("says so of a tick by POST too, which is billed as one of the cron, and names the deployment to Prometheus", async () => {
  const token = "admin-token-of-this-test";
  const version = { id: "4f0c", tag: "", timestamp: "" };
  const bot = await createTestBot({ env: { ADMIN_TOKEN: token, CF_VERSION_METADATA: version as unknown as string } });
  const headers = { Authorization: `Bearer ${token}` };
  const at = (path: string, method = "GET") =>
    bot.fetch(new Request(`https://bot.test${path}`, { method, ...(path !== "/health" && { headers }) }));
  const ticked = await at("/admin/api/tick", "POST");
  expect(ticked.status).toBe(200);
  const { tickedAt } = (await (await at("/health")).json()) as { tickedAt: number };
  expect(tickedAt).toBeGreaterThan(Date.now() - 60_000);
  const metrics = await (await at("/admin/api/metrics")).text();
  expect(metrics).toContain('sandpiper_build_info{version="4f0c"} 1');
  expect(metrics).not.toMatch(/redis_commands_total\{cause="dashboard"\} [1-9]/);
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
