import { expect, it } from "vitest";
import { commandChanges } from "../../../../local/dev/command-changes.ts";

const command = (name: string, more: object = {}) => ({ type: 1, name, options: [{ name: "a" }], ...more });

it("names what is new or changed in the order of declaration, then what is gone", () => {
  const before = [command("one"), command("two"), command("three"), command("old"), command("Who", { type: 2 })];
  const after = [
    command("new"),
    command("three", { options: [{ name: "b" }] }),
    command("two"),
    command("one"),
    command("Quote", { type: 3 }),
  ];
  expect(commandChanges(before, after)).toEqual([
    "new /new",
    "changed /three",
    'new "Quote"',
    "gone /old",
    'gone "Who"',
  ]);
});

it("tells commands of one name apart by their types, and nothing of what stays", () => {
  expect(commandChanges([command("a")], [command("a")])).toEqual([]);
  expect(commandChanges([command("a")], [command("a", { type: 2 })])).toEqual(['new "a"', "gone /a"]);
});
