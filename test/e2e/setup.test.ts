import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { buildId } from "../../local/deployment/build-id.ts";
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

it("goes from a bot's token and a database to the first answer", { timeout: 120_000 }, async () => {
  const startedAt = performance.now();
  // A secret is taken as it is: wrangler would expand it in a file of another form.
  const adminToken = "an-admin-token$HOME-of-24-characters";
  const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith("sandpiper-deploy-"));
  const before = leftovers();
  const setup = world.start("setup", [], { ...secrets, ADMIN_TOKEN: adminToken });
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
  expect(cloudflare.workers.get("sandpiper")?.upload).toMatchObject({
    tag: buildId(world.folder),
    bindings: { ...secrets, ADMIN_TOKEN: adminToken },
  });
  expect(leftovers()).toEqual(before);
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

it("leaves a deployment that npm run doctor finds nothing wrong with", { timeout: 60_000 }, async () => {
  const { code, output } = await world.run("doctor", ["--wait", "0"]);
  expect(output).toMatch(/^✓ variables /m);
  expect(output).toMatch(/^✓ redis +127\.0\.0\.1:\d+ answers in \d+ ms from here, \d+ ms from the Worker$/m);
  expect(output).toMatch(/^✓ redis-replies /m);
  expect(output).toMatch(/^– redis-month +skipped without UPSTASH_EMAIL, UPSTASH_API_KEY$/m);
  expect(output).toMatch(/^✓ redis-eviction +off/m);
  expect(output).toMatch(/^✓ version +[0-9a-f]{12} of \S+, as this checkout$/m);
  expect(output).toMatch(/^✓ bundle +\d+\.\d kB packed/m);
  expect(output).toMatch(/^– cron /m);
  expect(output).not.toMatch(/^✗/m);
  // A line for each check, and how many came to what.
  const lines = output.trim().split("\n");
  expect(lines).toHaveLength(23);
  const count = (mark: string) => lines.filter((line) => line.startsWith(mark)).length;
  expect(lines.at(-1)).toBe(`${count("✓")} right, 0 wrong, ${count("–")} not known from here.`);
  expect(code).toBe(0);
});

it("leaves its secrets to what npm run deploy puts in its place", { timeout: 60_000 }, async () => {
  const first = cloudflare.workers.get("sandpiper");
  writeFileSync(join(world.folder, "src/new.ts"), "export const one = 1;\n");
  const { code, output } = await world.run("deploy");
  expect([code, output]).toEqual([0, expect.stringContaining("Uploaded sandpiper")]);
  const { upload } = cloudflare.workers.get("sandpiper") ?? {};
  expect(upload?.tag).toBe(buildId(world.folder));
  expect(upload?.tag).not.toBe(first?.upload.tag);
  expect(upload?.bindings).toEqual(first?.upload.bindings);
  expect((await discord.command("/ping")).messages).toMatchObject([{ content: expect.stringContaining("Pong!") }]);
});

it("runs again without asking for anything, changes nothing, and takes over the address of another program by force", {
  timeout: 120_000,
}, async () => {
  const before = { secrets: readFileSync(secretsPath, "utf8"), application: { ...discord.application } };
  chmodSync(secretsPath, 0o644);
  discord.application.interactions_endpoint_url = "https://gateway.example.com/interactions";
  const { code, output } = await world.run("setup", ["--no-wait", "--force"]);
  expect(statSync(secretsPath).mode & 0o777).toBe(0o600);
  expect(output).toContain("DISCORD_BOT_TOKEN is taken from .secrets.json");
  expect(output).toContain(".secrets.json has all of them already");
  expect(output).toContain("Nothing to change");
  expect(code).toBe(0);
  expect({ secrets: readFileSync(secretsPath, "utf8"), application: discord.application }).toEqual(before);
});

it("says what wrangler said when it cannot deploy", { timeout: 120_000 }, async () => {
  const { code, output } = await world.run("setup", ["--no-wait"], { CLOUDFLARE_API_TOKEN: "very-wrong" });
  expect(code).toBe(1);
  expect(output).toMatch(/wrangler could not deploy: [^]*npx wrangler login/);
});
