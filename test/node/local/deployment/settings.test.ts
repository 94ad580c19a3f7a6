import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { readSettings } from "../../../../local/deployment/settings.ts";

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
