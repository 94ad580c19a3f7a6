import { expect, it } from "vitest";
import { checkChoices } from "../../../../../local/discord/validate/choices.ts";
import { among, listed, type Rule, shown, words } from "./support.ts";

const [text, integer, number] = [3, 4, 10];
const valued = (value: unknown) => ({ choices: [{ name: "n", value }] });
const rule = (takes: unknown[], refuses: [unknown, string][]): Rule => ({ takes, refuses: new Map(refuses) });

it.each<[string, number | undefined, Rule, string, (value: unknown) => unknown]>([
  ["a list", text, listed(0, 25, (at) => ({ name: "n", value: `${at}` })), "choices", (choices) => ({ choices })],
  ["a name", text, words(1, 100), "choices.0.name", (name) => ({ choices: [{ name, value: "v" }] })],
  ["a text's value", text, words(0, 100), "choices.0.value", valued],
  [
    "an integer's value",
    integer,
    rule(
      [5, -5],
      [
        [1.5, "NUMBER_TYPE_COERCE"],
        ["5", "NUMBER_TYPE_COERCE"],
      ],
    ),
    "choices.0.value",
    valued,
  ],
  [
    "a number's value",
    number,
    rule(
      [5, 1.5, 2 ** 53],
      [
        ["5", "NUMBER_TYPE_COERCE"],
        [2 ** 53 + 2, "NUMBER_TYPE_MAX"],
      ],
    ),
    "choices.0.value",
    valued,
  ],
  [
    "a value of either kind",
    undefined,
    rule(
      [5, 1.5, "", "x".repeat(100)],
      [
        ["x".repeat(101), "BASE_TYPE_MAX_LENGTH"],
        [true, "STRING_TYPE_CONVERT"],
        [2 ** 53 + 2, "NUMBER_TYPE_MAX"],
      ],
    ),
    "choices.0.value",
    valued,
  ],
  ["a value that is missing", undefined, among([], [undefined], "BASE_TYPE_REQUIRED"), "choices.0.value", valued],
])("of suggestions, %s is held to its option's type and bounds", (_name, type, { takes, refuses }, path, make) => {
  for (const value of takes) expect(checkChoices(make(value), "data", type)).toEqual([]);
  for (const [value, code] of refuses) {
    expect(shown(checkChoices(make(value), "data", type))).toEqual([`data.${path} ${code}`]);
  }
});
