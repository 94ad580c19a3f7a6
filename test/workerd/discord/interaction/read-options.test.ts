import { expect, it } from "vitest";
import type { AnyOption } from "../../../../src/discord/declare/option.ts";
import { descend, type RawOption, rawOptions, readOptions } from "../../../../src/discord/interaction/read-options.ts";
import { resolved, robin } from "../router/support.ts";

// Values that reach a handler, and those of a signed body that no client of Discord would send.

const role = "1100000000000000101";
const channel = "1100000000000000111";
const option = (fields: object) => ({ name: "a", description: "x", ...fields }) as AnyOption;
const read = (declared: object, type: number, value: unknown) =>
  readOptions([option(declared)], [{ name: "a", type, value } as RawOption], resolved as never)?.["a"];

it.each<[object, number, unknown, unknown]>([
  [{ type: "string" }, 3, "x", "x"],
  [{ type: "string" }, 3, "", ""],
  [{ type: "string" }, 3, "x".repeat(6_000), "x".repeat(6_000)],
  [{ type: "string" }, 3, "x".repeat(6_001), undefined],
  [{ type: "string" }, 3, 5, undefined],
  [{ type: "string" }, 3, true, undefined],
  [{ type: "string" }, 4, "x", undefined],
  [{ type: "string", min_length: 2, max_length: 3 }, 3, "ab", "ab"],
  [{ type: "string", min_length: 2, max_length: 3 }, 3, "abc", "abc"],
  [{ type: "string", min_length: 2, max_length: 3 }, 3, "a", undefined],
  [{ type: "string", min_length: 2, max_length: 3 }, 3, "abcd", undefined],
  [{ type: "string", choices: [{ name: "B", value: "b" }] }, 3, "b", "b"],
  [{ type: "string", choices: [{ name: "B", value: "b" }] }, 3, "B", undefined],
  [{ type: "integer" }, 4, 0, 0],
  [{ type: "integer" }, 4, 1.5, undefined],
  [{ type: "integer" }, 4, 2 ** 53, undefined],
  [{ type: "integer" }, 4, "1", undefined],
  [{ type: "integer" }, 10, 1, undefined],
  [{ type: "integer", min_value: 1, max_value: 3 }, 4, 1, 1],
  [{ type: "integer", min_value: 1, max_value: 3 }, 4, 3, 3],
  [{ type: "integer", min_value: 1, max_value: 3 }, 4, 0, undefined],
  [{ type: "integer", min_value: 1, max_value: 3 }, 4, 4, undefined],
  [{ type: "integer", min_value: 0, max_value: 0 }, 4, 1, undefined],
  [{ type: "integer", min_value: 0, max_value: 0 }, 4, -1, undefined],
  [{ type: "integer", choices: [{ name: "Two", value: 2 }] }, 4, 2, 2],
  [{ type: "integer", choices: [{ name: "Two", value: 2 }] }, 4, 3, undefined],
  [{ type: "number" }, 10, 1.5, 1.5],
  [{ type: "number" }, 10, 2 ** 53, 2 ** 53],
  [{ type: "number" }, 10, "1", undefined],
  [{ type: "boolean" }, 5, false, false],
  [{ type: "boolean" }, 5, true, true],
  [{ type: "boolean" }, 5, 1, undefined],
  [{ type: "boolean" }, 3, true, undefined],
  [{ type: "user" }, 6, robin.id, { id: robin.id, user: robin, member: { roles: [] } }],
  [{ type: "user" }, 6, role, undefined],
  [{ type: "role" }, 8, role, resolved.roles[role]],
  [{ type: "role" }, 8, robin.id, undefined],
  [{ type: "channel" }, 7, channel, resolved.channels[channel]],
  [{ type: "channel" }, 7, role, undefined],
  [{ type: "mentionable" }, 9, robin.id, { kind: "user", id: robin.id, user: robin, member: { roles: [] } }],
  [{ type: "mentionable" }, 9, role, { kind: "role", id: role, role: resolved.roles[role] }],
  [{ type: "mentionable" }, 9, channel, undefined],
  [{ type: "attachment" }, 11, "77", undefined],
])("reads, where %j is declared, of type %i the value %j as %j", (declared, type, value, expected) => {
  expect(read(declared, type, value)).toEqual(type === 11 ? resolved.attachments["77"] : expected);
});

it("has no person, role, channel or file without the objects that belong to the ids", () => {
  for (const [type, number, value] of [
    ["user", 6, robin.id],
    ["role", 8, role],
    ["channel", 7, channel],
    ["mentionable", 9, role],
    ["attachment", 11, "77"],
  ] as const) {
    expect(readOptions([option({ type })], [{ name: "a", type: number, value }], undefined)).toBeUndefined();
  }
});

it("takes options that are left out for none, and refuses a body without a required one or with one without a value", () => {
  const declared = [option({ type: "string" }), option({ type: "string", name: "b" })];
  expect(readOptions(declared, [], undefined)).toEqual({ a: undefined, b: undefined });
  expect(readOptions(declared, [{ name: "b", type: 3, value: "x" }], undefined)).toEqual({ a: undefined, b: "x" });
  expect(readOptions(declared, [{ name: "a", type: 3 }], undefined)).toBeUndefined();
  expect(readOptions([option({ type: "string", required: true })], [], undefined)).toBeUndefined();
  // An option that is not declared is no harm.
  expect(readOptions([], [{ name: "c", type: 3, value: "x" }], undefined)).toEqual({});
});

it("goes down to the options of the subcommand that was called", () => {
  const leaf = { name: "to", type: 3, value: "x" };
  expect(descend("feed", [leaf])).toEqual({ path: "feed", options: [leaf] });
  expect(descend("feed", [{ name: "list", type: 1 }])).toEqual({ path: "feed list", options: [] });
  const group = { name: "topic", type: 2, options: [{ name: "add", type: 1, options: [leaf] }] };
  expect(descend("feed", [group])).toEqual({ path: "feed topic add", options: [leaf] });
  expect([descend("feed", []), rawOptions(undefined)]).toEqual([{ path: "feed", options: [] }, []]);
});
