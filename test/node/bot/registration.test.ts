import { expect, it } from "vitest";
import { createDiscordSimulator } from "../../../local/discord/index.ts";
import { problemsOfCommand } from "../../../local/kit/discord-api-spec/spec.ts";
import { features } from "../../../src/bot/features.ts";
import { commandBodies } from "../../../src/runtime/index.ts";

const bodies = commandBodies(features);

/** The features that this bot comes with: one that a developer adds registers what its developer likes. */
const names =
  "ping whois server channel cache poll quote setup session feeds reminders installs status cluster help".split(" ");
const own = commandBodies(features.filter(({ name }) => names.includes(name)));

it.each(bodies)("registers $name in the shape of Discord's API description", (body) => {
  expect(problemsOfCommand(body)).toEqual([]);
});

it("registers all commands by Discord's rules", () => {
  const discord = createDiscordSimulator({ interactionsUrl: "http://bot.invalid/interactions" });
  discord.registerCommands(bodies);
  expect(discord.commands()).toHaveLength(bodies.length);
});

it("offers commands that say something of a server or change it in servers only, and the others everywhere", () => {
  const [here, everywhere] = [
    own.filter((body) => !body.integration_types),
    own.filter((body) => body.integration_types),
  ];
  expect(here.map(({ name }) => name)).toEqual(["server", "channel", "cache", "poll", "setup", "feed"]);
  for (const { contexts } of here) expect(contexts).toEqual([0]);
  for (const { contexts, integration_types: types } of everywhere)
    expect([contexts, types]).toEqual([
      [0, 1, 2],
      [0, 1],
    ]);
  const guarded = own.filter((body) => body.default_member_permissions !== undefined);
  // Manage Server.
  expect(guarded.map((body) => [body.name, body.default_member_permissions])).toEqual([
    ["cache", "32"],
    ["setup", "32"],
  ]);
});

it("bounds what people type, and asks for what a command cannot do without", () => {
  interface Option {
    name: string;
    type: number;
    required?: boolean;
    max_length?: number;
    options?: readonly Option[];
  }
  const optionsOf = (path: string, options: readonly Option[] = []): string[] =>
    options.flatMap(({ name, type, required, max_length: most, options: inner }) =>
      type < 3 ? optionsOf(`${path} ${name}`, inner) : [`${path} ${name}${required ? "!" : ""} ${most ?? ""}`.trim()],
    );
  expect(own.flatMap((body) => optionsOf(body.name, "options" in body ? (body.options as Option[]) : []))).toEqual([
    "whois person",
    "channel channel",
    "poll question 200",
    "poll closes 50",
    "setup anew",
    "session end session!",
    "feed follow topic! 50",
    "feed follow channel",
    "feed unfollow topic! 50",
    "feed unfollow channel",
    "feed publish topic! 50",
    "feed publish text! 1500",
    "remind me about! 1000",
    "remind me in 50",
    "remind me at 50",
    "remind me every 100",
    "remind me zone 64",
    "remind cancel reminder!",
    "remind snooze reminder!",
    "remind snooze by 50",
    "broadcast order!",
    "broadcast note 500",
    "help command 100",
  ]);
});
