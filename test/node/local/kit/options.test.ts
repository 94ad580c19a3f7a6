import { expect, it } from "vitest";
import { createDiscordSimulator } from "../../../../local/discord/index.ts";
import { checkOptions, registerCommands } from "../../../../local/kit/options.ts";

it.each<[object, string]>([
  [{ config: "./wrangler.toml" }, 'startSim: there is no option "config"; there are configPath, commands and env.'],
  [{ configPath: "/nowhere/wrangler.toml" }, "startSim: there is no wrangler file at /nowhere/wrangler.toml."],
  [{ commands: {} }, "startSim: commands is not an array."],
  [{ env: { LOG_LEVEL: 3 } }, "startSim: env.LOG_LEVEL is not a string."],
])("refuses the options %j in a sentence", (options, sentence) => {
  expect(() => checkOptions(options)).toThrow(sentence);
});

it("accepts no options and all of them", () => {
  expect(() => checkOptions({})).not.toThrow();
  expect(() =>
    checkOptions({ configPath: "./wrangler.toml", commands: [], env: { LOG_LEVEL: "error" } }),
  ).not.toThrow();
});

it("names the field of a command that Discord refuses", () => {
  const discord = createDiscordSimulator({ interactionsUrl: "http://bot.invalid/interactions" });
  const wrong = { type: 1, name: "Loud Name", description: "x" } as const;
  expect(() => registerCommands(discord, [wrong])).toThrow(
    "startSim: Discord refuses the commands: Invalid Form Body\n  commands.0.name: Command name is invalid",
  );
});
