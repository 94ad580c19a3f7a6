import { expect, it } from "vitest";
import {
  command,
  commandTree,
  entryPoint,
  messageCommand,
  subcommand,
  subcommandGroup,
  userCommand,
} from "../../../../src/bot/kit.ts";
import { commandBody } from "../../../../src/discord/declare/command-body.ts";
import { commandContext, installation } from "../../../../src/discord/index.ts";

const description = "D";
const run = () => "x";
const name_localizations = { de: "anders" };

it("registers a command with what it declares, and without its handlers", () => {
  const declared = command({
    name: "all",
    name_localizations,
    description,
    description_localizations: { de: "Anders" },
    default_member_permissions: ["ManageGuild", "BanMembers"],
    contexts: [commandContext.guild],
    integration_types: [installation.guild, installation.user],
    nsfw: true,
    ephemeral: true,
    options: [
      { type: "string", name: "word", description, required: true, autocomplete: () => [] },
      { type: "integer", name: "count", description, min_value: 0 },
    ],
    run,
  });
  expect(commandBody(declared)).toEqual({
    type: 1,
    name: "all",
    name_localizations,
    description,
    description_localizations: { de: "Anders" },
    default_member_permissions: String((1 << 5) | (1 << 2)),
    contexts: [0],
    integration_types: [0, 1],
    nsfw: true,
    options: [
      { type: 3, name: "word", description, required: true, autocomplete: true },
      { type: 4, name: "count", description, min_value: 0 },
    ],
  });
  expect(commandBody(command({ name: "bare", description, run }))).toEqual({ type: 1, name: "bare", description });
  expect(commandBody(command({ name: "closed", description, default_member_permissions: [], run }))).toEqual({
    type: 1,
    name: "closed",
    description,
    default_member_permissions: "0",
  });
});

it("registers each kind of command by its number, with the subcommands of a tree", () => {
  const leaf = subcommand({ description, options: [{ type: "user", name: "who", description }], run });
  const group = subcommandGroup({ description, subcommands: { add: leaf }, name_localizations });
  expect(commandBody(commandTree({ name: "feed", description, subcommands: { list: leaf, topic: group } }))).toEqual({
    type: 1,
    name: "feed",
    description,
    options: [
      { type: 1, name: "list", description, options: [{ type: 6, name: "who", description }] },
      {
        type: 2,
        name: "topic",
        name_localizations,
        description,
        options: [{ type: 1, name: "add", description, options: [{ type: 6, name: "who", description }] }],
      },
    ],
  });
  expect(commandBody(userCommand({ name: "Greet", run }))).toEqual({ type: 2, name: "Greet" });
  expect(commandBody(messageCommand({ name: "Quote", run }))).toEqual({ type: 3, name: "Quote" });
  expect(commandBody(entryPoint({ name: "play", description, run }))).toEqual({
    type: 4,
    name: "play",
    description,
    handler: 1,
  });
});
