import { expect, it } from "vitest";
import { createDiscordSimulator } from "../../local/discord/index.ts";
import { handlers } from "../../src/bot/commands/index.ts";
import { commandBody, commandsOf } from "../../src/discord/index.ts";
import { problemsOfCommand } from "../kit/spec.ts";

const bodies = commandsOf(handlers).map(commandBody);

it.each(bodies)("registers $name in the shape of Discord's API description", (body) => {
  expect(problemsOfCommand(body)).toEqual([]);
});

it("registers all of them by Discord's rules", () => {
  const discord = createDiscordSimulator({ interactionsUrl: "http://bot.invalid/interactions" });
  discord.registerCommands(bodies);
  expect(discord.commands()).toHaveLength(bodies.length);
});
