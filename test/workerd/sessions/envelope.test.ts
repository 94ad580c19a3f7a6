import { expect, it } from "vitest";
import { decodeEnvelope, type Envelope, encodeEnvelope } from "../../../src/sessions/envelope.ts";

const envelope: Envelope = {
  kind: "counter",
  version: 2,
  owner: "ada",
  revision: 3,
  createdAt: 4,
  expiresAt: 5,
  endsAt: 6,
  writes: ["a", "b"],
  data: '{"text":"two\u2028lines"}',
};

it("stores a session as a line without its data, and its data behind it", () => {
  const head = '["counter",2,"ada",3,4,5,6,["a","b"]';
  expect(encodeEnvelope(envelope)).toBe(`${head}]\n${envelope.data}`);
  const secret = { digest: "d" };
  expect(encodeEnvelope({ ...envelope, secret })).toBe(`${head},{"digest":"d"}]\n${envelope.data}`);
  for (const one of [envelope, { ...envelope, secret }, { ...envelope, data: "" }])
    expect(decodeEnvelope(encodeEnvelope(one))).toEqual(one);
});

const head = ["counter", 2, "ada", 3, 4, 5, 6, []];
it.each([
  ...head.map((part, index) => JSON.stringify(head.with(index, typeof part === "string" ? 7 : "7"))),
  JSON.stringify(head.slice(0, 7)),
  JSON.stringify(Object.assign({}, head)),
  "null",
  "",
])("finds no session behind the line %s", (line) => {
  expect(decodeEnvelope(`${line}\n{}`)).toBeUndefined();
});

it("finds no session in a text of one line, whatever ends it", () => {
  for (const end of ["", "{", "x"]) expect(decodeEnvelope(`${JSON.stringify(head)}${end}`)).toBeUndefined();
});
