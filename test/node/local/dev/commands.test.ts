import { expect, it, onTestFinished, vi } from "vitest";
import { createCommandReader } from "../../../../local/dev/commands.ts";
import { createEnvironment } from "../../../../local/dev/environment.ts";
import { features } from "../../../../src/bot/features.ts";
import { commandBodies } from "../../../../src/runtime/index.ts";

function start(root: string) {
  const reader = createCommandReader(root);
  onTestFinished(() => reader.stop());
  return reader;
}

it("reads the commands of the features as they are", async () => {
  const read = await start(process.cwd()).read([]);
  const declared = JSON.parse(JSON.stringify(commandBodies(features))) as unknown;
  expect(read).toEqual({ commands: declared });
});

it("says that the process ended early where no await tells why", async () => {
  const reader = createCommandReader(process.cwd());
  const reading = reader.read([]);
  reader.stop();
  expect(await reading).toEqual({
    mistake: { title: "The Worker cannot start", text: "The process that reads the commands ended early." },
    isOfCode: true,
  });
});

it("shows wrangler and the features no variable but those by which programs and folders are found", () => {
  vi.stubEnv("DISCORD_BOT_TOKEN", "secret");
  vi.stubEnv("TMPDIR", "/somewhere");
  vi.stubEnv("TEMP", undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  const env = createEnvironment("/home");
  expect(env).toMatchObject({
    PATH: process.env["PATH"],
    TMPDIR: "/somewhere",
    HOME: "/home",
    USERPROFILE: "/home",
    APPDATA: "/home",
    XDG_CONFIG_HOME: "/home",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_WRITE_LOGS: "false",
    NO_COLOR: "1",
  });
  expect(env).not.toHaveProperty("DISCORD_BOT_TOKEN");
  expect(env).not.toHaveProperty("TEMP");
});
