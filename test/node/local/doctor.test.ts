import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { buildId } from "../../../local/deployment/build-id.ts";
import { connectDiscord } from "../../../local/deployment/clients.ts";
import { readSettings } from "../../../local/deployment/settings.ts";
import { createDiscordSimulator } from "../../../local/discord/index.ts";
import { createDoctor } from "../../../local/doctor/command.ts";
import { createEngine, createRedisRestServer } from "../../../local/redis/index.ts";
import { addresses } from "../../../local/setup/addresses.ts";
import { botToken } from "../../../local/setup/bot-token.ts";
import { commands } from "../../../local/setup/commands.ts";
import { database } from "../../../local/setup/redis.ts";
import { secrets as secretsStep } from "../../../local/setup/secrets.ts";
import { features } from "../../../src/bot/features.ts";
import { commandBodies, createWorker } from "../../../src/runtime/index.ts";
import { createTools } from "./setup/support.ts";
import { runCommandIn } from "./shell.ts";

// `npm run doctor` after what `npm run setup` enters, and with one thing wrong at a time. The Worker runs in this process.

const harbour = "1100000000000000100";
const folder = mkdtempSync(join(tmpdir(), "sandpiper-doctor-"));
const doctor = createDoctor(folder);

const token = "deployment-redis-token";
const redis = await createRedisRestServer({ backend: await createEngine(), token });
const discord = createDiscordSimulator({ interactionsUrl: null });
const served = await discord.serve({ host: "127.0.0.1", port: 0 });
const secrets = {
  DISCORD_BOT_TOKEN: discord.botToken,
  UPSTASH_REDIS_REST_URL: redis.url,
  UPSTASH_REDIS_REST_TOKEN: token,
};
const DISCORD_API_URL = `${served.url}/api/v10`;

/** Two isolates of the deployment: this one answers, and the other one ticks as well as this one. */
const answering = createWorker({ features });
const beside = createWorker({ features });
const ended = new AbortController();
const works: Promise<unknown>[] = [];
const context = { waitUntil: (work: Promise<unknown>) => void works.push(work), stopping: ended.signal };
const workerUrl = await listen((request) => answering.fetch(request, bindings(), context), afterAll);

function bindings(): object {
  const settings = readSettings({ folder, env: {} });
  const version = { id: "1", tag: deployed, timestamp: "2026-06-01T12:00:00.000Z" };
  return {
    ...Object.fromEntries(settings.names().map((name) => [name, settings.get(name)])),
    CF_VERSION_METADATA: version,
    DISCORD_API_URL,
  };
}
let deployed = "";

const tick = (isolate: typeof answering) =>
  void works.push(isolate.scheduled({ scheduledTime: Date.now() }, bindings(), context));

beforeAll(async () => {
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "src/worker.ts"), "export default {};\n");
  cpSync(join(import.meta.dirname, "../../../wrangler.toml"), join(folder, "wrangler.toml"));
  deployed = buildId(folder);
  const settings = readSettings({ folder, env: { ...secrets, DISCORD_API_URL } });
  const { tools } = createTools();
  const bot = await botToken.run({ settings }, tools);
  await secretsStep.run({ root: folder, settings, bot, database: await database.run({ settings }, tools) }, tools);
  const rest = connectDiscord(settings, bot.token, bot.application.id);
  await addresses.run({ rest, workerUrl, isForced: false }, tools);
  await commands.run({ rest }, tools);
});

afterAll(async () => {
  ended.abort();
  await Promise.all(works);
  await Promise.all([served.close(), redis.close()]);
  rmSync(folder, { recursive: true, force: true });
});

/** Serves on 127.0.0.1 until the end of the test, or of all, and returns the address. */
function listen(fetch: (request: Request) => Response | Promise<Response>, atEnd: (end: () => void) => void) {
  return new Promise<string>((resolve) => {
    const server = serve({ fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => resolve(`http://127.0.0.1:${port}`));
    atEnd(() => void server.close());
  });
}

interface Report {
  ok: boolean;
  checks: { name: string; is: "right" | "wrong" | "unknown"; text: string; cure?: string }[];
}

/** Runs the doctor without its look at the bundle, which takes it longest, and returns its report and exit code. */
async function examine(args: string[] = ["--wait", "0"], env: Record<string, string> = {}) {
  const all = ["--json", "--skip", "bundle", ...args];
  const { code, out, err } = await runCommandIn(doctor, all, { DISCORD_API_URL, ...env });
  expect(err).toBe("");
  for (const secret of Object.values({ ...secrets, ...env }).filter((value) => /token/i.test(value)))
    expect(out).not.toContain(secret);
  const report = JSON.parse(out) as Report;
  const find = (name: string) => report.checks.find((check) => check.name === name);
  return { code, report, find, wrong: report.checks.filter(({ is }) => is === "wrong").map(({ name }) => name) };
}

it("takes a tick for the proof that the cron runs, and its absence for the opposite", async () => {
  const absent = await examine(["--wait", "1"]);
  expect(absent.find("cron")).toMatchObject({ is: "wrong", text: expect.stringContaining("no tick took up") });
  expect(absent.code).toBe(1);
  expect(await redisCommand("KEYS", "sp:j:*")).toEqual([]);

  // The isolate that answers does not tick: a wake-up proves that another one does.
  const waiting = examine(["--wait", "40"]);
  await expect.poll(() => redisCommand("KEYS", "sp:j:*")).toEqual(["sp:j:due"]);
  tick(beside);
  expect((await waiting).find("cron")).toMatchObject({
    is: "right",
    text: expect.stringMatching(/^a tick took up a wake-up after/),
  });

  tick(answering);
  expect((await examine()).find("cron")).toMatchObject({
    is: "right",
    text: expect.stringMatching(/^the last tick began \d+ s ago$/),
  });
});

it.each<[string, string, string, () => unknown, () => unknown]>([
  [
    "commands",
    "/ping",
    "npm run register",
    () => discord.registerCommands(commandBodies(features).filter(({ name }) => name !== "ping")),
    () => discord.registerCommands(commandBodies(features)),
  ],
  [
    "server-commands",
    "no longer declared: /old",
    `npm run register -- --guild ${harbour}`,
    () => registerInServer([{ name: "old", description: "Gone" }]),
    () => registerInServer([]),
  ],
  [
    "endpoint",
    "another.example.com",
    "npm run setup -- --force",
    () => (discord.application.interactions_endpoint_url = "https://another.example.com/interactions"),
    () => (discord.application.interactions_endpoint_url = `${workerUrl}/interactions`),
  ],
  [
    "webhook-events",
    "Discord has turned them off",
    "npm run setup",
    () => (discord.application.event_webhooks_status = 3),
    () => (discord.application.event_webhooks_status = 2),
  ],
  [
    "install",
    "cannot be installed",
    "npm run setup",
    () => (discord.application.integration_types_config = { "1": {} }),
    () => (discord.application.integration_types_config = { "0": {}, "1": {} }),
  ],
  [
    "version",
    "this checkout",
    "npm run deploy",
    () => writeFileSync(join(folder, "src/new.ts"), "export const one = 1;\n"),
    () => (deployed = buildId(folder)),
  ],
])("finds %s wrong, says %s, and names the cure", async (name, text, cure, breakIt, mend) => {
  await breakIt();
  try {
    const args = name === "endpoint" ? ["--wait", "0", "--url", workerUrl] : ["--wait", "0"];
    const { code, find, wrong } = await examine(args);
    expect(find(name)).toMatchObject({ is: "wrong", text: expect.stringContaining(text), cure });
    // Discord cannot verify that address either.
    expect(wrong.filter((one) => one !== "verification")).toEqual([name]);
    expect(code).toBe(1);
  } finally {
    await mend();
  }
});

it("finds nothing wrong once all of these are mended", async () => {
  expect((await examine()).wrong).toEqual([]);
});

it("names each variable that is malformed, and each key and token that is not the deployment's", async () => {
  const foreign = await examine(["--wait", "0"], {
    DISCORD_PUBLIC_KEY: "ab".repeat(32),
    UPSTASH_REDIS_REST_TOKEN: "wrong-token",
  });
  expect(foreign.find("public-key")).toMatchObject({ is: "wrong", cure: "npm run setup" });
  expect(foreign.find("redis")).toMatchObject({
    is: "wrong",
    cure: expect.stringContaining("UPSTASH_REDIS_REST_TOKEN"),
  });
  const malformed = await examine(["--wait", "0"], { DISCORD_PUBLIC_KEY: "abc", SUBREQUESTS: "many" });
  expect(malformed.find("variables")).toMatchObject({
    is: "wrong",
    text: expect.stringMatching(/DISCORD_PUBLIC_KEY must be 64 hex digits.*SUBREQUESTS must be a whole number/),
    cure: "correct DISCORD_PUBLIC_KEY in the environment",
  });
  const refused = await examine(["--wait", "0"], { DISCORD_BOT_TOKEN: "MTEw.wrong-token.somebody" });
  expect(refused.find("application")).toMatchObject({ is: "wrong", cure: expect.stringContaining("Bot page") });
});

it("asks what needs no token of a Worker at an address, and finds one that checks no signatures", async () => {
  const app = new Hono();
  app.post("/interactions", (c) => c.json({ type: 1 }));
  app.get("/health", (c) => c.text("Hello world"));
  const url = await listen(app.fetch, onTestFinished);
  const { find, code } = await examine(["--wait", "0", "--url", url]);
  expect(find("signatures")).toMatchObject({
    is: "wrong",
    text: expect.stringContaining("HTTP 200 to a wrong signature"),
  });
  expect(find("worker")).toMatchObject({ is: "wrong", text: expect.stringContaining('"Hello world": not this bot') });
  expect(code).toBe(1);
});

it("tells region, eviction and the month of an account at Upstash", async () => {
  const app = new Hono();
  const host = "127.0.0.1";
  app.get("/v2/redis/databases", (c) =>
    c.json([
      { database_id: "db1", endpoint: host, primary_region: "eu-west-1", read_regions: ["us-east-1"], eviction: true },
    ]),
  );
  app.get("/v2/redis/stats/db1", (c) => c.json({ total_monthly_requests: 480_000 }));
  const url = await listen(app.fetch, onTestFinished);
  const { find } = await examine(["--wait", "0"], {
    UPSTASH_EMAIL: "ada@example.com",
    UPSTASH_API_KEY: "k",
    UPSTASH_API_URL: url,
  });
  expect(find("redis-region")).toMatchObject({
    is: "right",
    text: expect.stringContaining("eu-west-1, read in us-east-1"),
  });
  expect(find("redis-eviction")).toMatchObject({ is: "wrong", cure: expect.stringContaining("Eviction off") });
  expect(find("redis-month")).toMatchObject({
    is: "wrong",
    text: expect.stringContaining("480,000 commands this month, 96 %"),
  });
});

async function redisCommand(...command: string[]): Promise<unknown> {
  const response = await fetch(redis.url, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}` },
    body: JSON.stringify(command),
  });
  return ((await response.json()) as { result: unknown }).result;
}

async function registerInServer(commands: object[]): Promise<void> {
  const path = `/api/v10/applications/${discord.applicationId}/guilds/${harbour}/commands`;
  const response = await discord.app.request(path, {
    method: "PUT",
    headers: { Authorization: `Bot ${discord.botToken}`, "Content-Type": "application/json" },
    body: JSON.stringify(commands),
  });
  expect(response.status).toBe(200);
}

it.each([
  ["a token in place of the address", { UPSTASH_REDIS_REST_URL: "AXsecret-token" }],
  ["tokens with line breaks", { UPSTASH_REDIS_REST_TOKEN: "secret\ntoken", DISCORD_BOT_TOKEN: "MTEw.secret\ntoken.x" }],
])("repeats no secret of %s", async (_name, env) => {
  const args = ["--json", "--skip", "bundle", "--wait", "0"];
  const { code, out: output, err } = await runCommandIn(doctor, args, { DISCORD_API_URL, ...env });
  expect(err).toBe("");
  expect(code).toBe(1);
  expect(output).not.toContain("secret");
  expect(output).toMatch(/"name": "variables",\s+"is": "wrong"/);
});
