import { expect, it } from "vitest";
import {
  draftOf,
  type Entry,
  givenOf,
  hasAutocomplete,
  recalled,
  refusalOf,
  shownOptions,
} from "../../../../../../local/playground/page/composer/draft.ts";
import { leavesOf, toGiven, type ValueOption } from "../../../../../../local/playground/page/composer/leaves.ts";

const option = (name: string, type: number, more: object = {}) =>
  ({ name, type, description: "x", ...more }) as unknown as ValueOption;
const file = new File(["x"], "a.txt");
const choices = [{ name: "Red", value: 1 }];

const [required, number, whole] = [
  "This option is required. Specify a value.",
  "Enter a valid number.",
  "Enter a whole number.",
];
it.each<[string, ValueOption, Entry | undefined, string | undefined]>([
  ["nothing", option("a", 3), undefined, undefined],
  ["nothing where it is required", option("a", 3, { required: true }), undefined, required],
  ["empty text where it is required", option("a", 3, { required: true }), { text: "" }, required],
  ["a file where it is required", option("a", 11, { required: true }), { text: "", file }, undefined],
  ["a number", option("a", 10), { text: "1.5" }, undefined],
  ["no number", option("a", 10), { text: "x" }, number],
  ["spaces for a number", option("a", 10), { text: " " }, number],
  ["an endless number", option("a", 10), { text: "Infinity" }, number],
  ["a fraction for a whole number", option("a", 4), { text: "1.5" }, whole],
  ["a whole number", option("a", 4), { text: "2" }, undefined],
  ["the least number", option("a", 10, { min_value: 2 }), { text: "2" }, undefined],
  ["less than the least number", option("a", 10, { min_value: 2 }), { text: "1.9" }, "Enter a number of at least 2."],
  ["less than a least of 0", option("a", 4, { min_value: 0 }), { text: "-1" }, "Enter a number of at least 0."],
  ["the greatest number", option("a", 4, { max_value: 2 }), { text: "2" }, undefined],
  ["more than the greatest number", option("a", 4, { max_value: 2 }), { text: "3" }, "Enter a number of at most 2."],
  ["a chosen number", option("a", 4, { choices }), { text: "Red", value: 1 }, undefined],
  ["a number that is not chosen", option("a", 4, { choices }), { text: "Red" }, number],
  ["a suggested number", option("a", 4, { autocomplete: true }), { text: "Red", value: 1 }, undefined],
  ["a number with a value and no list", option("a", 4), { text: "Red", value: 1 }, number],
  ["a person of the list", option("a", 6), { text: "Ada", value: "1" }, undefined],
  ["a person by text alone", option("a", 6), { text: "Ada" }, "Choose one of the list."],
  ["a choice of texts by text alone", option("a", 3, { choices }), { text: "Red" }, "Choose one of the list."],
  ["a file by text alone", option("a", 11), { text: "a.txt" }, "Choose one of the list."],
  ["a file with its name", option("a", 11), { text: "a.txt", file }, undefined],
  ["a text of its least", option("a", 3, { min_length: 2 }), { text: "ab" }, undefined],
  ["a shorter text", option("a", 3, { min_length: 2 }), { text: "a" }, "Enter at least 2 characters."],
  ["a text of its most", option("a", 3, { max_length: 2 }), { text: "ab" }, undefined],
  ["a longer text", option("a", 3, { max_length: 2 }), { text: "abc" }, "Enter at most 2 characters."],
  ["6,000 characters", option("a", 3), { text: "x".repeat(6_000) }, undefined],
  ["6,001 characters", option("a", 3), { text: "x".repeat(6_001) }, "Enter at most 6000 characters."],
  ["one character", option("a", 3), { text: "x" }, undefined],
])("judges %s", (_name, of, entry, expected) => {
  expect(refusalOf(of, entry)).toBe(expected);
});

const command = {
  id: "7",
  name: "show",
  description: "Shows",
  type: 1,
  options: [
    option("a", 3, { required: true }),
    option("b", 4),
    option("c", 11),
    option("d", 3, { autocomplete: true }),
  ],
};
const [leaf] = leavesOf([command as never]);
if (!leaf) throw new Error("The command has no leaf.");
const draft = (entries: Record<string, Entry>, added: string[] = []) => ({ ...draftOf(leaf), entries, added });

it("shows required options, and those that were added", () => {
  const names = (added: string[]) => shownOptions(draft({}, added)).map(({ name }) => name);
  expect([names([]), names(["d", "b"])]).toEqual([["a"], ["a", "b", "d"]]);
  expect(leaf.options.map(hasAutocomplete)).toEqual([false, false, false, true]);
  expect(hasAutocomplete(option("x", 3, { autocomplete: false }))).toBe(false);
});

it("brings a draft back without files, and without what was suggested", () => {
  const before = draft({ a: { text: "x" }, c: { text: "a.txt", file }, d: { text: "y", value: "y" } }, ["c", "d"]);
  expect(recalled(before)).toEqual({ ...before, entries: { a: { text: "x" } } });
});

it("sends what was entered: values in place of texts, numbers as numbers, files beside them", () => {
  const entries = {
    a: { text: "x" },
    b: { text: "5" },
    c: { text: "a.txt", file },
    d: { text: "Shown", value: "sent" },
  };
  const { options, files } = givenOf(draft(entries, ["b", "c", "d"]));
  expect(options).toMatchObject([
    { name: "a", type: 3, value: "x" },
    { name: "b", type: 4, value: 5 },
    { name: "c", type: 11 },
    { name: "d", type: 3, value: "sent" },
  ]);
  expect(Object.values(files)).toEqual([file]);
  expect(Object.keys(files)).toEqual([options[2]?.value]);
  expect(options.some((one) => "focused" in one)).toBe(false);
});

it("sends the option that is being typed as its text, and the others that have one", () => {
  const typed = givenOf(
    draft({ a: { text: "" }, b: { text: "5" }, d: { text: "Sh", value: "sent" } }, ["b", "d"]),
    "d",
  );
  expect(typed.options).toEqual([
    { name: "b", type: 4, value: 5 },
    { name: "d", type: 3, value: "Sh", focused: true },
  ]);
  expect(givenOf(draft({}, ["d"]), "d").options).toEqual([{ name: "d", type: 3, value: "", focused: true }]);
});

const sub = (name: string, options: object[] = []) => ({ type: 1, name, description: `d ${name}`, options });

it("offers each subcommand as a command, and hides later ones of one name", () => {
  const remind = {
    ...command,
    id: "8",
    name: "remind",
    options: [sub("me", [option("in", 3)]), { type: 2, name: "list", description: "x", options: [sub("all")] }],
  };
  const launch = { id: "9", name: "launch", description: "", type: 4 };
  const leaves = leavesOf([command, remind, { ...command, id: "10" }, launch] as never[]);
  expect(
    leaves.map(({ commandId, name, description, path, options, isEntryPoint }) => [
      commandId,
      name,
      description,
      path,
      options.length,
      isEntryPoint,
    ]),
  ).toEqual([
    ["7", "show", "Shows", [], 4, false],
    ["8", "remind me", "d me", ["me"], 1, false],
    ["8", "remind list all", "d all", ["list", "all"], 0, false],
    ["9", "launch", "", [], 0, true],
  ]);
  const values = [{ name: "in", type: 3, value: "5m" }];
  expect(leaves.slice(0, 3).map((one) => toGiven(one, values))).toEqual([
    values,
    [{ name: "me", type: 1, options: values }],
    [{ name: "list", type: 2, options: [{ name: "all", type: 1, options: values }] }],
  ]);
});
