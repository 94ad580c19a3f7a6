import { expect, it } from "vitest";
import { checkCount, fieldsIn, valueOf } from "../../../../../local/discord/interactions/fields.ts";
import { ada, grace, startWorld } from "./support.ts";

const options = ["a", "b", "c"].map((value) => ({ label: value.toUpperCase(), value }));
const chosen = options.map((one) => ({ ...one, default: one.value !== "c" }));

/** Enters something into a field of a form: what is submitted, or the sentence that says why not. */
function enter(component: object, given: unknown): unknown {
  const { context, asker } = startWorld();
  try {
    return valueOf(context, asker, { label: "F", component: { custom_id: "f", ...component } }, given);
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

const [text, radio, boxes, checkbox] = [{ type: 4 }, { type: 21, options }, { type: 22, options }, { type: 23 }];
const [menu, people] = [{ type: 3, options }, { type: 5 }];

it.each<[string, object, unknown, unknown]>([
  ["a text", text, "x", { value: "x" }],
  ["a number for a text", text, 5, { value: "5" }],
  ["nothing for a text", text, undefined, '"F" must be filled in.'],
  ["spaces for a text", text, "  ", '"F" must be filled in.'],
  ["nothing for a text that shows one", { ...text, value: "shown" }, undefined, { value: "shown" }],
  ["null for a text that shows one", { ...text, value: "shown" }, null, '"F" must be filled in.'],
  ["null for a text that may be empty", { ...text, value: "shown", required: false }, null, { value: "" }],
  [
    "too short a text that may be empty",
    { ...text, required: false, min_length: 2 },
    "x",
    '"F" takes 2 to 4000 characters, not 1.',
  ],
  ["an empty text that may be", { ...text, required: false, min_length: 2 }, "", { value: "" }],
  ["4,000 characters", text, "x".repeat(4_000), { value: "x".repeat(4_000) }],
  ["4,001 characters", text, "x".repeat(4_001), '"F" takes 1 to 4000 characters, not 4001.'],
  [
    "4,001 characters that may be left out",
    { ...text, required: false },
    "x".repeat(4_001),
    '"F" takes 0 to 4000 characters, not 4001.',
  ],
  ["two characters of one", { ...text, max_length: 1 }, "ab", '"F" takes 1 character, not 2.'],

  ["nothing for a checkbox", checkbox, undefined, { value: false }],
  ["nothing for a checked checkbox", { ...checkbox, default: true }, undefined, { value: true }],
  ["false for a checked checkbox", { ...checkbox, default: true }, false, { value: false }],
  ["null for a checked checkbox", { ...checkbox, default: true }, null, { value: false }],
  ["true for a checkbox", checkbox, true, { value: true }],
  ["the word true for a checkbox", checkbox, "true", { value: true }],
  ["the word yes for a checkbox", checkbox, "yes", { value: false }],

  ["a choice by its label", radio, "B", { value: "b" }],
  ["a choice by its value", radio, ["b"], { value: "b" }],
  ["two choices of one", radio, ["a", "b"], '"F" takes one choice, not 2.'],
  ["no choice", radio, undefined, '"F" needs a choice.'],
  ["no choice where it may be left out", { ...radio, required: false }, undefined, { value: null }],
  ["the choice that is shown", { ...radio, options: chosen.slice(1) }, undefined, { value: "b" }],
  ["an unknown choice", radio, "D", '"F" has no option "D". It has: A, B, C.'],

  ["all boxes", boxes, ["a", "B", "c"], { values: ["a", "b", "c"] }],
  ["the boxes that are shown", { ...boxes, options: chosen }, undefined, { values: ["a", "b"] }],
  ["null for boxes that are shown", { ...boxes, options: chosen, required: false }, null, { values: [] }],
  ["no boxes", boxes, undefined, '"F" takes 1 to 3 choices, not 0.'],
  ["fewer boxes than its least", { ...boxes, min_values: 2 }, ["a"], '"F" takes 2 to 3 choices, not 1.'],
  ["no boxes of a least where it may be left out", { ...boxes, min_values: 2, required: false }, [], { values: [] }],
  [
    "fewer boxes than its least where it may be left out",
    { ...boxes, min_values: 2, required: false },
    ["a"],
    '"F" takes 2 to 3 choices, not 1.',
  ],
  ["more boxes than its most", { ...boxes, max_values: 1 }, ["a", "b"], '"F" takes 1 choice, not 2.'],

  ["a choice in a menu", menu, "A", { values: ["a"] }],
  ["two choices in a menu of one", menu, ["a", "b"], '"F" takes 1 choice, not 2.'],
  ["no choice in a menu", menu, undefined, '"F" takes 1 choice, not 0.'],
  ["no choice in a menu that may be left out", { ...menu, required: false }, undefined, { values: [] }],
  [
    "two choices in a menu that may be left out",
    { ...menu, required: false },
    ["a", "b"],
    '"F" takes 0 to 1 choices, not 2.',
  ],
  ["a person", people, "@ada", { values: [ada] }],
  [
    "the person who is shown",
    { ...people, default_values: [{ id: grace, type: "user" }] },
    undefined,
    { values: [grace] },
  ],
])("reads %s", (_name, component, given, expected) => {
  expect(enter(component, given)).toEqual(expected);
});

it("names what it counts, and takes any number from its least to its most", () => {
  const count = (component: object, number: number) => {
    try {
      checkCount({ label: "F", component: { ...component } }, number, 3, "file");
      return "taken";
    } catch (error) {
      return error instanceof Error ? error.message : error;
    }
  };
  expect([0, 1, 3, 4].map((number) => count({}, number))).toEqual([
    '"F" takes 1 to 3 files, not 0.',
    "taken",
    "taken",
    '"F" takes 1 to 3 files, not 4.',
  ]);
  expect([0, 3, 4].map((number) => count({ required: false }, number))).toEqual([
    "taken",
    "taken",
    '"F" takes 0 to 3 files, not 4.',
  ]);
  expect(count({ min_values: 0 }, 0)).toBe("taken");
  expect(count({ min_values: 2, max_values: 2 }, 3)).toBe('"F" takes 2 files, not 3.');
});

it("finds the fields of a row: a labelled one, those of an action row, and none in a text", () => {
  const component = { type: 4 };
  expect(fieldsIn({ type: 18, label: "L", component })).toEqual([{ label: "L", component }]);
  expect(fieldsIn({ type: 1, components: [{ ...component, label: "A" }] })).toEqual([
    { label: "A", component: { ...component, label: "A" } },
  ]);
  expect(fieldsIn({ type: 10, content: "x" })).toEqual([]);
});
