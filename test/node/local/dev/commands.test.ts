import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { createCommandReader } from "../../../../local/dev/commands.ts";
import { createEnvironment } from "../../../../local/dev/environment.ts";
import { sentenceOf } from "../../../../local/dev/mistake.ts";
import { features } from "../../../../src/bot/features.ts";
import { commandBodies } from "../../../../src/runtime/index.ts";
import { copyProject } from "../../../e2e/support.ts";

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

describe("a mistake that shows when the features are read", () => {
  const project = copyProject();
  const file = join(project, "src/bot/ping.ts");
  const good = readFileSync(file, "utf8");
  const edited = (from: string | RegExp, to: string): string => {
    const text = good.replace(from, () => to);
    expect(text).not.toBe(good);
    return text;
  };
  const atTop = (line: string) => () => `${line}\n${good}`;
  const reader = createCommandReader(project);
  afterAll(() => {
    reader.stop();
    rmSync(project, { recursive: true, force: true });
  });

  it.each<[string, () => string, string]>([
    [
      "an import without its extension",
      atTop('import "./channel";'),
      "src/bot/ping.ts:1: Cannot find module 'src/bot/channel' imported from src/bot/ping.ts.",
    ],
    ["a throw at the start", atTop('throw new RangeError("early");'), "src/bot/ping.ts:1:7: RangeError: early."],
    [
      "a top-level await that waits for ever",
      atTop("await new Promise(() => {});"),
      "src/bot/ping.ts:1: This top-level await waits for ever, so that the Worker never starts.",
    ],
    [
      "a description that is too long",
      () => edited(/description: ".*?"/, `description: "${"x".repeat(101)}"`),
      "src/bot/ping.ts:10:7: /ping: the description has 101 characters; Discord takes 1 to 100.",
    ],
    [
      "the name of another command",
      () => edited('      name: "ping"', '      name: "whois"'),
      'src/bot/ping.ts:10:7: The features "ping" and "whois" both bring the command "whois". Rename one of them.',
    ],
    [
      "a cooldown without its length",
      () => edited('      name: "ping",', '      name: "ping",\n      cooldown: { limit: 1 },'),
      'src/bot/ping.ts:10:7: "/ping" has a cooldown that cannot be kept: it lasts undefined seconds, and must last longer than 0.',
    ],
  ])("is said with its place: %s", async (_kind, text, sentence) => {
    writeFileSync(file, text());
    const read = await reader.read(["src/bot/ping.ts"]);
    expect("mistake" in read && sentenceOf(read.mistake)).toBe(sentence);
  });
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
