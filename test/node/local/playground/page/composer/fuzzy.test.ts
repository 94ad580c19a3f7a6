import { expect, it } from "vitest";
import { fuzzyFilter } from "../../../../../../local/playground/page/composer/fuzzy.ts";

const names = ["role add", "role remove", "remind me", "ping", "add role", "re-add", "my_role"];
const found = (query: string) => fuzzyFilter(names, query, (name) => name);

it.each([
  ["", names],
  ["  ", names],
  ["ping", ["ping"]],
  ["PING ", ["ping"]],
  // First what begins so, then words in their order, then a part, then letters in their order.
  ["r", ["role add", "role remove", "remind me", "re-add", "add role", "my_role"]],
  ["r a", ["role add", "re-add"]],
  ["add", ["add role", "role add", "re-add"]],
  ["role", ["role add", "role remove", "add role", "my_role"]],
  ["ole", ["role add", "role remove", "add role", "my_role"]],
  ["rm", ["role remove", "remind me"]],
  ["pg", ["ping"]],
  ["gp", []],
  ["pingg", []],
  ["add add", []],
])("finds by %j", (query, expected) => {
  expect(found(query)).toEqual(expected);
});

it("prefers words to a part, and a part to letters", () => {
  const all = ["xa xb", "xaby", "a b", "ab"];
  expect(fuzzyFilter(all, "ab", (name) => name)).toEqual(["ab", "xaby", "xa xb", "a b"]);
  expect(fuzzyFilter(["xax xby", "ab x by"], "a b", (name) => name)).toEqual(["ab x by", "xax xby"]);
});
