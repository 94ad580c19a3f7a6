import { expect, it } from "vitest";
import { reasonOf } from "../../../src/platform/index.ts";

class Wordless extends Error {
  override get message(): string {
    throw new Error("no words");
  }
}

it.each([
  ["an error", new TypeError("It broke."), "It broke."],
  ["an error without a message", Object.assign(new Error("x"), { message: undefined }), "undefined"],
  ["a text", "It broke.", "It broke."],
  ["nothing", undefined, "undefined"],
  ["an object", { code: 1 }, "[object Object]"],
  ["an object without a prototype", Object.create(null), "a value without a text was thrown"],
  ["an error whose message throws", new Wordless(), "a value without a text was thrown"],
  ["a symbol", Symbol("broke"), "Symbol(broke)"],
])("puts %s into words", (_name, thrown, words) => {
  expect(reasonOf(thrown)).toBe(words);
});
