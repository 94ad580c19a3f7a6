import { chmodSync, existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { features } from "../../src/bot/features.ts";
import { commandBodies } from "../../src/runtime/index.ts";
import { createDeploymentWorld } from "./deployment-world.ts";
import { endStarted } from "./support.ts";

// `npm run setup` in a fresh clone, with Discord's and Cloudflare's side on this machine. Wrangler itself is the real one.

const world = await createDeploymentWorld();
const { discord, secrets, cloudflare } = world;
const secretsPath = join(world.folder, ".secrets.json");
const workerUrl = "https://sandpiper.tide.workers.dev";
const secretValues = () => Object.values(JSON.parse(readFileSync(secretsPath, "utf8")) as Record<string, string>);

afterAll(async () => {
  endStarted();
  await world.close();
});

it("says in a dry run what each step does, and does nothing", async () => {
  const { code, output } = await world.run("setup", ["--dry-run"], secrets);
  expect(code).toBe(0);
  expect([...output.matchAll(/^(\d)\/9 /gm)].map(([, number]) => Number(number))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(output).toContain("none of this was done");
  expect(existsSync(secretsPath)).toBe(false);
  expect(cloudflare.workers.size).toBe(0);
});

it.each<[string, Record<string, string>, number, string[]]>([
  ["no token and no terminal", { DISCORD_BOT_TOKEN: "" }, 2, ["DISCORD_BOT_TOKEN is missing"]],
  ["the public key for a token", { DISCORD_BOT_TOKEN: "ab".repeat(32) }, 1, ["That is the public key", "Bot page"]],
  [
    "a token that Discord refuses",
    { DISCORD_BOT_TOKEN: "MTEw.wrong.token-of-somebody" },
    1,
    ["Discord does not accept this DISCORD_BOT_TOKEN", "come from the environment"],
  ],
  [
    "the address of the TCP endpoint",
    { UPSTASH_REDIS_REST_URL: "rediss://default:very-secret@eu1.upstash.io:6379" },
    1,
    ["TCP endpoint", "https://….upstash.io"],
  ],
  ["a Redis that does not answer", { UPSTASH_REDIS_REST_URL: "http://127.0.0.1:1" }, 1, ["could not be reached"]],
  ["a wrong token of Redis", { UPSTASH_REDIS_REST_TOKEN: "very-secret" }, 1, ["UPSTASH_REDIS_REST_TOKEN"]],
])("stops at %s with a cure, before anything is changed", async (_, env, code, texts) => {
  const failed = await world.run("setup", [], { ...secrets, ...env });
  expect(failed.code).toBe(code);
  for (const text of texts) expect(failed.output).toContain(text);
  expect(failed.output).not.toMatch(/very-secret|token-of-somebody|at .*\.ts:\d/);
  expect(failed.output).not.toContain(discord.botToken);
  expect(existsSync(secretsPath)).toBe(false);
});

it("goes from a bot's token and a database to the first answer", { timeout: 120_000 }, async () => {
  const startedAt = performance.now();
  const setup = world.start("setup", [], secrets);
  await setup.until(/Say \/ping in the server now/);
  // The live log begins a moment after wrangler does.
  const using = setInterval(() => void discord.command("/ping"), 500);
  const code = await setup.ended;
  clearInterval(using);
  const seconds = (performance.now() - startedAt) / 1_000;
  const output = setup.output();
  expect(output).toContain("it answered. Done.");
  expect(code).toBe(0);
  process.stdout.write(`npm run setup, from nothing to the first answer: ${seconds.toFixed(1)} s\n`);
  expect(seconds).toBeLessThan(60);

  expect(discord.application).toMatchObject({
    interactions_endpoint_url: `${workerUrl}/interactions`,
    event_webhooks_url: `${workerUrl}/webhook-events`,
    event_webhooks_status: 2,
    event_webhooks_types: ["APPLICATION_AUTHORIZED", "APPLICATION_DEAUTHORIZED"],
    integration_types_config: {
      "0": { oauth2_install_params: { scopes: ["applications.commands", "bot"], permissions: "3072" } },
    },
  });
  expect(discord.commands().map(({ name }) => name)).toEqual(commandBodies(features).map(({ name }) => name));
  expect(cloudflare.schedules.get("sandpiper")).toEqual(["* * * * *"]);
  expect((await discord.command("/ping")).messages).toMatchObject([{ content: expect.stringContaining("Pong!") }]);

  const link = new URL(/https:\/\/discord\.com\/oauth2\/authorize\S+/.exec(output)?.[0] ?? "");
  expect(Object.fromEntries(link.searchParams)).toEqual({
    client_id: discord.applicationId,
    scope: "applications.commands bot",
    permissions: "3072",
    integration_type: "0",
  });
  expect(statSync(secretsPath).mode & 0o777).toBe(0o600);
  const hidden = secretValues().filter((value) => /token|[\w-]{30,}/i.test(value) && value !== discord.publicKey);
  expect(hidden).toHaveLength(3);
  for (const value of hidden) expect(output).not.toContain(value);
});

it("runs again without asking for anything, and changes nothing", { timeout: 120_000 }, async () => {
  const before = { secrets: readFileSync(secretsPath, "utf8"), application: { ...discord.application } };
  chmodSync(secretsPath, 0o644);
  const { code, output } = await world.run("setup", ["--no-wait"]);
  expect(statSync(secretsPath).mode & 0o777).toBe(0o600);
  expect(output).toContain("DISCORD_BOT_TOKEN is taken from .secrets.json");
  expect(output).toContain(".secrets.json has all of them already");
  expect(output).toContain("Nothing to change");
  expect(code).toBe(0);
  expect({ secrets: readFileSync(secretsPath, "utf8"), application: discord.application }).toEqual(before);
});

it("leaves the address of another program alone, unless it is forced", { timeout: 120_000 }, async () => {
  const other = "https://gateway.example.com/interactions";
  discord.application.interactions_endpoint_url = other;
  const refused = await world.run("setup", ["--no-wait"]);
  expect(refused.code).toBe(1);
  expect(refused.output).toContain(`go to ${other}: another program answers them.`);
  expect(refused.output).toContain("npm run setup -- --force");
  expect(discord.application.interactions_endpoint_url).toBe(other);

  expect((await world.run("setup", ["--no-wait", "--force"])).code).toBe(0);
  expect(discord.application.interactions_endpoint_url).toBe(`${workerUrl}/interactions`);
});

it("says what wrangler said when it cannot deploy", { timeout: 120_000 }, async () => {
  const { code, output } = await world.run("setup", ["--no-wait"], { CLOUDFLARE_API_TOKEN: "very-wrong" });
  expect(code).toBe(1);
  expect(output).toMatch(/wrangler could not deploy: [^]*npx wrangler login/);
});
