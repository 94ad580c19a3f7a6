import { expect, it } from "vitest";
import { createDiscordSimulator } from "../../../local/discord/index.ts";
import { problemsOfCommand } from "../../../local/kit/discord-api-spec/spec.ts";
import { features } from "../../../src/bot/features.ts";
import { commandBodies } from "../../../src/runtime/index.ts";

const bodies = commandBodies(features);

it.each(bodies)("registers $name in the shape of Discord's API description", (body) => {
  expect(problemsOfCommand(body)).toEqual([]);
});

it("registers all commands by Discord's rules", () => {
  const discord = createDiscordSimulator({ interactionsUrl: "http://bot.invalid/interactions" });
  discord.registerCommands(bodies);
  expect(discord.commands()).toHaveLength(bodies.length);
});
