import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createDeploymentWorld } from "./deployment-world.ts";
import { endStarted } from "./support.ts";

// `npm run doctor` after `npm run setup`, and with one thing wrong at a time.

const world = await createDeploymentWorld();
const { discord, cloudflare, secrets, redis } = world;
const harbour = "1100000000000000100";

interface Report {
  ok: boolean;
  checks: { name: string; is: "right" | "wrong" | "unknown"; text: string; cure?: string }[];
}

/** Runs the doctor without its look at the bundle, which takes it longest, and returns its report and exit code. */
async function examine(args: string[] = ["--wait", "0"], env: Record<string, string> = {}) {
  const { code, output } = await world.run("doctor", ["--json", "--skip", "bundle", ...args], env);
  for (const secret of Object.values({ ...secrets, ...env }).filter((value) => /token/i.test(value)))
    expect(output).not.toContain(secret);
  const report = JSON.parse(output) as Report;
  const find = (name: string) => report.checks.find((check) => check.name === name);
  return { code, report, find, wrong: report.checks.filter(({ is }) => is === "wrong").map(({ name }) => name) };
}

beforeAll(async () => {
  const { code, output } = await world.run("setup", ["--no-wait"], secrets);
  expect(code, output).toBe(0);
}, 120_000);

afterAll(async () => {
  endStarted();
  await world.close();
});

it("finds nothing wrong with what setup made, and leaves out by name what it cannot ask", {
  timeout: 60_000,
}, async () => {
  const { code, output } = await world.run("doctor", ["--wait", "0"]);
  expect(output).toMatch(/^✓ variables /m);
  expect(output).toMatch(/^✓ redis +127\.0\.0\.1:\d+ answers in \d+ ms from here, \d+ ms from the Worker$/m);
  expect(output).toMatch(/^– redis-month +skipped without UPSTASH_EMAIL, UPSTASH_API_KEY$/m);
  expect(output).toMatch(/^✓ redis-eviction +off/m);
  expect(output).toMatch(/^✓ version +[0-9a-f]{12} of \S+, as this checkout$/m);
  expect(output).toMatch(/^✓ bundle +\d+\.\d kB packed/m);
  expect(output).toMatch(/^– cron /m);
  expect(output).not.toMatch(/^✗/m);
  // A line for each check, and how many came to what.
  const lines = output.trim().split("\n");
  expect(lines).toHaveLength(22);
  const count = (mark: string) => lines.filter((line) => line.startsWith(mark)).length;
  expect(lines.at(-1)).toBe(`${count("✓")} right, 0 wrong, ${count("–")} not known from here.`);
  expect(code).toBe(0);
});

it("takes a tick for the proof that the cron runs, and its absence for the opposite", {
  timeout: 240_000,
}, async () => {
  const absent = await examine(["--wait", "5"]);
  expect(absent.find("cron")).toMatchObject({ is: "wrong", text: expect.stringContaining("no tick took up") });
  expect(absent.code).toBe(1);
  const keys = await redisCommand("KEYS", "sp:j:*");
  expect(keys).toEqual([]);

  cloudflare.tick();
  // A moment later, this isolate knows of its tick.
  await expect
    .poll(async () => (await examine()).find("cron"), { timeout: 30_000 })
    .toMatchObject({
      is: "right",
      text: expect.stringMatching(/^the last tick began \d+ s ago$/),
    });
});

it("proves the cron by a wake-up where the isolate that answers does not tick", { timeout: 120_000 }, async () => {
  // A Worker of another version answers: it tells of no tick, and ticks all the same.
  expect((await world.run("deploy", [])).code).toBe(0);
  const waiting = examine(["--wait", "40"]);
  const ticking = setTimeout(() => cloudflare.tick(), 6_000);
  const { find } = await waiting;
  clearTimeout(ticking);
  expect(find("cron")).toMatchObject({ is: "right", text: expect.stringMatching(/^a tick took up a wake-up after/) });
});

it.each<[string, string, string, () => unknown, () => unknown]>([
  [
    "commands",
    "/ping",
    "npm run register",
    () => discord.registerCommands(discord.commands().filter(({ name }) => name !== "ping")),
    () => world.run("register"),
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
    () => (discord.application.interactions_endpoint_url = "https://sandpiper.tide.workers.dev/interactions"),
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
    () => writeFileSync(join(world.folder, "src/new.ts"), "export const one = 1;\n"),
    () => world.run("deploy"),
  ],
])("finds %s wrong, says %s, and names the cure", { timeout: 120_000 }, async (name, text, cure, breakIt, mend) => {
  await breakIt();
  try {
    const args = name === "endpoint" ? ["--wait", "0", "--url", "https://sandpiper.tide.workers.dev"] : ["--wait", "0"];
    const { code, find, wrong } = await examine(args);
    expect(find(name)).toMatchObject({ is: "wrong", text: expect.stringContaining(text), cure });
    // Discord cannot verify that address either.
    expect(wrong.filter((one) => one !== "verification")).toEqual([name]);
    expect(code).toBe(1);
  } finally {
    await mend();
  }
});

it("finds nothing wrong once all of these are mended", { timeout: 60_000 }, async () => {
  expect((await examine()).wrong).toEqual([]);
});

it("names each variable that is malformed, and each key and token that is not the deployment's", {
  timeout: 60_000,
}, async () => {
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

it("asks what needs no token of a Worker at an address, and finds one that checks no signatures", {
  timeout: 60_000,
}, async () => {
  const app = new Hono();
  app.post("/interactions", (c) => c.json({ type: 1 }));
  app.get("/health", (c) => c.text("Hello world"));
  const url = await new Promise<string>((resolve) => {
    const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) =>
      resolve(`http://127.0.0.1:${port}`),
    );
    afterAll(() => void server.close());
  });
  const { find, code } = await examine(["--wait", "0", "--url", url]);
  expect(find("signatures")).toMatchObject({
    is: "wrong",
    text: expect.stringContaining("HTTP 200 to a wrong signature"),
  });
  expect(find("worker")).toMatchObject({ is: "wrong", text: expect.stringContaining('"Hello world": not this bot') });
  expect(code).toBe(1);
});

it("tells region, eviction and the month of an account at Upstash", { timeout: 60_000 }, async () => {
  const app = new Hono();
  const host = "127.0.0.1";
  app.get("/v2/redis/databases", (c) =>
    c.json([
      { database_id: "db1", endpoint: host, primary_region: "eu-west-1", read_regions: ["us-east-1"], eviction: true },
    ]),
  );
  app.get("/v2/redis/stats/db1", (c) => c.json({ total_monthly_requests: 480_000 }));
  const url = await new Promise<string>((resolve) => {
    const server = serve({ fetch: app.fetch, hostname: host, port: 0 }, ({ port }) =>
      resolve(`http://${host}:${port}`),
    );
    afterAll(() => void server.close());
  });
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
    headers: { Authorization: `Bearer ${secrets["UPSTASH_REDIS_REST_TOKEN"]}` },
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
])("repeats no secret of %s", { timeout: 60_000 }, async (_name, env) => {
  const { code, output } = await world.run("doctor", ["--json", "--wait", "0"], env);
  expect(code).toBe(1);
  expect(output).not.toContain("secret");
  expect(output).toMatch(/"name": "variables",\s+"is": "wrong"/);
});
