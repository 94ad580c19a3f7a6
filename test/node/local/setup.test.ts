import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { createDiscordSimulator } from "../../../local/discord/index.ts";
import { createEngine, createRedisRestServer } from "../../../local/redis/index.ts";
import { createSetup } from "../../../local/setup/command.ts";
import { runCommandIn } from "./shell.ts";

// `npm run setup` up to where it would deploy.

const folder = mkdtempSync(join(tmpdir(), "sandpiper-setup-"));
const secretsPath = join(folder, ".secrets.json");
const setup = createSetup(folder);
const token = "setup-redis-token";
const redis = await createRedisRestServer({ backend: await createEngine(), token });
const discord = createDiscordSimulator({ interactionsUrl: null });
const served = await discord.serve({ host: "127.0.0.1", port: 0 });
const given = {
  DISCORD_API_URL: `${served.url}/api/v10`,
  DISCORD_BOT_TOKEN: discord.botToken,
  UPSTASH_REDIS_REST_URL: redis.url,
  UPSTASH_REDIS_REST_TOKEN: token,
};

afterAll(async () => {
  await Promise.all([served.close(), redis.close()]);
  rmSync(folder, { recursive: true, force: true });
});

it("says in a dry run what each step does, and does nothing", async () => {
  const { code, out, err } = await runCommandIn(setup, ["--dry-run"], given);
  expect([code, err]).toEqual([0, ""]);
  expect([...out.matchAll(/^(\d)\/9 /gm)].map(([, number]) => Number(number))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(out).toContain("none of this was done");
  expect(existsSync(secretsPath)).toBe(false);
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
  const failed = await runCommandIn(setup, [], { ...given, ...env });
  expect(failed.code).toBe(code);
  const printed = failed.out + failed.err;
  expect(failed.out).toContain("This step failed:");
  for (const text of texts) expect(failed.err).toContain(text);
  expect(printed).not.toMatch(/very-secret|token-of-somebody|at .*\.ts:\d/);
  expect(printed).not.toContain(discord.botToken);
  expect(existsSync(secretsPath)).toBe(false);
});
