import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Application } from "../../../../local/deployment/application.ts";
import { readSettings } from "../../../../local/deployment/settings.ts";
import { secrets } from "../../../../local/setup/secrets.ts";
import { createFolder } from "../deployment/support.ts";
import { createTools } from "./support.ts";

const bot = {
  token: "a.b.c",
  application: { id: "1100000000000000001", verify_key: "ab".repeat(32) } as Application,
};
const database = { url: "https://redis.test", token: "redis-token" };

function createProject(before?: object) {
  const root = createFolder();
  const path = join(root, ".secrets.json");
  if (before) writeFileSync(path, JSON.stringify(before), { mode: 0o644 });
  return {
    path,
    root,
    read: () => JSON.parse(readFileSync(path, "utf8")) as Record<string, string>,
    async write(env: Record<string, string> = {}) {
      const { tools, said } = createTools();
      const settings = readSettings({ folder: root, env, takesDevVars: false });
      await secrets.run({ root, settings, bot, database }, tools);
      return said;
    },
  };
}

const written = {
  DISCORD_APPLICATION_ID: bot.application.id,
  DISCORD_PUBLIC_KEY: bot.application.verify_key,
  DISCORD_BOT_TOKEN: "a.b.c",
  UPSTASH_REDIS_REST_URL: "https://redis.test",
  UPSTASH_REDIS_REST_TOKEN: "redis-token",
};

it("writes a file that only its owner can read, with an ADMIN_TOKEN that nobody can guess", async () => {
  const [one, other] = [createProject(), createProject()];
  const said = await one.write();
  await other.write();
  expect(one.read()).toEqual({ ADMIN_TOKEN: expect.stringMatching(/^[\w-]{32}$/), ...written });
  expect(other.read()["ADMIN_TOKEN"]).not.toBe(one.read()["ADMIN_TOKEN"]);
  expect(statSync(one.path).mode & 0o777).toBe(0o600);
  expect(readFileSync(one.path, "utf8")).toMatch(/^\{\n {2}"[^]*\}\n$/);
  expect(readdirSync(one.root)).toEqual([".secrets.json"]);
  expect(said).toEqual([`Wrote ADMIN_TOKEN, ${Object.keys(written).join(", ")}. The ADMIN_TOKEN in it opens /admin.`]);
});

it("hides a file that others could read, and a draft of it that was left behind", async () => {
  const { path, write } = createProject({ OTHER: "kept" });
  writeFileSync(`${path}.new`, "", { mode: 0o644 });
  await write();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(existsSync(`${path}.new`)).toBe(false);
});

it("keeps what is there, and takes the place of what has changed", async () => {
  const { write, read } = createProject({ ADMIN_TOKEN: "x".repeat(24), OTHER: "kept", DISCORD_BOT_TOKEN: "old" });
  await write();
  expect(read()).toEqual({ ADMIN_TOKEN: "x".repeat(24), OTHER: "kept", ...written });
});

it("takes what the environment sets beside the secrets", async () => {
  const { write, read } = createProject();
  const env = {
    ADMIN_TOKEN: "y".repeat(24),
    DISCORD_API_URL: "https://discord.test",
    KEY_PREFIX: "t:",
    SUBREQUESTS: "1000",
    LOG_LEVEL: "warn",
  };
  await write({ ...env, PATH: "/bin" });
  expect(read()).toEqual({ ...written, ...env });
});

it("writes nothing the second time", async () => {
  const { write, path } = createProject();
  await write();
  const before = statSync(path).mtimeMs;
  expect(await write()).toEqual([".secrets.json has all of them already."]);
  expect(statSync(path).mtimeMs).toBe(before);
});

it("names the variable that cannot work and where it comes from, and writes nothing", async () => {
  const { write, path } = createProject();
  await expect(write({ SUBREQUESTS: "many" })).rejects.toMatchObject({
    problem: expect.stringMatching(/^SUBREQUESTS must be a whole number/),
    cure: "Correct SUBREQUESTS in the environment, and run npm run setup again.",
  });
  expect(existsSync(path)).toBe(false);
});
