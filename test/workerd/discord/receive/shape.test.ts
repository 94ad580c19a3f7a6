import { expect, it } from "vitest";
import * as shape from "../../../../src/discord/receive/shape.ts";

const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));
const keyed = (count: number) => Object.fromEntries(many(count, (index) => [index, index]));
const { string, number, digits, list, object, record, byId } = shape;

it.each<[string, shape.Shape, unknown, string | undefined]>([
  ["absent", shape.absent, undefined, undefined],
  ["absent", shape.absent, null, ""],
  ["a string", string, "", undefined],
  ["a string", string, 5, ""],
  ["a number", number, 0, undefined],
  ["a number", number, "0", ""],
  ["three digits", digits(3), "123", undefined],
  ["three digits", digits(3), "1234", ""],
  ["three digits", digits(3), 123, ""],
  ["three digits", digits(3), "1a", ""],
  ["three digits", digits(3), ["12"], ""],
  ["a text of 2", shape.text(2), "\n ", undefined],
  ["a text of 2", shape.text(2), "abc", ""],
  ["a text of 2", shape.text(2), 5, ""],
  ["a text of 2", shape.text(2), ["a"], ""],
  ["a text of letters", shape.text(9, /^[a-z]+$/), "ab", undefined],
  ["a text of letters", shape.text(9, /^[a-z]+$/), "a1", ""],
  ["a string or null", shape.anyOf("string", "null"), null, undefined],
  ["a string or null", shape.anyOf("string", "null"), {}, ""],
  ["an object, or so", shape.anyOf("object"), null, ""],
  ["a number if there is one", shape.optional(number), undefined, undefined],
  ["a number if there is one", shape.optional(number), null, ""],
  ["numbers", list(number), [], undefined],
  ["numbers", list(number), [1, "2", "3"], "1"],
  ["numbers", list(number), { length: 0 }, ""],
  ["numbers", list(number), "", ""],
  ["numbers", list(number), null, ""],
  ["numbers", list(number), many(250, Number), undefined],
  ["numbers", list(number), many(251, Number), ""],
  ["an object", object({ a: number }), { a: 1, b: 2 }, undefined],
  ["an object", object({ a: number }), {}, "a"],
  ["an object", object({ a: object({ b: list(number) }) }), { a: { b: [1, null] } }, "a.b.1"],
  ["an object", object({}), [], ""],
  ["an object", object({}), null, ""],
  ["an object", object({}), "x", ""],
  ["a record", record(digits(3), number), { 7: 1 }, undefined],
  ["a record", record(digits(3), number), { 7: "x" }, "7"],
  ["a record", record(digits(3), number), { a: 1 }, "a"],
  ["a record", record(string, number), { [`k${"x".repeat(60)}`]: null }, `k${"x".repeat(49)}`],
  ["a record", record(string, number), keyed(250), undefined],
  ["a record", record(string, number), keyed(251), ""],
  ["a record", record(string, number), [], ""],
  ["objects by id", byId(digits(3), object({})), { 7: { id: "7" } }, undefined],
  ["objects by id", byId(digits(3), object({})), { 7: { id: "7" }, 8: { id: "7" } }, "8.id"],
  ["objects by id", byId(digits(3), object({})), { 7: 5 }, "7"],
  ["objects by id", byId(digits(3), object({})), "x", ""],
])("checks %s", (_name, check, value, expected) => {
  expect(check(value)).toBe(expected);
});
