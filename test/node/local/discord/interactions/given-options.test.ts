import { expect, it } from "vitest";
import { type GivenOption, readGiven } from "../../../../../local/discord/interactions/given-options.ts";
import { ada, startWorld } from "./support.ts";

const text = (name: string, more: object = {}) => ({ type: 3, name, description: "x", ...more });
const count = { type: 4, name: "count", description: "x", min_value: 1 };
const who = { type: 6, name: "who", description: "x" };
const colour = { ...count, name: "colour", choices: [{ name: "Red", value: 1 }] };
const declared = [text("first", { required: true }), text("second", { autocomplete: true }), count, who, colour];
const branches = [
  { type: 1, name: "add", description: "x", options: [text("what", { required: true, autocomplete: true })] },
  { type: 2, name: "group", description: "x", options: [{ type: 1, name: "inner", description: "x" }] },
];

function read(given: readonly GivenOption[], { options = declared, isTyping = false } = {}): unknown {
  const { where } = startWorld();
  try {
    return readGiven(given, options, "/x", { ...where, isTyping });
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

const first = { name: "first", type: 3, value: "a" };

it.each<[string, GivenOption[], unknown]>([
  [
    "values in the order of their declaration",
    [{ name: "count", type: 4, value: 5 }, first],
    [first, { name: "count", type: 4, value: 5 }],
  ],
  ["a person", [first, { name: "who", type: 6, value: ada }], [first, { name: "who", type: 6, value: ada }]],
  ["a number as text", [first, { name: "count", type: 4, value: "5" }], [first, { name: "count", type: 4, value: 5 }]],
  ["a choice", [first, { name: "colour", type: 4, value: 1 }], [first, { name: "colour", type: 4, value: 1 }]],
  ["no choice", [first, { name: "colour", type: 4, value: 2 }], 'The option "colour" takes one of its choices.'],
  [
    "the name of a choice",
    [first, { name: "colour", type: 4, value: "Red" }],
    'The option "colour" takes one of its choices.',
  ],
  [
    "a value below its least",
    [first, { name: "count", type: 4, value: 0 }],
    'The option "count" takes 1 or more, not "0".',
  ],
  ["none of what it needs", [], '/x needs the option "first".'],
  ["an option without a value", [{ name: "first", type: 3 }], '/x needs the option "first".'],
  ["an optional option without a value", [first, { name: "count", type: 4 }], [first]],
  [
    "an unknown option",
    [first, { name: "z", type: 3, value: "x" }],
    '/x has no option "z". It has: first, second, count, who, colour.',
  ],
  [
    "an option of another type",
    [{ ...first, type: 4 }],
    '/x has no option "first". It has: first, second, count, who, colour.',
  ],
  ["an option twice", [first, first], 'The option "first" is given twice.'],
])("reads %s", (_name, given, expected) => {
  expect(read(given)).toEqual(expected);
});

it.each<[string, GivenOption[], unknown]>([
  [
    "a subcommand",
    [{ name: "add", type: 1, options: [{ name: "what", type: 3, value: "a" }] }],
    [{ name: "add", type: 1, options: [{ name: "what", type: 3, value: "a" }] }],
  ],
  [
    "a subcommand in a group",
    [{ name: "group", type: 2, options: [{ name: "inner", type: 1 }] }],
    [{ name: "group", type: 2, options: [{ name: "inner", type: 1, options: [] }] }],
  ],
  ["a subcommand that lacks an option", [{ name: "add", type: 1 }], '/x add needs the option "what".'],
  [
    "a group without its subcommand",
    [{ name: "group", type: 2, options: [] }],
    "/x group needs one subcommand. It has: inner.",
  ],
  ["no subcommand", [], "/x needs one subcommand. It has: add, group."],
  [
    "two subcommands",
    [
      { name: "group", type: 2 },
      { name: "add", type: 1 },
    ],
    "/x needs one subcommand. It has: add, group.",
  ],
  ["a subcommand as a group", [{ name: "add", type: 2 }], "/x needs one subcommand. It has: add, group."],
  ["an unknown subcommand", [{ name: "z", type: 1 }], "/x needs one subcommand. It has: add, group."],
])("of a command of subcommands reads %s", (_name, given, expected) => {
  expect(read(given, { options: branches })).toEqual(expected);
});

it("says that a command has no options at all", () => {
  expect(read([first], { options: [] })).toBe('/x has no option "first". It has: none.');
});

const cursor = { name: "second", type: 3, value: "ty", focused: true };

it.each<[string, GivenOption[], unknown]>([
  ["text as it is typed, without what is missing", [cursor], [cursor]],
  ["nothing yet", [{ name: "second", type: 3, focused: true }], [{ ...cursor, value: "" }]],
  [
    "the values beside it",
    [first, cursor, { name: "count", type: 4, value: 5 }],
    [first, cursor, { name: "count", type: 4, value: 5 }],
  ],
  [
    "no value beside it that would be refused",
    [cursor, { name: "count", type: 4, value: 0 }, { name: "colour", type: 4, value: 7 }],
    [cursor],
  ],
  ["two cursors", [cursor, { ...first, focused: true }], "One option of /x must have the cursor."],
  ["no cursor", [first], "One option of /x must have the cursor."],
  [
    "a cursor where nothing is suggested",
    [{ ...first, focused: true }],
    'The option "first" of /x has no autocomplete.',
  ],
  ["an option twice", [cursor, cursor], 'The option "second" is given twice.'],
])("while a command is typed reads %s", (_name, given, expected) => {
  expect(read(given, { isTyping: true })).toEqual(expected);
});

it("reads what is typed in a subcommand", () => {
  const typed = [{ name: "add", type: 1, options: [{ name: "what", type: 3, value: "a", focused: true }] }];
  expect(read(typed, { options: branches, isTyping: true })).toEqual(typed);
});
