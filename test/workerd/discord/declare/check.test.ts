import { expect, it } from "vitest";
import { checkCommands } from "../../../../src/discord/declare/check.ts";
import type { CommandBody } from "../../../../src/discord/index.ts";

const command = (more: object = {}): CommandBody => ({ type: 1, name: "ok", description: "Fine", ...more });
const option = (more: object = {}) => ({ type: 3, name: "text", description: "Words", ...more });
const withOptions = (...options: object[]) => command({ options });

it.each<[string, CommandBody[], string]>([
  ["an upper-case name", [command({ name: "Nope" })], 'the name "Nope" must be 1 to 32 lower-case'],
  ["a space in a name", [command({ name: "no pe" })], "1 to 32 lower-case"],
  ["a name of 33", [command({ name: "x".repeat(33) })], "1 to 32 lower-case"],
  ["no description", [command({ description: "" })], "the description has 0 characters; Discord takes 1 to 100"],
  ["a description of 101", [command({ description: "x".repeat(101) })], "has 101 characters"],
  ["a localized name with a space", [command({ name_localizations: { de: "zwei Wörter" } })], "/ok (de)"],
  [
    "26 options",
    [withOptions(...Array.from({ length: 26 }, (_, index) => option({ name: `o${index}` })))],
    "has 26 options",
  ],
  ["two options of a name", [withOptions(option(), option())], 'two options called "text"'],
  [
    "a required option after another",
    [withOptions(option(), option({ name: "b", required: true }))],
    'the required option "b" comes after one that is not required',
  ],
  [
    "26 choices",
    [
      withOptions(
        option({ choices: Array.from({ length: 26 }, (_, index) => ({ name: `${index}`, value: `${index}` })) }),
      ),
    ],
    "has 26 choices",
  ],
  [
    "choices and autocomplete",
    [withOptions(option({ choices: [{ name: "a", value: "a" }], autocomplete: true }))],
    "has choices and autocomplete",
  ],
  ["a choice without a name", [withOptions(option({ choices: [{ name: "", value: "a" }] }))], 'choice ""'],
  ["min above max", [withOptions(option({ type: 4, min_value: 5, max_value: 1 }))], "min_value is above max_value"],
  ["a length above 6000", [withOptions(option({ max_length: 6_001 }))], "length must be from 0 to 6000"],
  [
    "a length on a number",
    [withOptions(option({ type: 4, max_length: 5 }))],
    "max_length is for other types of option",
  ],
  [
    "an empty group",
    [withOptions({ type: 2, name: "group", description: "x", options: [] })],
    "group without subcommands",
  ],
  ["another of its name and type", [command(), command()], 'Two commands are called "ok"'],
  [
    "100 others",
    Array.from({ length: 101 }, (_, index) => command({ name: `c${index}` })),
    "There are 101 commands of type 1",
  ],
  [
    "15 other user commands",
    Array.from({ length: 16 }, (_, index) => ({ type: 2, name: `C ${index}` })),
    "Discord takes 15",
  ],
  [
    "more than 8000 characters",
    [
      withOptions(
        ...Array.from({ length: 4 }, (_, index) =>
          option({
            name: `o${index}`,
            choices: Array.from({ length: 25 }, (_, at) => ({
              name: `${at}`.padEnd(50, "x"),
              value: `${at}`.padEnd(50, "y"),
            })),
          }),
        ),
      ),
    ],
    "Discord takes 8000",
  ],
])("refuses a command with %s when the Worker starts, and names it", (_name, bodies, message) => {
  expect(() => checkCommands(bodies)).toThrow(message);
});

it("names every mistake of all commands at once", () => {
  expect(() => checkCommands([command({ name: "A" }), command({ name: "b", description: "" })])).toThrow(
    /"A"[^]*description/,
  );
});

it("accepts the names that Discord accepts", () => {
  checkCommands([
    command({ name: "日本語", name_localizations: { de: "grüße" } }),
    command({ name: "l'été" }),
    { type: 2, name: "Who is THIS" },
    { type: 3, name: "ok" },
    { type: 2, name: "ok" },
  ]);
});
