import { expect, it } from "vitest";
import { type Entered, type FieldView, fieldsIn } from "../../../../../../local/playground/page/form/form-view.ts";
import { initialValue, refusalOf, toSubmission } from "../../../../../../local/playground/page/form/values.ts";

const field = (type: number, more: object = {}): FieldView => ({ type, custom_id: "f", ...more });
const options = ["a", "b"].map((value) => ({ label: value, value }));
const [text, menu, upload, radio, boxes, checkbox] = [4, 3, 19, 21, 22, 23];
const file = new File(["x"], "a.txt");

it.each<[string, FieldView, Entered]>([
  ["a text", field(text), ""],
  ["a text with a value", field(text, { value: "x" }), "x"],
  ["a checkbox", field(checkbox), false],
  ["a checked checkbox", field(checkbox, { default: true }), true],
  ["an upload", field(upload), []],
  ["a menu with a choice", field(menu, { options: [{ ...options[0], default: true }, options[1]] }), ["a"]],
  ["a menu of people", field(5, { default_values: [{ id: "9", type: "user" }] }), ["9"]],
])("%s shows at first %j", (_name, of, expected) => {
  expect(initialValue(of)).toEqual(expected);
});

const empty = "This field is required";
it.each<[FieldView, Entered, string | undefined]>([
  [field(text), "", empty],
  [field(text, { required: false }), "", undefined],
  [field(text, { min_length: 2 }), "a", "Must be 2 or more in length"],
  [field(text, { min_length: 2 }), "ab", undefined],
  [field(text, { max_length: 2 }), "ab", undefined],
  [field(text, { max_length: 2 }), "abc", "Must be 2 or fewer in length"],
  [field(text), "x".repeat(4_000), undefined],
  [field(text), "x".repeat(4_001), "Must be 4000 or fewer in length"],
  [field(text), "x", undefined],
  [field(checkbox), false, undefined],
  [field(menu), [], empty],
  [field(menu, { min_values: 0 }), [], undefined],
  [field(menu, { required: false, min_values: 2 }), [], undefined],
  [field(menu), ["a"], undefined],
  [field(menu), ["a", "b"], "Choose at most 1"],
  [field(menu, { min_values: 2, max_values: 2 }), ["a"], "Choose at least 2"],
  [field(menu, { min_values: 2, max_values: 2 }), ["a", "b"], undefined],
  [field(boxes), Array.from({ length: 10 }, String), undefined],
  [field(boxes), Array.from({ length: 11 }, String), "Choose at most 10"],
])("judges %j with %j", (of, value, expected) => {
  expect(refusalOf({ label: "L", description: undefined, field: of }, value)).toBe(expected);
});

it("submits what was entered, else what is shown; files beside it", () => {
  const fields = [
    field(text, { custom_id: "t", value: "shown" }),
    field(radio, { custom_id: "r", options }),
    field(radio, { custom_id: "none", options }),
    field(menu, { custom_id: "m", options }),
    field(upload, { custom_id: "u" }),
    field(upload, { custom_id: "v" }),
  ].map((one) => ({ label: "L", description: undefined, field: one }));
  const values = new Map<string, Entered>([
    ["r", ["b"]],
    ["m", ["a"]],
    ["u", [file, file]],
  ]);
  expect(toSubmission(fields, values)).toEqual({
    fields: { t: "shown", r: "b", none: null, m: ["a"], u: ["u:0", "u:1"], v: [] },
    files: { "u:0": file, "u:1": file },
  });
});

it("finds the fields of a row", () => {
  const one = field(text);
  expect(fieldsIn({ type: 18, label: "L", description: "D", component: one })).toEqual([
    { label: "L", description: "D", field: one },
  ]);
  expect(fieldsIn({ type: 18, component: one })).toEqual([{ label: "", description: undefined, field: one }]);
  expect(fieldsIn({ type: 1, components: [{ ...one, label: "A" }, one] })).toMatchObject([
    { label: "A" },
    { label: "" },
  ]);
  expect(fieldsIn({ type: 10, content: "x" })).toEqual([]);
});
