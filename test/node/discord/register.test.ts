import { describe, expect, it } from "vitest";
import { features } from "../../../src/bot/features.ts";
import type { CommandBody } from "../../../src/discord/index.ts";
import { applyChange, compareCommands, listCommands } from "../../../src/discord/register.ts";
import { commandBodies } from "../../../src/runtime/index.ts";
import { createDiscord } from "../support.ts";

const own = commandBodies(features);
const guild = "1100000000000000100";

async function reconcile(
  discord: ReturnType<typeof createDiscord>,
  declared: readonly CommandBody[],
  guildId?: string,
) {
  const rest = discord.rest();
  const changes = compareCommands(declared, await listCommands(rest, guildId), guildId !== undefined);
  for (const change of changes) await discord.drive(applyChange(rest, change, guildId));
  return changes.map(({ action, command }) => `${action} ${command.name}`);
}

it.each([undefined, guild])("creates missing commands, and finds no change after that (guild %s)", async (guildId) => {
  const discord = createDiscord();
  expect(await reconcile(discord, own, guildId)).toEqual(own.map(({ name }) => `create ${name}`));
  expect(await reconcile(discord, own, guildId)).toEqual([]);
  const listed = await listCommands(discord.rest(), guildId);
  expect(listed.map(({ name }) => name)).toEqual(own.map(({ name }) => name));
});

it("updates commands that differ under their id, and deletes those that are gone", async () => {
  const discord = createDiscord();
  const commands = [
    { type: 1, name: "keep", description: "Same" },
    {
      type: 1,
      name: "change",
      description: "Before",
      options: [{ type: 3, name: "word", description: "A", max_length: 5 }],
    },
    { type: 2, name: "Gone" },
  ];
  await reconcile(discord, commands);
  const before = await listCommands(discord.rest());
  const after = [
    { type: 1, name: "keep", description: "Same", nsfw: false, options: [], contexts: undefined },
    {
      type: 1,
      name: "change",
      description: "After",
      options: [{ type: 3, name: "word", description: "A", max_length: 9 }],
    },
  ];
  expect(compareCommands(after, before)).toMatchObject([
    {
      action: "update",
      differences: [
        { path: "description", before: "Before", after: "After" },
        { path: "options.word.max_length", before: 5, after: 9 },
      ],
    },
    { action: "delete", command: { name: "Gone" } },
  ]);
  await reconcile(discord, after);
  const registered = await listCommands(discord.rest());
  expect(registered.map(({ id }) => id)).toEqual(before.slice(0, 2).map(({ id }) => id));
});

describe("the comparison of commands", () => {
  const base: CommandBody = { type: 1, name: "a", description: "d" };
  const registered = (more: object) => [{ ...base, id: "1", version: "2", application_id: "3", ...more }];
  it.each<[string, object, object]>([
    [
      "Discord's defaults",
      {},
      {
        nsfw: false,
        contexts: null,
        integration_types: [0],
        default_member_permissions: null,
        name_localizations: null,
        dm_permission: true,
      },
    ],
    ["the contexts that Discord fills in", {}, { contexts: [2, 1, 0] }],
    ["the contexts that Discord fills in without installations by users", {}, { contexts: [0, 1] }],
    ["installation types that follow the application's settings", {}, { integration_types: [0, 1] }],
    [
      "installation by users alone, as the application is set",
      { contexts: [0] },
      { contexts: [0], integration_types: [1] },
    ],
    ["fields that Discord does not list", { integration_types: [0] }, {}],
    [
      "fields declared as null",
      { contexts: null, integration_types: null },
      { contexts: [0, 1, 2], integration_types: [1] },
    ],
    ["the order of contexts", { contexts: [0, 1, 2] }, { contexts: [2, 0, 1] }],
    [
      "false where it is the default",
      { options: [{ type: 3, name: "o", description: "d", required: false }] },
      { options: [{ type: 3, name: "o", description: "d" }] },
    ],
    [
      "the case and order of file types",
      { options: [{ type: 11, name: "o", description: "d", file_types: [".PDF", "image"] }] },
      { options: [{ type: 11, name: "o", description: "d", file_types: ["image", ".pdf"] }] },
    ],
    ["empty localizations", { name_localizations: {} }, { name_localizations: null }],
  ])("finds no difference in %s", (_name, declared, given) => {
    expect(compareCommands([{ ...base, ...declared }], registered(given))).toEqual([]);
  });

  it.each<[string, object, object, string]>([
    [
      "a choice's value",
      { options: [{ type: 3, name: "o", description: "d", choices: [{ name: "Red", value: "r" }] }] },
      { options: [{ type: 3, name: "o", description: "d", choices: [{ name: "Red", value: "x" }] }] },
      "options.o.choices.Red.value",
    ],
    [
      "the order of options",
      {
        options: [
          { type: 3, name: "a", description: "d" },
          { type: 3, name: "b", description: "d" },
        ],
      },
      {
        options: [
          { type: 3, name: "b", description: "d" },
          { type: 3, name: "a", description: "d" },
        ],
      },
      "options (order)",
    ],
    [
      "no permissions, which is administrators only",
      { default_member_permissions: "0" },
      { default_member_permissions: null },
      "default_member_permissions",
    ],
    ["contexts that are declared no longer", {}, { contexts: [0] }, "contexts"],
    ["contexts that Discord does not list", { contexts: [0, 1, 2] }, { contexts: null }, "contexts"],
    ["declared contexts", { contexts: [0] }, { contexts: [0, 1] }, "contexts"],
    ["declared installation types", { integration_types: [0, 1] }, { integration_types: [0] }, "integration_types"],
    ["a localization that went", {}, { description_localizations: { de: "x" } }, "description_localizations"],
  ])("finds a difference in %s", (_name, declared, given, path) => {
    expect(compareCommands([{ ...base, ...declared }], registered(given))).toMatchObject([{ differences: [{ path }] }]);
  });
});

it("finds no difference in what Discord fills in for a server's commands", () => {
  const declared = { type: 1, name: "a", description: "d", contexts: [0], integration_types: [0, 1] };
  const listed = { type: 1, name: "a", description: "d", id: "1", guild_id: guild };
  for (const filled of [{}, { contexts: null, integration_types: null }, { contexts: [0], integration_types: [0] }]) {
    expect(compareCommands([declared], [{ ...listed, ...filled }], true)).toEqual([]);
  }
});

it("keeps the entry-point command that Discord made for an activity", () => {
  const launch = { id: "9", type: 4, name: "launch", description: "", handler: 2 };
  expect(compareCommands([], [launch])).toEqual([]);
});

it("names the command, the option and the field when Discord refuses", async () => {
  const { rest, drive } = createDiscord();
  const command = {
    type: 1,
    name: "bad",
    description: "x",
    options: [{ type: 3, name: "Wrong Name", description: "d" }],
  };
  await expect(drive(applyChange(rest(), { action: "create", command }))).rejects.toThrow(
    /Discord refuses \/bad: 50035\n {2}options\.0 "Wrong Name"\.name: /,
  );
});
