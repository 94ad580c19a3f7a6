import { expect, it } from "vitest";
import { checkDeclaration } from "../../../../../local/discord/rest/command-rules.ts";
import { among, fileType, flag, listed, many, type Rule, shown } from "../validate/support.ts";

// Every field of a declared command: what it takes at its bounds, and by which path and code it refuses the rest.

const command = (more: object = {}) => ({ name: "ok", description: "Fine", ...more });
const option = (more: object = {}) => ({ type: 3, name: "text", description: "Words", ...more });
const withOption = (more: object) => command({ options: [option(more)] });
const withChoice = (more: object, type = 3) => withOption({ type, choices: [{ name: "n", value: "v", ...more }] });
const sub = (more: object = {}) => ({ type: 1, name: "sub", description: "x", ...more });
const group = (more: object = {}) => ({ type: 2, name: "group", description: "x", ...more });
const problems = (body: unknown, isGuild = false) => shown(checkDeclaration(body, "", isGuild));
const rule = (takes: unknown[], ...refuses: [unknown, string][]): Rule => ({ takes, refuses: new Map(refuses) });

const long = "BASE_TYPE_BAD_LENGTH";
const notText = "STRING_TYPE_CONVERT";
const name = rule(
  ["a", "x".repeat(32), "日本", "it's_a-b", "กี่", undefined],
  ["x".repeat(33), long],
  ["", long],
  [5, notText],
  ["A", "APPLICATION_COMMAND_INVALID_NAME"],
  ["a b", "APPLICATION_COMMAND_INVALID_NAME"],
);
const required = (text: Rule): Rule => ({
  takes: text.takes.filter((value) => value !== undefined),
  refuses: new Map([...text.refuses, [undefined, "BASE_TYPE_REQUIRED"], [null, "BASE_TYPE_REQUIRED"]]),
});
const words = (most: number) =>
  rule(["x", "x".repeat(most), undefined], ["x".repeat(most + 1), long], ["", long], [5, notText]);
const [least, most, kind] = ["NUMBER_TYPE_MIN", "NUMBER_TYPE_MAX", "NUMBER_TYPE_COERCE"];
const twice = "SET_TYPE_ALREADY_CONTAINS_VALUE";
/** Values for lists that may be one too long: the last is then there twice, which is judged after the length. */
const contextAt = (at: number) => at % 3;
const installationAt = (at: number) => at % 2;
const own = "options.0";

it.each<[path: string, Rule, (value: unknown) => unknown]>([
  ["name", required(name), (name) => command({ name })],
  ["description", required(words(100)), (description) => command({ description })],
  ["name_localizations.de", name, (de) => command({ name_localizations: { de } })],
  ["description_localizations.fr", words(100), (fr) => command({ description_localizations: { fr } })],
  [
    "name_localizations",
    rule([null, {}], [["x"], "DICT_TYPE_CONVERT"], ["x", "DICT_TYPE_CONVERT"]),
    (name_localizations) => command({ name_localizations }),
  ],
  [
    "default_member_permissions",
    rule(["0", "8", null], ["all", kind], [8, kind], ["-1", kind]),
    (bits) => command({ default_member_permissions: bits }),
  ],
  ["nsfw", flag, (nsfw) => command({ nsfw })],
  ["contexts", listed(1, 3, contextAt), (contexts) => command({ contexts })],
  ["contexts.1", among([1, 2], [0], twice), (context) => command({ contexts: [0, context] })],
  ["contexts.0", among([0, 1, 2], [3]), (context) => command({ contexts: [context] })],
  ["integration_types", listed(1, 2, installationAt), (integration_types) => command({ integration_types })],
  ["integration_types.1", among([0], [1], twice), (type) => command({ integration_types: [1, type] })],
  ["integration_types.0", among([0, 1], [2]), (type) => command({ integration_types: [type] })],
  ["type", among([1, undefined], [0, 5, 1.5]), (type) => command({ type })],
  ["name", required(words(32)), (name) => ({ type: 2, name })],
  ["name_localizations.ja", words(32), (ja) => ({ type: 3, name: "A b", name_localizations: { ja } })],
  [
    "description",
    rule(["", undefined], ["x", "APPLICATION_COMMAND_CONTEXT_MENU_FIELD_INVALID"]),
    (description) => ({ type: 3, name: "A", description }),
  ],
  [
    "options",
    rule([[], undefined], [[option()], "APPLICATION_COMMAND_CONTEXT_MENU_FIELD_INVALID"]),
    (options) => ({ type: 4, name: "A", options }),
  ],
  [
    "description",
    rule(["", "x".repeat(100)], ["x".repeat(101), long]),
    (description) => ({ type: 4, name: "A", description }),
  ],
  ["handler", among([1, 2, undefined], [0, 3]), (handler) => ({ type: 4, name: "A", handler })],
  [
    "options",
    rule(
      [[], null, many(25, (at) => option({ name: `o${at}` }))],
      [many(26, (at) => option({ name: `o${at}` })), long],
      ["x", "LIST_TYPE_CONVERT"],
    ),
    (options) => command({ options }),
  ],

  [`${own}.name`, required(name), (name) => withOption({ name })],
  [`${own}.description`, required(words(100)), (description) => withOption({ description })],
  [`${own}.name_localizations.de`, name, (de) => withOption({ name_localizations: { de } })],
  [`${own}.description_localizations.fr`, words(100), (fr) => withOption({ description_localizations: { fr } })],
  [`${own}.required`, flag, (required) => withOption({ required })],
  [
    `${own}.type`,
    rule(
      [3, 4, 5, 6, 7, 8, 9, 10, 11],
      [0, "BASE_TYPE_CHOICES"],
      [12, "BASE_TYPE_CHOICES"],
      [3.5, "BASE_TYPE_CHOICES"],
      [null, "BASE_TYPE_REQUIRED"],
    ),
    (type) => withOption({ type }),
  ],
  [
    `${own}.min_length`,
    rule([0, 6_000], [-1, least], [6_001, most], ["5", kind]),
    (min_length) => withOption({ min_length }),
  ],
  [
    `${own}.max_length`,
    rule([1, 6_000], [0, least], [6_001, most], ["5", kind]),
    (max_length) => withOption({ max_length }),
  ],
  [`${own}.max_length`, rule([3], [2, least]), (max_length) => withOption({ min_length: 3, max_length })],
  [
    `${own}.min_value`,
    rule([-5, 5, null, false], [1.5, kind], [2 ** 53, most], ["5", kind]),
    (min_value) => withOption({ type: 4, min_value }),
  ],
  [
    `${own}.max_value`,
    rule([-5, 1.5, 2 ** 53], [2 ** 53 + 2, most], ["5", kind]),
    (max_value) => withOption({ type: 10, max_value }),
  ],
  [`${own}.max_value`, rule([3], [2, least]), (max_value) => withOption({ type: 10, min_value: 3, max_value })],
  [`${own}.channel_types.1`, among([0], [5], twice), (type) => withOption({ type: 7, channel_types: [5, type] })],
  [`${own}.channel_types`, listed(0, 20, Number), (channel_types) => withOption({ type: 7, channel_types })],
  [
    `${own}.channel_types.0`,
    rule([0, 20], [-1, least], [21, most]),
    (type) => withOption({ type: 7, channel_types: [type] }),
  ],
  [`${own}.file_types`, listed(0, 10, () => ".png"), (file_types) => withOption({ type: 11, file_types })],
  [`${own}.file_types.0`, fileType, (type) => withOption({ type: 11, file_types: [type] })],
  [`${own}.autocomplete`, flag, (autocomplete) => withOption({ autocomplete })],
  [
    `${own}.autocomplete`,
    among([false, undefined], [true], "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID"),
    (autocomplete) => withOption({ autocomplete, choices: [{ name: "n", value: "v" }] }),
  ],
  [`${own}.autocomplete`, among([true], []), (autocomplete) => withOption({ autocomplete, choices: [] })],
  [
    `${own}.choices`,
    rule(
      [[], many(25, (at) => ({ name: `${at}`, value: "v" }))],
      [many(26, (at) => ({ name: `${at}`, value: "v" })), long],
      [many(2, () => ({ name: "n", value: "v" })), "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS"],
    ),
    (choices) => withOption({ choices }),
  ],
  [`${own}.choices.0.name`, required(words(100)), (name) => withChoice({ name })],
  [`${own}.choices.0.name_localizations.fr`, words(100), (fr) => withChoice({ name_localizations: { fr } })],
  [
    `${own}.choices.0.value`,
    rule(
      ["", "x".repeat(100)],
      ["x".repeat(101), "UNION_TYPE_CHOICES"],
      [5, "UNION_TYPE_CHOICES"],
      [null, "UNION_TYPE_CHOICES"],
    ),
    (value) => withChoice({ value }),
  ],
  [
    `${own}.choices.0.value`,
    among([5], [1.5, "5", undefined], "UNION_TYPE_CHOICES"),
    (value) => withChoice({ value }, 4),
  ],
  [`${own}.choices.0.value`, among([5, 1.5], ["5", true], "UNION_TYPE_CHOICES"), (value) => withChoice({ value }, 10)],
])("a command's %s takes what Discord takes, and nothing else", (path, { takes, refuses }, make) => {
  for (const value of takes) expect(problems(make(value)), JSON.stringify(value)?.slice(0, 80)).toEqual([]);
  for (const [value, code] of refuses)
    expect(problems(make(value)), JSON.stringify(value)?.slice(0, 80)).toEqual([`${path} ${code}`]);
});

const special = {
  min_length: 1,
  max_length: 5,
  min_value: 1,
  max_value: 5,
  channel_types: [0],
  file_types: [".png"],
  autocomplete: true,
};
const types: Record<string, readonly string[]> = {
  3: ["min_length", "max_length", "autocomplete"],
  4: ["min_value", "max_value", "autocomplete"],
  7: ["channel_types"],
  10: ["min_value", "max_value", "autocomplete"],
  11: ["file_types"],
  5: [],
  6: [],
};

it.each(Object.entries(types))("an option of type %s has its own fields, and no others", (type, allowed) => {
  for (const [field, value] of Object.entries(special)) {
    const found = problems(withOption({ type: Number(type), [field]: value }));
    expect(found, field).toEqual(
      allowed.includes(field) ? [] : [`${own}.${field} APPLICATION_COMMAND_OPTIONS_FIELD_INVALID`],
    );
  }
});

const wrongType = "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID";
it.each<[string, object[], string[]]>([
  ["options in a subcommand in a group", [group({ options: [sub({ options: [option()] })] })], []],
  ["a subcommand beside a group", [sub(), group()], []],
  ["an option in a group", [group({ options: [option()] })], [`${own}.options.0.type ${wrongType}`]],
  ["a group in a subcommand", [sub({ options: [group()] })], [`${own}.options.0.type ${wrongType}`]],
  ["a subcommand in a subcommand", [sub({ options: [sub()] })], [`${own}.options.0.type ${wrongType}`]],
  ["a subcommand beside an option", [sub(), option()], [`options ${wrongType}`]],
  [
    "something that is no option",
    [5 as unknown as object],
    [`${own}.name BASE_TYPE_REQUIRED`, `${own}.description BASE_TYPE_REQUIRED`, `${own}.type BASE_TYPE_REQUIRED`],
  ],
  [
    "a required option before and after an optional one",
    [option({ name: "a", required: true }), option({ name: "b" }), option({ name: "c", required: true })],
    ["options.2 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"],
  ],
  ["required options alone", [option({ name: "a", required: true }), option({ name: "b", required: true })], []],
])("judges %s as Discord does", (_name, options, expected) => {
  expect(problems(command({ options }))).toEqual(expected);
});

const unique = ["options APPLICATION_COMMAND_OPTIONS_NAME_NOT_UNIQUE"];
it.each<[string, object, object, string[]]>([
  ["of one name", { name: "a" }, { name: "a" }, unique],
  [
    "of which one is called in a language as the other is declared",
    { name: "a", name_localizations: { de: "b" } },
    { name: "b" },
    unique,
  ],
  [
    "of which one is called in a language as it is declared",
    { name: "a", name_localizations: { de: "a" } },
    { name: "b" },
    [],
  ],
  [
    "called the same in one language",
    { name: "a", name_localizations: { de: "c" } },
    { name: "b", name_localizations: { de: "c" } },
    unique,
  ],
  [
    "called the same in two languages",
    { name: "a", name_localizations: { de: "c" } },
    { name: "b", name_localizations: { fr: "c" } },
    [],
  ],
])("judges two options %s as Discord does", (_name, one, other, expected) => {
  expect(problems(command({ options: [option(one), option(other)] }))).toEqual(expected);
});

it("takes 8,000 characters in all, and of a text and its translations counts the longest", () => {
  // Three options of 60 with choices of 2,500 are 7,680; the command's own texts may be 320.
  const choices = many(25, (at) => ({ name: `${at}`.padEnd(60, "x"), value: `${at}`.padEnd(40, "y") }));
  const full = many(3, (at) => option({ name: `o${at}`.padEnd(10, "x"), description: "d".repeat(50), choices }));
  const last = option({ name: "l".repeat(20), description: "d".repeat(100) });
  const more = (description: string) => option({ name: "m".repeat(20), description });
  const body = (own: string, german: string, description: string) =>
    command({
      name: "n".repeat(10),
      description: own,
      description_localizations: { de: german },
      options: [...full, last, more(description)],
    });
  const d = (count: number) => "d".repeat(count);
  expect(problems(body(d(70), d(1), d(100)))).toEqual([]);
  for (const over of [body(d(71), d(1), d(100)), body(d(1), d(71), d(100))])
    expect(problems(over)).toEqual([" APPLICATION_COMMAND_TOO_LARGE"]);
  expect(problems(body(d(71), d(71), d(99)))).toEqual([]);
});

it("lets a server's command have no field of global ones", () => {
  const only = "APPLICATION_COMMAND_GUILD_COMMAND_INVALID_FIELD";
  expect(problems(command({ integration_types: [0] }), true)).toEqual([`integration_types ${only}`]);
  expect(problems(command({ contexts: null, integration_types: null }), true)).toEqual([]);
  expect(problems({ type: 4, name: "launch" })).toEqual([]);
});
