import { beforeAll, expect, it } from "vitest";
import { createDiscordSimulator, type Simulator } from "../../../local/discord/index.ts";
import { register as command } from "../../../local/register/command.ts";
import { features } from "../../../src/bot/features.ts";
import { commandBodies } from "../../../src/runtime/index.ts";
import { runCommandIn } from "./shell.ts";

// `npm run register` against the simulator.

const guild = "1100000000000000100";
let discord: Simulator;
let url: string;

beforeAll(async () => {
  discord = createDiscordSimulator({ interactionsUrl: "http://bot.invalid/interactions" });
  const served = await discord.serve({ host: "127.0.0.1", port: 0 });
  url = served.url;
  return () => served.close();
});

const register = (args: string[], env: Record<string, string> = {}) =>
  runCommandIn(command, args, {
    DISCORD_APPLICATION_ID: discord.applicationId,
    DISCORD_BOT_TOKEN: discord.botToken,
    DISCORD_API_URL: `${url}/api/v10`,
    ...env,
  });

it("prints the changes of a dry run, applies them, and then has nothing to change", async () => {
  const dry = await register(["--dry-run"]);
  expect(dry).toMatchObject({ code: 0, err: "" });
  expect(dry.out).toMatch(
    /\+ \/ping\n[^]*\+ "Who is" \(user\)\n[^]*\+ "Quote" \(message\)\n[^]*Dry run: \d+ changes to apply everywhere, none applied\./,
  );
  expect(discord.commands()).toEqual([]);
  expect((await register([])).out).toMatch(/Applied \d+ changes everywhere\.\n$/);
  expect((await register([])).out).toMatch(/^Nothing to change: \d+ commands registered everywhere\.\n$/);
});

it("registers commands in one server", async () => {
  expect((await register(["--guild", guild])).out).toContain(`in server ${guild}`);
  expect(discord.world.commands.get(guild)?.size).toBeGreaterThan(3);
});

it("removes commands that are no longer declared, and shows what differs", async () => {
  discord.registerCommands([
    { name: "ping", description: "Before" },
    { name: "old", description: "Gone" },
  ]);
  const { out } = await register(["--dry-run"]);
  expect(out).toContain('~ /ping\n    description: "Before" → "Is the bot awake, and does Redis answer?"');
  expect(out).toContain("- /old");
});

it("says what was applied when a change fails midway, and goes on when it runs again", async () => {
  discord.registerCommands([
    { name: "ping", description: "Before" },
    { name: "old", description: "Gone" },
  ]);
  // The deletion is the last change, after all that is created or updated.
  discord.setRestFault({ status: 403, times: 1, path: `/commands/${discord.commands()[1]?.id}` });
  const failed = await register([]);
  discord.setRestFault(undefined);
  expect(failed.code).toBe(1);
  expect(failed.err).toMatch(
    /Do DISCORD_APPLICATION_ID [^]*403[^]*\nApplied before that: (\d+) of \d+: ~ \/ping, \+ \/whois?[^]*\nNot applied: - \/old\nCorrect the cause and run npm run register again: it goes on with what is left\.\n$/,
  );
  const again = await register([]);
  expect(again.out).toBe("- /old\nApplied 1 change everywhere.\n");
  expect((await register([])).out).toContain("Nothing to change");

  discord.setRestFault({ status: 403, times: 1, path: `/commands/` });
  discord.registerCommands([...discord.commands(), { name: "old", description: "Gone" }]);
  const none = await register([]);
  discord.setRestFault(undefined);
  expect(none.err).toContain("Applied before that: none\nNot applied: - /old\n");
});

it.each([
  ["no contexts and no installation types", () => ({ contexts: null, integration_types: undefined })],
  ["all of them", () => ({ contexts: [0, 1, 2], integration_types: [0, 1] })],
])("has nothing to change after a registration where Discord fills in %s", async (_what, fill) => {
  await register([]);
  const declared = new Map(commandBodies(features).map((body) => [`${body.type} ${body.name}`, body]));
  const stored = discord.world.commands.get("global") ?? new Map();
  for (const [id, command] of stored) {
    const body = declared.get(`${command.type} ${command.name}`);
    const filled = fill();
    stored.set(id, {
      ...command,
      ...(body?.["contexts"] === undefined && { contexts: filled.contexts }),
      ...(body?.["integration_types"] === undefined && { integration_types: filled.integration_types }),
    });
  }
  expect((await register([])).out).toMatch(/^Nothing to change/);
});

it.each([
  ["no application", [], { DISCORD_APPLICATION_ID: "" }, 2, "DISCORD_APPLICATION_ID is missing. Copy it from"],
  [
    "a strange application",
    [],
    { DISCORD_APPLICATION_ID: "abc" },
    2,
    "DISCORD_APPLICATION_ID takes an ID of 17 to 20 digits.",
  ],
  [
    "no token",
    [],
    { DISCORD_BOT_TOKEN: "" },
    2,
    "DISCORD_BOT_TOKEN is missing. Copy it from the application's Bot page",
  ],
  [
    "neither",
    [],
    { DISCORD_APPLICATION_ID: "", DISCORD_BOT_TOKEN: "" },
    2,
    "DISCORD_APPLICATION_ID is missing. Copy it from the application's General Information page at Discord.\nDISCORD_BOT_TOKEN is missing. Copy it from the application's Bot page at Discord.\nEach is read",
  ],
  ["a wrong token", [], { DISCORD_BOT_TOKEN: "very-wrong" }, 1, "does not accept this DISCORD_BOT_TOKEN"],
  ["a strange server", ["--guild", "here"], {}, 2, "--guild takes an ID of 17 to 20 digits."],
  ["an unknown server", ["--guild", "1100000000000000999"], {}, 1, "10004 Unknown Guild"],
  [
    "a server without the bot",
    ["--guild", "1100000000000000999"],
    {},
    1,
    "Is the bot in server 1100000000000000999, and",
  ],
  ["no way to Discord", [], { DISCORD_API_URL: "http://127.0.0.1:1" }, 1, "Discord cannot be reached."],
  ["an unknown option", ["--all"], {}, 2, "Unknown option --all.\n\nUsage: npm run register"],
  ["an argument", ["everything"], {}, 2, 'Unexpected argument "everything".\n\nUsage: npm run register'],
  ["a strange address", [], { DISCORD_API_URL: "discord" }, 2, "DISCORD_API_URL takes an address such as"],
])("says what to do with %s", async (_name, args, env, code, message) => {
  const failed = await register(args, env);
  expect([failed.code, failed.err]).toEqual([code, expect.stringContaining(message)]);
  expect(failed.err + failed.out).not.toMatch(/very-wrong|at .*\.ts:\d/);
});
