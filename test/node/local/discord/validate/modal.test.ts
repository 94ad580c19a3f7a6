import { expect, it } from "vitest";
import { checkModal } from "../../../../../local/discord/validate/modal.ts";

const label = (component: object, more: object = {}) => ({ type: 18, label: "L", component, ...more });
const input = (more: object = {}) => ({ type: 4, custom_id: "i", style: 1, ...more });
const options = ["a", "b"].map((value) => ({ label: value, value }));
const modal = (...components: object[]) => ({ custom_id: "m", title: "T", components });
const problems = (body: unknown) =>
  checkModal(body, "data").map(({ path, code }) => `${path.replace("data.", "")} ${code}`);

it.each<[string, unknown, string]>([
  ["no title", { custom_id: "m", components: [label(input())] }, "title BASE_TYPE_REQUIRED"],
  ["a title of 46", { ...modal(label(input())), title: "x".repeat(46) }, "title BASE_TYPE_MAX_LENGTH"],
  ["no components", modal(), "components BASE_TYPE_BAD_LENGTH"],
  [
    "6 components",
    modal(...Array.from({ length: 6 }, (_, index) => label(input({ custom_id: `i${index}` })))),
    "components BASE_TYPE_BAD_LENGTH",
  ],
  [
    "a button",
    modal({ type: 1, components: [{ type: 2, style: 1, label: "x", custom_id: "x" }] }),
    "components.0.components.0.type UNION_TYPE_CHOICES",
  ],
  ["a label in a label", modal(label(label(input()))), "components.0.component.type UNION_TYPE_CHOICES"],
  [
    "a labelled text input with its own label",
    modal(label(input({ label: "x" }))),
    "components.0.component.label COMPONENT_FIELD_INVALID",
  ],
  ["a label of 46", modal(label(input(), { label: "x".repeat(46) })), "components.0.label BASE_TYPE_MAX_LENGTH"],
  [
    "two fields of equal custom_id",
    modal(label(input()), label(input())),
    "components.1.component.custom_id COMPONENT_CUSTOM_ID_DUPLICATED",
  ],
  [
    "a disabled menu",
    modal(label({ type: 3, custom_id: "s", options, disabled: true })),
    "components.0.component.disabled COMPONENT_FIELD_INVALID",
  ],
  [
    "a required menu with a minimum of 0",
    modal(label({ type: 3, custom_id: "s", options, min_values: 0 })),
    "components.0.component.min_values COMPONENT_FIELD_INVALID",
  ],
  [
    "one radio button",
    modal(label({ type: 21, custom_id: "r", options: options.slice(1) })),
    "components.0.component.options BASE_TYPE_BAD_LENGTH",
  ],
  [
    "11 files",
    modal(label({ type: 19, custom_id: "f", max_values: 11 })),
    "components.0.component.max_values NUMBER_TYPE_MAX",
  ],
  [
    "a value of 4001",
    modal(label(input({ value: "x".repeat(4_001) }))),
    "components.0.component.value BASE_TYPE_MAX_LENGTH",
  ],
])("refuses %s", (_name, body, problem) => {
  expect(problems(body)).toContain(problem);
});

it("accepts every current component of a modal, and action rows", () => {
  expect(
    problems(
      modal(
        { type: 10, content: "Hi" },
        label(input()),
        label({ type: 3, custom_id: "s", options, required: false, min_values: 0 }),
        label({ type: 19, custom_id: "f" }),
        label({ type: 21, custom_id: "r", options }),
      ),
    ),
  ).toEqual([]);
  expect(
    problems(
      modal(
        label({ type: 22, custom_id: "c", options, min_values: 0, required: false }),
        label({ type: 23, custom_id: "d" }),
        { type: 1, components: [input({ label: "Old" })] },
        ...[5, 8].map((type) => label({ type, custom_id: `e${type}` })),
      ),
    ),
  ).toEqual([]);
});
