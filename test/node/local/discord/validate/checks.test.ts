import { describe, expect, it } from "vitest";
import {
  boolean,
  byType,
  type Check,
  fieldsOf,
  integer,
  lengthOf,
  list,
  moment,
  number,
  object,
  oneOf,
  optional,
  snowflake,
  text,
  textOf,
  url,
} from "../../../../../local/discord/validate/checks.ts";
import { refusedBy, shown } from "./support.ts";

const min = (least: number) => `int value should be greater than or equal to ${least}.`;
const max = (most: number) => `int value should be less than or equal to ${most}.`;

describe("a check", () => {
  it.each<[string, Check, unknown, string | undefined]>([
    ["text at its least", text(2, 3), "ab", undefined],
    ["text at its most", text(2, 3), " abc ", undefined],
    ["text below its least", text(2, 3), "a", "Must be between 2 and 3 in length."],
    ["text that is not there", text(1, 3), "  ", "This field is required"],
    ["text below a least of more", text(2, 3), "", "Must be between 2 and 3 in length."],
    ["text above its most", text(2, 3), "abcd", "Must be 3 or fewer in length."],
    ["nothing as text", text(0, 3), undefined, "Could not interpret undefined as string."],
    ["a list as text", text(0, 3), ["a"], 'Could not interpret ["a"] as string.'],
    ["an integer at its least", integer(2, 3), 2, undefined],
    ["an integer at its most", integer(2, 3), 3, undefined],
    ["an integer below its least", integer(2, 3), 1, min(2)],
    ["an integer above its most", integer(2, 3), 4, max(3)],
    ["a text as integer", integer(2, 3), "2", 'Value "2" is not int.'],
    ["a fraction as integer", integer(2, 3), 2.5, "Value 2.5 is not int."],
    ["the least integer", integer(), -(2 ** 53) + 1, undefined],
    ["less than the least integer", integer(), -(2 ** 53), min(-(2 ** 53) + 1)],
    ["the greatest integer", integer(), 2 ** 53 - 1, undefined],
    ["more than the greatest integer", integer(), 2 ** 53, max(2 ** 53 - 1)],
    ["the least number", number(), -(2 ** 53), undefined],
    ["less than the least number", number(), -(2 ** 53) - 2, min(-(2 ** 53))],
    ["the greatest number", number(), 2 ** 53, undefined],
    ["more than the greatest number", number(), 2 ** 53 + 2, max(2 ** 53)],
    ["a text as number", number(), "2", 'Value "2" is not float.'],
    ["a flag", boolean, false, undefined],
    ["a number as flag", boolean, 0, "Must be either true or false."],
    ["an ID", snowflake, "12345678901234567890", undefined],
    ["an ID of 21 digits", snowflake, "123456789012345678901", 'Value "123456789012345678901" is not snowflake.'],
    ["an ID as a number", snowflake, 2 ** 53 - 1, undefined],
    ["an ID as a number that is not exact", snowflake, 2 ** 53, "Value 9007199254740992 is not snowflake."],
    ["an ID in a list", snowflake, ["1"], 'Value ["1"] is not snowflake.'],
    ["an address", url(2_048, "https"), "https://x.test", undefined],
    [
      "an address of another scheme",
      url(2_048, "http", "https"),
      "ftp://x.test",
      "Scheme \"ftp\" must be one of ('http', 'https').",
    ],
    ["no address", url(2_048, "https"), "x", "Not a well formed URL."],
    ["a time", moment, "2026-06-01T12:00:00+00:00", undefined],
    ["a year as a number", moment, 2026, "Could not parse 2026. Should be ISO8601."],
    ["no time", moment, "soon", 'Could not parse "soon". Should be ISO8601.'],
    ["a choice", oneOf(1, "a"), "a", undefined],
    ["no choice", oneOf(1, "a"), "1", "Value must be one of {1, a}."],
    ["nothing where it may be missing", optional(text(1, 3)), undefined, undefined],
    ["null where it may be missing", optional(text(1, 3)), null, undefined],
    ["nothing of text where it may be missing", optional(text(1, 3)), "", "This field is required"],
    ["a list at its most", list(1, 2, boolean), [true, true], undefined],
    ["a list above its most", list(1, 2, boolean), [true, true, true], "Must be between 1 and 2 in length."],
    ["a list below its least", list(1, 2, boolean), [], "Must be between 1 and 2 in length."],
    ["an object as list", list(1, 2, boolean), {}, "Only iterables may be used in a ListType"],
    ["null as object", object({}), null, "Only dictionaries may be used in a ModelType"],
    ["a list as object", object({}), [], "Only dictionaries may be used in a ModelType"],
    ["a text as one of several shapes", byType({ 1: object({}) }), "1", "Only dictionaries may be used in a ModelType"],
    ["an object of a known type", byType({ 1: object({}) }), { type: 1 }, undefined],
    [
      "an object of a type as text",
      byType({ 1: object({}) }),
      { type: "1" },
      'Value of field "type" must be one of (1).',
    ],
    [
      "an object of an unknown type",
      byType({ 1: object({}), 4: object({}) }),
      { type: 2 },
      'Value of field "type" must be one of (1, 4).',
    ],
    ["an object without a type", byType({ 1: object({}) }), {}, "This field is required"],
  ])("judges %s", (_name, check, value, problem) => {
    expect(check(value, "at").map(({ message }) => message)).toEqual(problem === undefined ? [] : [problem]);
  });
});

it("says a field that is missing is required, whatever its check would say, at any depth", () => {
  const check = object({ a: boolean, b: object({ c: snowflake, d: optional(boolean) }), e: list(0, 2, boolean) });
  expect(shown(check({ b: {}, e: [undefined] }, ""))).toEqual([
    "a BASE_TYPE_REQUIRED",
    "b.c BASE_TYPE_REQUIRED",
    "e.0 BOOLEAN_TYPE_CONVERT",
  ]);
  expect(shown(check({ a: null, b: { c: "1" }, e: [] }, "data.x"))).toEqual(["data.x.a BOOLEAN_TYPE_CONVERT"]);
  expect(shown(check({ b: { c: "1" }, e: [] }, "data.x"))).toEqual(["data.x.a BASE_TYPE_REQUIRED"]);
});

it("judges fields together only once each is valid", () => {
  const together: unknown[] = [];
  const check = object({ a: boolean }, (body) => (together.push(body), []));
  check({ a: 1 }, "");
  expect(together).toEqual([]);
  check({ a: true }, "");
  expect(together).toEqual([{ a: true }]);
});

it("names the item of a list that is wrong, beside the list's own length", () => {
  expect(shown(list(3, 4, boolean)([true, 1], "data.all"))).toEqual([
    "data.all BASE_TYPE_BAD_LENGTH",
    "data.all.1 BOOLEAN_TYPE_CONVERT",
  ]);
});

it("takes an object for a body, and refuses anything else at its path", () => {
  const body = { a: 1 };
  expect(fieldsOf(body)).toBe(body);
  for (const other of [null, [], "x", undefined])
    expect(shown(refusedBy(() => fieldsOf(other, "data")))).toEqual(["data MODEL_TYPE_CONVERT"]);
});

it("counts characters of a trimmed text, and reads a field that is none as empty", () => {
  expect([lengthOf("  🦀a \n"), textOf("x"), textOf(5)]).toEqual([2, "x", ""]);
});
