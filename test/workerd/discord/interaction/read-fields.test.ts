import { expect, it } from "vitest";
import { readComponent } from "../../../../src/discord/interaction/read-component.ts";
import { readFields } from "../../../../src/discord/interaction/read-fields.ts";
import { resolved, robin } from "../router/support.ts";

// What a person entered or chose, and what a signed body may carry instead.

const role = "1100000000000000101";
const channel = "1100000000000000111";
const fields = (declared: object, submitted: object, isRow = false) =>
  readFields(
    { a: { label: "A", ...declared } } as never,
    {
      custom_id: "x",
      components: [{ type: 18, ...(isRow ? { components: [submitted] } : { component: submitted }) }],
      resolved,
    } as never,
  );
const field = (declared: object, more: object) => fields(declared, { custom_id: "a", ...more })?.["a"];

it.each<[object, object, unknown]>([
  [{ type: "text" }, { value: "" }, ""],
  [{ type: "text" }, { value: "x".repeat(4_000) }, "x".repeat(4_000)],
  [{ type: "text" }, { value: "x".repeat(4_001) }, undefined],
  [{ type: "text", max_length: 2 }, { value: "😀😀" }, "😀😀"],
  [{ type: "text", max_length: 2 }, { value: "abc" }, undefined],
  [{ type: "text" }, { value: true }, undefined],
  [{ type: "text" }, { value: null }, undefined],
  [{ type: "text" }, {}, undefined],
  [{ type: "radio" }, { value: "s" }, "s"],
  [{ type: "radio" }, { value: null }, null],
  [{ type: "radio" }, { value: false }, undefined],
  [{ type: "radio" }, {}, undefined],
  [{ type: "checkbox" }, { value: true }, true],
  [{ type: "checkbox" }, { value: false }, false],
  [{ type: "checkbox" }, { value: "true" }, undefined],
  [{ type: "checkboxes" }, { values: [] }, []],
  [{ type: "checkboxes" }, {}, undefined],
  [{ type: "string-select" }, { values: ["s", "l"] }, ["s", "l"]],
  [{ type: "user-select" }, { values: [robin.id] }, [{ id: robin.id, user: robin, member: { roles: [] } }]],
  [{ type: "user-select" }, { values: [robin.id, "404"] }, undefined],
  [{ type: "file" }, { values: ["77"] }, [resolved.attachments["77"]]],
  [{ type: "file" }, { values: ["78"] }, undefined],
])("reads the field %j, submitted as %j, as %j", (declared, submitted, expected) => {
  expect(field(declared, submitted)).toEqual(expected);
});

it("finds a field inside a label and inside a row, skips text between fields, and misses one of another name", () => {
  expect(fields({ type: "text" }, { custom_id: "a", value: "x" }, true)).toEqual({ a: "x" });
  expect(fields({ type: "text" }, { custom_id: "b", value: "x" })).toBeUndefined();
  const display = { hint: { type: "display", content: "Fill it in" } } as const;
  expect(readFields(display, { custom_id: "x", components: [{ type: 10, content: "x" }] } as never)).toEqual({});
});

it.each([
  ["button", 2, undefined, []],
  ["string-select", 3, ["a"], ["a"]],
  ["user-select", 5, [robin.id], [{ id: robin.id, user: robin, member: { roles: [] } }]],
  ["role-select", 6, [role], [resolved.roles[role]]],
  ["mentionable-select", 7, [role], [{ kind: "role", id: role, role: resolved.roles[role] }]],
  ["channel-select", 8, [channel], [resolved.channels[channel]]],
] as const)("reads the choice in a %s, and that of no other kind of component", (kind, type, values, expected) => {
  for (const component_type of [2, 3, 5, 6, 7, 8]) {
    const data = { custom_id: "x", component_type, ...(values && { values }), resolved };
    expect(readComponent(kind, data as never)).toEqual(component_type === type ? expected : undefined);
  }
  if (type > 3) {
    const bare = { custom_id: "x", component_type: type, values };
    expect(readComponent(kind, bare as never)).toBeUndefined();
  }
});
