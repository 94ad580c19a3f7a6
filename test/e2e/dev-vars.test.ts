import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createEnvironment } from "../../local/dev/environment.ts";
import { readConfig } from "../../src/runtime/config.ts";
import { copyProject, endStarted, freePort, root, run } from "./support.ts";

// `npx wrangler dev` with variables in .dev.vars, as a developer starts it beside real accounts.

/** Every variable of the table, each with a value that is not its default. */
const variables = {
  DISCORD_APPLICATION_ID: "1100000000000000001",
  DISCORD_PUBLIC_KEY: "ab".repeat(32),
  DISCORD_BOT_TOKEN: "bot-token",
  UPSTASH_REDIS_REST_URL: "http://127.0.0.1:1",
  UPSTASH_REDIS_REST_TOKEN: "redis-token",
  ADMIN_TOKEN: "admin-token-of-24-characters",
  QSTASH_CURRENT_SIGNING_KEY: "sig_current",
  QSTASH_NEXT_SIGNING_KEY: "sig_next",
  DISCORD_API_URL: "http://127.0.0.1:2/api/v10",
  KEY_PREFIX: "mine:",
  SUBREQUESTS: "1000",
  LOG_LEVEL: " ERROR ",
};

const folder = copyProject();
let url = "";

beforeAll(async () => {
  const lines = Object.entries(variables).map(([name, value]) => `${name}="${value}"\n`);
  writeFileSync(join(folder, ".dev.vars"), lines.join(""));
  // The bot's own Worker, and what it is given.
  writeFileSync(
    join(folder, "src/worker.ts"),
    `import { features } from "./bot/features.ts";
import { createWorker } from "./runtime/index.ts";
const worker = createWorker({ features });
export default {
  ...worker,
  fetch: async (request, env, ctx) =>
    request.url.endsWith("/env") ? Response.json(env) : worker.fetch(request, env, ctx),
};\n`,
  );
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const args = ["node_modules/wrangler/bin/wrangler.js", "dev", "--port", String(port), "--inspector-port", "0"];
  const dev = run(folder, process.execPath, args, createEnvironment(folder));
  await dev.until(/Ready on http/);
  return () => endStarted();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("gives the Worker each variable of .dev.vars, the optional ones too", async () => {
  const env = (await (await fetch(`${url}/env`)).json()) as Record<string, unknown>;
  expect(env).toMatchObject(variables);
  expect(readConfig(env).problems).toEqual([]);
  expect(readConfig(env).config).toMatchObject({ keyPrefix: "mine:", subrequests: 1_000, logLevel: "error" });
});

it("opens /admin with the ADMIN_TOKEN of .dev.vars", async () => {
  const events = (token: string) =>
    fetch(`${url}/admin/api/events`, { headers: { Authorization: `Bearer ${token}` } }).then(({ status }) => status);
  expect(await events(variables.ADMIN_TOKEN)).not.toBe(404);
  expect(await events("another-token-of-24-characters")).toBe(401);
});

it("is listed in .dev.vars.example, the required ones uncommented, without any value", () => {
  const text = readFileSync(join(root, ".dev.vars.example"), "utf8");
  const all = parseEnv(text.replaceAll(/^# (?=[A-Z_]+=)/gm, ""));
  expect(Object.keys(all).toSorted()).toEqual(Object.keys(variables).toSorted());
  expect(new Set(Object.values(all))).toEqual(new Set([""]));
  expect(Object.keys(parseEnv(text)).toSorted()).toEqual(Object.keys(variables).slice(0, 5).toSorted());
});
