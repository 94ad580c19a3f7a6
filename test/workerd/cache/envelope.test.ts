import { expect, it } from "vitest";
import {
  claimText,
  createEnvelope,
  failureText,
  json,
  readStored,
  redisLifeMs,
  restamp,
} from "../../../src/cache/envelope.ts";
import { freezePlain } from "../../../src/cache/shared-value.ts";

const fields = { storedAt: 1, freshUntil: 2, serveUntil: 3, fetchMs: 4, generations: "5,6" };
const text = '[1,2,3,4,"5,6",1]\n{"a":1}';
const absent = '[1,2,3,4,"5,6",0]\n';

it("writes a value behind its times, and reads both back", () => {
  const made = createEnvelope({ ...fields, value: { a: 1 } }, json<object>());
  expect(made).toEqual({ kind: "value", ...fields, value: { a: 1 }, text });
  expect(readStored(text, json<object>())).toEqual(made);
  expect(Object.isFrozen(made.value)).toBe(true);
});

it("keeps absence apart from every value", () => {
  const made = createEnvelope({ ...fields, value: undefined }, json<unknown>());
  expect(made).toEqual({ kind: "value", ...fields, value: undefined, text: absent });
  expect(readStored(absent, json())).toEqual(made);
  expect(readStored('[1,2,3,4,"",1]\nnull', json())).toMatchObject({ value: null });
});

it.each([
  [{ a: 1 }, '[1,8,9,4,"5,6",1]\n{"a":1}'],
  ["two\nlines", '[1,8,9,4,"5,6",1]\n"two\\nlines"'],
  [undefined, '[1,8,9,4,"5,6",0]\n'],
])("gives %j other times and leaves it as it is", (value, expected) => {
  const made = createEnvelope({ ...fields, value }, json<unknown>());
  const later = restamp(made, { freshUntil: 8, serveUntil: 9 });
  expect(later).toEqual({ ...made, freshUntil: 8, serveUntil: 9, text: expected });
  expect(readStored(expected, json())).toEqual(later);
});

it("hands out copies of a value that freezing does not protect", () => {
  const dates = { stringify: (value: Date) => value.toJSON(), parse: (text: string) => new Date(text) };
  const made = createEnvelope({ ...fields, value: new Date(0) }, dates);
  expect(made.copy?.()).toEqual(made.value);
  expect(made.copy?.()).not.toBe(made.value);
  expect(createEnvelope({ ...fields, value: 1 }, json<number>()).copy).toBeUndefined();
});

it("tells a claim, a failure and nothing apart from a value, and keeps 200 characters of a reason", () => {
  expect(readStored(null, json())).toEqual({ kind: "nothing" });
  expect([claimText("me"), readStored("!me", json())]).toEqual(["!me", { kind: "claim", text: "!me" }]);
  expect(readStored("?no", json())).toEqual({ kind: "failure", text: "?no", reason: "no" });
  expect(failureText("x".repeat(201))).toBe(`?${"x".repeat(200)}`);
});

it.each([
  "",
  "{}",
  "5\n1",
  '[1,2,3,4,"5,6",1]',
  '[1,2,3,4,"5,6",0] ',
  '[1,2,3,4,"5,6"]\n1',
  '[1,2,3,4,"5,6",1,7]\n1',
  '["1",2,3,4,"5,6",1]\n1',
  '[1,"2",3,4,"5,6",1]\n1',
  '[1,2,"3",4,"5,6",1]\n1',
  '[1,2,3,"4","5,6",1]\n1',
  "[1,2,3,4,5,1]\n1",
  '[1,2,3,4,"5,6","1"]\n1',
  '{"0":1,"length":6}\n1',
  '[1,2,3,4,"5,6",1]\n{',
])("takes %j for nothing that it wrote", (text) => {
  expect(readStored(text, json())).toEqual({ kind: "unreadable", text });
});

it.each([
  [1_000, 900, 100],
  [1_000.1, 900, 101],
  [1_000, 1_000, 1],
  [1_000, 2_000, 1],
])("is kept in Redis until %d from %d on for %i ms", (serveUntil, now, ms) => {
  expect(redisLifeMs({ serveUntil }, now)).toBe(ms);
});

class Person {
  name = "Ada";
}
const round: { self?: object } = {};
round.self = round;

it.each<[string, unknown, boolean]>([
  ["null", null, true],
  ["an object in an object, beside undefined", { first: { a: { b: [{ c: 1 }] } }, last: undefined }, true],
  ["an object without a prototype", Object.assign(Object.create(null) as object, { a: 1 }), true],
  ["an object that holds itself", round, true],
  ["a function", { call: () => 1 }, false],
  ["a Map", [new Map()], false],
  ["an instance", { people: [new Person()] }, false],
])("tells whether freezing protects %s", (_what, value, isProtected) => {
  expect(freezePlain(value)).toBe(isProtected);
  const { first } = (value ?? {}) as { first?: { a: { b: object[] } } };
  const parts = first ? [first, first.a, first.a.b, first.a.b[0]] : [];
  expect(parts.map((part) => Object.isFrozen(part))).toEqual(parts.map(() => true));
});
