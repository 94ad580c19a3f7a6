import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { readSecrets, readSettings, variables } from "../../../../local/deployment/settings.ts";

function createFolder(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "sandpiper-settings-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

it("takes each variable from the environment, the secrets file or .dev.vars, in this order", () => {
  const folder = createFolder({
    ".secrets.json": JSON.stringify({ DISCORD_BOT_TOKEN: "of the file", KEY_PREFIX: "file: ", LOG_LEVEL: "" }),
    ".dev.vars": 'DISCORD_BOT_TOKEN="of dev"\nKEY_PREFIX="dev:"\nLOG_LEVEL="warn"\n',
  });
  const settings = readSettings({ folder, env: { DISCORD_BOT_TOKEN: " of the shell ", KEY_PREFIX: " " } });
  const read = (name: string) => [settings.get(name), settings.origin(name)];
  expect(read("DISCORD_BOT_TOKEN")).toEqual(["of the shell", "the environment"]);
  expect(read("KEY_PREFIX")).toEqual(["file:", ".secrets.json"]);
  expect(read("LOG_LEVEL")).toEqual(["warn", ".dev.vars"]);
  expect(read("ADMIN_TOKEN")).toEqual([undefined, "nowhere"]);
  expect(readSettings({ folder, env: {}, takesDevVars: false }).get("LOG_LEVEL")).toBeUndefined();
});

it("says what to do with a secrets file that is none", () => {
  const folder = createFolder({ ".secrets.json": "DISCORD_BOT_TOKEN=secret" });
  expect(() => readSettings({ folder, env: {} })).toThrow(/^\.secrets\.json is not JSON\. Correct it, or delete it/);
});

it("names the variables that are set, wherever they are", () => {
  const folder = createFolder({ ".secrets.json": JSON.stringify({ KEY_PREFIX: "a:", OTHER: "x", SUBREQUESTS: 50 }) });
  const settings = readSettings({ folder, env: { LOG_LEVEL: "warn", DISCORD_PUBLIC_KEY: "" } });
  expect(settings.names()).toEqual(["KEY_PREFIX", "SUBREQUESTS", "LOG_LEVEL"]);
  expect(settings.get("SUBREQUESTS")).toBe("50");
  expect(readSecrets(folder)).toEqual({ KEY_PREFIX: "a:", OTHER: "x", SUBREQUESTS: "50" });
});

it("has no secrets before the first setup, and knows every variable of a deployment", () => {
  const folder = createFolder({});
  expect(readSecrets(folder)).toEqual({});
  const env = Object.fromEntries(variables.map((name) => [name, "x"]));
  expect(readSettings({ folder, env }).names()).toEqual([
    "DISCORD_APPLICATION_ID",
    "DISCORD_PUBLIC_KEY",
    "DISCORD_BOT_TOKEN",
    "UPSTASH_REDIS_REST_URL",
    "UPSTASH_REDIS_REST_TOKEN",
    "ADMIN_TOKEN",
    "DISCORD_API_URL",
    "KEY_PREFIX",
    "SUBREQUESTS",
    "LOG_LEVEL",
    "QSTASH_CURRENT_SIGNING_KEY",
    "QSTASH_NEXT_SIGNING_KEY",
  ]);
});
