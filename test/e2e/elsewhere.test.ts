import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { serve } from "@hono/node-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDiscordSimulator, type Simulator } from "../../local/discord/index.ts";
import { createEngine, createRedisRestServer, type RedisRestServer } from "../../local/redis/index.ts";
import { features } from "../../src/bot/features.ts";
import { createJobs, type Jobs } from "../../src/jobs/index.ts";
import { createConnection, createRedisState } from "../../src/redis/index.ts";
import { commandBodies } from "../../src/runtime/index.ts";
import { endStarted, expectNothingLeft, freePort, root, run } from "./support.ts";

// The bot of examples/, as processes on Node, Bun and Deno in the local world.

const examples = join(root, "examples");
const installed = (name: string) => join(examples, "node_modules/.bin", name);
const runtimes = {
  node: { program: process.execPath, args: ["examples/node.ts"] },
  bun: { program: installed("bun"), args: ["examples/bun.ts"] },
  deno: {
    program: installed("deno"),
    args: ["run", "--no-prompt", "--allow-env", "--allow-net", "--allow-read", "examples/deno.ts"],
  },
};
const ada = "1100000000000000011";
const token = "elsewhere-redis-token";
const adminToken = "an-admin-token-of-24-characters";

describe.each(Object.entries(runtimes))("the bot on %s", (name, { program, args }) => {
  const isThere = existsSync(program);
  if (!isThere) {
    process.stderr.write(
      `\nLEFT OUT: the bot on ${name} is not tested, since ${name} is not installed here: npm ci --prefix examples\n\n`,
    );
  }

  let redis: RedisRestServer;
  let discord: Simulator;
  let jobs: Jobs;
  let bot: ReturnType<typeof run>;
  let port: number;
  /** Messages to Discord wait for this. */
  let gate = Promise.resolve();
  let held = 0;

  beforeAll(async () => {
    if (!isThere) return;
    port = await freePort();
    redis = await createRedisRestServer({ backend: await createEngine(), token });
    discord = createDiscordSimulator({ interactionsUrl: `http://127.0.0.1:${port}/interactions` });
    discord.registerCommands(commandBodies(features));
    const discordPort = await freePort();
    const server = serve({
      port: discordPort,
      hostname: "127.0.0.1",
      async fetch(request) {
        if (request.method === "POST" && request.url.endsWith("/messages")) {
          held += 1;
          await gate;
        }
        return discord.app.fetch(request);
      },
    });
    afterAll(async () => {
      endStarted();
      server.close();
      await redis.close();
    });
    const { commands } = createConnection({ url: redis.url, token, state: createRedisState() });
    jobs = createJobs({ redis: () => commands, prefix: "sp:" });
    bot = run(root, program, args, {
      PORT: String(port),
      TICK_SECONDS: "1",
      DISCORD_APPLICATION_ID: discord.applicationId,
      DISCORD_PUBLIC_KEY: discord.publicKey,
      DISCORD_BOT_TOKEN: discord.botToken,
      DISCORD_API_URL: `http://127.0.0.1:${discordPort}/api/v10`,
      UPSTASH_REDIS_REST_URL: redis.url,
      UPSTASH_REDIS_REST_TOKEN: token,
      ADMIN_TOKEN: adminToken,
      LOG_LEVEL: "warn",
    });
    await bot.until(/Listening/);
  });

  /** Schedules a reminder past the bot: only a tick finds it. */
  async function remind(about: string): Promise<void> {
    const [channelId = ""] = [...discord.world.guilds.values()].flatMap(({ channels }) => [...channels.keys()]);
    await jobs.schedule({ kind: "remind", owner: ada, dueAt: Date.now() - 1, data: { about, channelId } });
  }

  const received = (): string =>
    discord
      .visibleMessages({ channel: "dm" })
      .map(({ content }) => content)
      .join("\n");

  it.runIf(isThere)("answers a command, with state and without", async () => {
    const ping = await discord.command("/ping");
    expect([ping.status, ping.problems]).toEqual([200, []]);
    expect(JSON.stringify(ping.messages)).toContain("Pong");
    const reminder = await discord.command("/remind me about:tea in:2h");
    expect(JSON.stringify(reminder.messages)).toContain("tea");
  });

  it.runIf(isThere)("shows the dashboard to an operator who logs in", async () => {
    const at = `http://127.0.0.1:${port}`;
    const entered = await fetch(`${at}/admin/login`, {
      method: "POST",
      redirect: "manual",
      headers: { Origin: at, "X-Forwarded-For": "203.0.113.7" },
      body: new URLSearchParams({ token: adminToken }),
    });
    expect([entered.status, await entered.text()]).toEqual([303, ""]);
    const Cookie = entered.headers.get("Set-Cookie")?.split(";")[0] ?? "";
    const page = await fetch(`${at}/admin`, { headers: { Cookie } });
    expect([page.status, await page.text()]).toEqual([200, expect.stringMatching(/^<!doctype html>[^]*All well/)]);
  });

  it.runIf(isThere)("delivers a job by the tick of its timer", async () => {
    await sleep(1_500);
    await remind("the timer");
    await expect.poll(received, { timeout: 10_000 }).toContain("the timer");
  });

  it.runIf(isThere)("takes a tick by POST, beside its own", async () => {
    const headers = { Authorization: `Bearer ${adminToken}` };
    const response = await fetch(`http://127.0.0.1:${port}/admin/api/tick`, { method: "POST", headers });
    expect([response.status, await response.json()]).toMatchObject([200, { ok: true }]);
  });

  it.runIf(isThere)("finishes what runs before it stops, begins nothing more, and waits for no tick", async () => {
    const opening = Promise.withResolvers<void>();
    gate = opening.promise;
    const heldBefore = held;
    await remind("the last one");
    await expect.poll(() => held, { timeout: 10_000 }).toBeGreaterThan(heldBefore);
    bot.child.kill("SIGTERM");
    await bot.until(/Stopping/);
    await remind("too late");
    await sleep(500);
    expect(received()).not.toContain("the last one");
    const openedAt = Date.now();
    opening.resolve();
    expect([await bot.ended, bot.output()]).toEqual([0, expect.stringMatching(/Stopped\.\n$/)]);
    expect(Date.now() - openedAt).toBeLessThan(8_000);
    expect(received()).toContain("the last one");
    expect(received()).not.toContain("too late");
    const left = await jobs.list(ada);
    expect(left.map(({ data }) => (data as { about: string }).about)).toEqual(["too late", "tea"]);
    await expectNothingLeft({ port });
  });
});
