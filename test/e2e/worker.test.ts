import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestHarness } from "wrangler";
import { createDiscordSimulator, type Simulator } from "../../local/discord/index.ts";
import { createEngine, createRedisRestServer, type RedisRestServer } from "../../local/redis/index.ts";
import { features } from "../../src/bot/features.ts";
import { commandBodies } from "../../src/runtime/index.ts";

// The built Worker in workerd, with the real engine behind it and signed interactions from the simulator.

let redis: RedisRestServer;
let discord: Simulator;
let worker: ReturnType<typeof createTestHarness>;

beforeAll(async () => {
  redis = await createRedisRestServer({ backend: await createEngine(), token: "e2e-token", faults: true });
  let workerUrl = "";
  discord = createDiscordSimulator({
    interactionsUrl: "http://worker.invalid/interactions",
    fetch: (_input, init) => fetch(`${workerUrl}/interactions`, init),
  });
  discord.registerCommands(commandBodies(features));
  worker = createTestHarness({
    workers: [
      {
        configPath: "./wrangler.toml",
        secrets: {
          DISCORD_APPLICATION_ID: discord.applicationId,
          DISCORD_PUBLIC_KEY: discord.publicKey,
          DISCORD_BOT_TOKEN: discord.botToken,
          UPSTASH_REDIS_REST_URL: redis.url,
          UPSTASH_REDIS_REST_TOKEN: "e2e-token",
        },
      },
    ],
  });
  workerUrl = (await worker.listen()).url.origin;
});

afterAll(async () => {
  await worker.close();
  await redis.close();
});

it("answers Discord's PING", async () => {
  expect(await discord.ping()).toMatchObject({ status: 200, answer: { kind: "pong" }, problems: [] });
});

it("answers /ping in a guild and in a direct message with readable text", async () => {
  for (const from of [{}, { user: "stranger", channel: "dm" }, { user: "mei_lin", channel: "accueil", locale: "fr" }]) {
    const { answer, problems, messages } = await discord.command("/ping", from);
    expect(problems).toEqual([]);
    expect(answer.kind).toBe("message");
    expect(messages).toEqual([
      expect.objectContaining({ content: expect.stringContaining("**Pong!**"), author: discord.world.bot }),
    ]);
  }
});

it("begins a cron tick with a first look at the jobs, for at most 30 commands", async () => {
  redis.resetCounters();
  // A tick goes on for two minutes, longer than this test: it ends with the Worker.
  void worker
    .getWorker()
    .scheduled({ cron: "* * * * *" })
    .catch(() => {});
  await expect.poll(() => redis.counters().byCommand["ZRANGE"] ?? 0, { timeout: 10_000 }).toBeGreaterThan(0);
  expect(redis.counters().commands).toBeLessThanOrEqual(30);
});

it("answers /ping, PING and /health with Redis stopped", async () => {
  await redis.close();
  await expect
    .poll(async () => JSON.stringify((await discord.command("/ping")).messages), { timeout: 10_000 })
    .toContain("does not answer");
  expect(await discord.ping()).toMatchObject({ answer: { kind: "pong" } });
  expect((await worker.fetch("/health")).status).toBe(200);
});
