import { expect, it } from "vitest";
import { checkModal } from "../../../../../local/discord/validate/modal.ts";
import {
  among,
  componentId,
  fileType,
  flag,
  input,
  label,
  listed,
  modalOf,
  ofModal,
  type Rule,
  select,
  shown,
  text,
  whole,
  words,
} from "./support.ts";

// Every field of a form: what it takes at its bounds, and by which path and code it refuses what is over them.

const options = (count: number) => Array.from({ length: count }, (_, at) => ({ label: "l", value: `${at}` }));
const radio = (more: object) => modalOf(label({ type: 21, custom_id: "r", options: options(2), ...more }));
const boxes = (more: object) => modalOf(label({ type: 22, custom_id: "c", options: options(2), ...more }));
const tenBoxes = (more: object) => boxes({ options: options(10), ...more });
const file = (more: object) => modalOf(label({ type: 19, custom_id: "f", ...more }));
const typed = (more: object) => modalOf(label(input(more)));
const inRow = (more: object) => modalOf({ type: 1, components: [input({ label: "L", ...more })] });
const [part, own] = ["components.0", "components.0.component"];

it.each<[path: string, Rule, (value: unknown) => unknown]>([
  ["custom_id", words(1, 100), (custom_id) => ({ ...modalOf(text()), custom_id })],
  ["title", words(1, 45), (title) => ({ ...modalOf(text()), title })],
  ["components", listed(1, 5, () => text()), (components) => ({ ...modalOf(), components })],
  [`${part}.id`, componentId, (id) => modalOf({ ...text(), id })],
  [`${part}.content`, words(1, 4_000), (content) => modalOf({ type: 10, content })],
  [`${part}.id`, componentId, (id) => modalOf(label(input(), { id }))],
  [`${part}.label`, words(1, 45), (words) => modalOf(label(input(), { label: words }))],
  [`${part}.description`, words(1, 100), (description) => modalOf(label(input(), { description }))],
  [`${part}.components`, listed(1, 1, () => input({ label: "L" })), (components) => modalOf({ type: 1, components })],
  [`${part}.components.0.label`, words(1, 45), (label) => inRow({ label })],
  [`${part}.components.0.style`, among([1, 2], [0, 3]), (style) => inRow({ style })],
  [`${own}.id`, componentId, (id) => typed({ id })],
  [`${own}.custom_id`, words(1, 100), (custom_id) => typed({ custom_id })],
  [`${own}.required`, flag, (required) => typed({ required })],
  [`${own}.style`, among([1, 2], [0, 3]), (style) => typed({ style })],
  [`${own}.min_length`, whole(0, 4_000), (min_length) => typed({ min_length })],
  [`${own}.max_length`, whole(1, 4_000), (max_length) => typed({ max_length })],
  [`${own}.placeholder`, words(0, 100), (placeholder) => typed({ placeholder })],
  [`${own}.value`, { ...words(0, 4_000), takes: ["x", "x".repeat(4_000), undefined] }, (value) => typed({ value })],
  [`${own}.value`, among([null], [""], "BASE_TYPE_MIN_LENGTH"), (value) => typed({ value })],
  [`${own}.label`, among([undefined, null], ["x"], "COMPONENT_FIELD_INVALID"), (label) => typed({ label })],
  [`${own}.min_values`, whole(0, 10), (min_values) => file({ min_values, required: false })],
  [`${own}.max_values`, whole(1, 10), (max_values) => file({ max_values })],
  [`${own}.file_types`, listed(0, 10, () => ".png"), (file_types) => file({ file_types })],
  [`${own}.file_types.0`, fileType, (type) => file({ file_types: [type] })],
  [`${own}.min_values`, whole(0, 10), (min_values) => tenBoxes({ min_values, required: false })],
  [`${own}.max_values`, whole(1, 10), (max_values) => tenBoxes({ max_values })],
  [`${own}.options`, listed(2, 10, (at) => ({ label: "l", value: `${at}` })), (options) => radio({ options })],
  [`${own}.options`, listed(1, 10, (at) => ({ label: "l", value: `${at}` })), (options) => boxes({ options })],
  [`${own}.custom_id`, words(1, 100), (custom_id) => boxes({ custom_id })],
  [`${own}.required`, flag, (required) => radio({ required })],
  [`${own}.min_values`, among([1, 2, undefined, null], [3], "NUMBER_TYPE_MAX"), (min_values) => boxes({ min_values })],
  [
    `${own}.min_values`,
    among([1, undefined], [2], "NUMBER_TYPE_MAX"),
    (min) => boxes({ min_values: min, max_values: 1 }),
  ],
  [`${own}.custom_id`, words(1, 100), (custom_id) => modalOf(label({ type: 23, custom_id }))],
  [`${own}.default`, flag, (byDefault) => modalOf(label({ type: 23, custom_id: "b", default: byDefault }))],
  [
    `${own}.disabled`,
    among([undefined, false], [true], "COMPONENT_FIELD_INVALID"),
    (disabled) => modalOf(label(select({ disabled }))),
  ],
])("a form's %s takes what Discord takes, and nothing else", (path, { takes, refuses }, make) => {
  for (const value of takes) expect(shown(ofModal(make(value))), JSON.stringify(value)?.slice(0, 80)).toEqual([]);
  for (const [value, code] of refuses) expect(shown(ofModal(make(value)))).toEqual([`${path} ${code}`]);
});

it("takes a minimum of no choice only in a field that may be left empty", () => {
  const menu = (required?: boolean) =>
    modalOf(label(select({ min_values: 0, ...(required !== undefined && { required }) })));
  expect(checkModal(menu(false), "data")).toEqual([]);
  for (const required of [undefined, true]) {
    expect(checkModal(menu(required), "data")).toEqual([
      {
        path: "data.components.0.component.min_values",
        code: "COMPONENT_FIELD_INVALID",
        message: "min_values can be 0 only with required: false.",
      },
    ]);
  }
});

it("refuses two options of one value, and fields that share a custom_id or an id", () => {
  const twice = [...options(1), ...options(1)];
  for (const make of [radio, boxes])
    expect(shown(ofModal(make({ options: twice })))).toEqual([
      `${own}.options.1.value SELECT_COMPONENT_OPTION_VALUE_DUPLICATED`,
    ]);
  expect(shown(ofModal(modalOf(label(input({ id: 7 })), label(input({ id: 7 })))))).toEqual([
    "components.1.component.custom_id COMPONENT_CUSTOM_ID_DUPLICATED",
    "components.1.component.id COMPONENT_ID_DUPLICATED",
  ]);
});
