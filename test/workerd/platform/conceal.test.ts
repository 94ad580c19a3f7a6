import { expect, it } from "vitest";
import { conceal } from "../../../src/platform/index.ts";

it.each<[string, readonly (string | undefined)[], string]>([
  ["Bearer abcd, abcd", ["abcd"], "Bearer …, …"],
  ["a token abcd at efgh", ["abcd", "efgh"], "a token … at …"],
  // So short a text is in every other sentence.
  ["an error at abc", ["abc"], "an error at abc"],
  ["an error", [""], "an error"],
  ["an undefined error", [undefined], "an undefined error"],
  ["an error of abcd", [undefined, "abcd"], "an error of …"],
  ["a $& in it", ["$& i"], "a …n it"],
])("shows %j without the secrets %j: %s", (text, secrets, expected) => {
  expect(conceal(text, ...secrets)).toBe(expected);
});
