import { expect, it } from "vitest";
import { checkDeclaration } from "../../../../../local/discord/rest/command-rules.ts";

const command = (more: object = {}) => ({ name: "ok", description: "Fine", ...more });
const option = (more: object = {}) => ({ type: 3, name: "text", description: "Words", ...more });
const withOption = (more: object) => command({ options: [option(more)] });
const problems = (body: unknown, isGuild = false) =>
  checkDeclaration(body, "", isGuild).map(({ path, code }) => `${path} ${code}`);
const long = [
  { name: "n".repeat(100), value: "v".repeat(100) },
  { name: "m".repeat(100), value: "w".repeat(100) },
];
const choices = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `${index}`, value: `${index}` }));

it.each<[string, unknown, string]>([
  ["null", null, " MODEL_TYPE_CONVERT"],
  ["no name", { description: "x" }, "name BASE_TYPE_REQUIRED"],
  ["an upper-case name", command({ name: "Nope" }), "name APPLICATION_COMMAND_INVALID_NAME"],
  ["no description", { name: "ok" }, "description BASE_TYPE_REQUIRED"],
  ["a description of 101", command({ description: "x".repeat(101) }), "description BASE_TYPE_BAD_LENGTH"],
  ["an unknown type", command({ type: 9 }), "type BASE_TYPE_CHOICES"],
  ["an unknown locale", command({ name_localizations: { xx: "x" } }), "name_localizations.xx BASE_TYPE_CHOICES"],
  [
    "a localized name in upper case",
    command({ name_localizations: { de: "Nein" } }),
    "name_localizations.de APPLICATION_COMMAND_INVALID_NAME",
  ],
  [
    "permissions that are not a number",
    command({ default_member_permissions: "all" }),
    "default_member_permissions NUMBER_TYPE_COERCE",
  ],
  [
    "26 options",
    command({ options: Array.from({ length: 26 }, (_, index) => option({ name: `o${index}` })) }),
    "options BASE_TYPE_BAD_LENGTH",
  ],
  [
    "a subcommand beside an option",
    command({ options: [option(), { type: 1, name: "sub", description: "x" }] }),
    "options APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
  ],
  [
    "a group in a group",
    command({
      options: [{ type: 2, name: "a", description: "x", options: [{ type: 2, name: "b", description: "x" }] }],
    }),
    "options.0.options.0.type APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
  ],
  [
    "two options of equal name",
    command({ options: [option(), option()] }),
    "options APPLICATION_COMMAND_OPTIONS_NAME_NOT_UNIQUE",
  ],
  [
    "a late required option",
    command({ options: [option(), option({ name: "b", required: true })] }),
    "options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
  ],
  ["an option without a type", withOption({ type: undefined }), "options.0.type BASE_TYPE_REQUIRED"],
  ["26 choices", withOption({ choices: choices(26) }), "options.0.choices BASE_TYPE_BAD_LENGTH"],
  [
    "choices and autocomplete",
    withOption({ choices: choices(1), autocomplete: true }),
    "options.0.autocomplete APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID",
  ],
  [
    "a number for a text choice",
    withOption({ choices: [{ name: "a", value: 1 }] }),
    "options.0.choices.0.value UNION_TYPE_CHOICES",
  ],
  [
    "a length for a number",
    withOption({ type: 4, max_length: 3 }),
    "options.0.max_length APPLICATION_COMMAND_OPTIONS_FIELD_INVALID",
  ],
  [
    "a description for a user command",
    { type: 2, name: "Who", description: "x" },
    "description APPLICATION_COMMAND_CONTEXT_MENU_FIELD_INVALID",
  ],
  [
    "more than 8000 characters",
    command({
      options: Array.from({ length: 4 }, (_, at) =>
        option({
          name: `o${at}`,
          choices: choices(25).map(({ name, value }) => ({ name: name.padEnd(50, "x"), value: value.padEnd(50, "y") })),
        }),
      ),
    }),
    " APPLICATION_COMMAND_TOO_LARGE",
  ],
])("refuses %s", (_name, body, problem) => {
  expect(problems(body)).toContain(problem);
});

it("refuses fields of global commands in a server's command", () => {
  expect(problems(command({ contexts: [0] }), true)).toEqual([
    "contexts APPLICATION_COMMAND_GUILD_COMMAND_INVALID_FIELD",
  ]);
  expect(problems({ type: 4, name: "launch" }, true)).toEqual(["type APPLICATION_COMMAND_INVALID_TYPE"]);
});

it("accepts every declaration that Discord accepts", () => {
  expect(
    problems(
      command({
        name: "日本語",
        contexts: [0, 1, 2],
        integration_types: [0, 1],
        default_member_permissions: "0",
        name_localizations: { de: "grüße" },
      }),
    ),
  ).toEqual([]);
  expect(problems({ type: 3, name: "Quote THIS" })).toEqual([]);
  expect(problems({ type: 4, name: "launch", handler: 2 })).toEqual([]);
});

it.each<[object, string, string]>([
  [command({ name: "x".repeat(33) }), "name", "Must be between 1 and 32 in length."],
  [command({ description: "x".repeat(101) }), "description", "Must be between 1 and 100 in length."],
  [command({ name: "Menu", type: 2, description: undefined }), "", ""],
  [{ name: "x".repeat(33), type: 2 }, "name", "Must be between 1 and 32 in length."],
  [withOption({ description: "x".repeat(101) }), "options.0.description", "Must be between 1 and 100 in length."],
  [withOption({ choices: choices(26) }), "options.0.choices", "Must be between 0 and 25 in length."],
  [
    withOption({ choices: [{ name: "x".repeat(101), value: "x" }] }),
    "options.0.choices.0.name",
    "Must be between 1 and 100 in length.",
  ],
  [
    command({ options: Array.from({ length: 26 }, (_, index) => option({ name: `o${index}` })) }),
    "options",
    "Must be between 0 and 25 in length.",
  ],
  [command({ contexts: [0, 1, 2, 0] }), "contexts", "Must be between 1 and 3 in length."],
  [command({ integration_types: [] }), "integration_types", "Must be between 1 and 2 in length."],
  [
    command({ options: Array.from({ length: 25 }, (_, index) => option({ name: `o${index}`, choices: long })) }),
    "",
    "Command exceeds maximum size (8000)",
  ],
])("says in Discord's words which bound a command exceeds: %#", (declaration, path, message) => {
  const [first] = checkDeclaration(declaration);
  expect([first?.path ?? "", first?.message ?? ""]).toEqual([path, message]);
});
