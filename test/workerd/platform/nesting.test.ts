import { expect, it } from "vitest";
import { isNestedDeeperThan } from "../../../src/platform/index.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const nested = (levels: number) => bytes("[".repeat(levels) + "]".repeat(levels));

it("counts the levels of objects and arrays in JSON", () => {
  expect([isNestedDeeperThan(3, nested(3)), isNestedDeeperThan(3, nested(4))]).toEqual([false, true]);
  expect(isNestedDeeperThan(2, bytes('{"a":[1],"b":[{"c":2}]}'))).toBe(true);
});

it("does not count siblings, nor brackets in texts", () => {
  expect(isNestedDeeperThan(1, bytes(`[${'"[{\\"[[",'.repeat(50)}1]`))).toBe(false);
  expect(isNestedDeeperThan(2, bytes(`[${"[],{},".repeat(50)}{}]`))).toBe(false);
  // The empty text ends where it begins: what follows is a level again.
  expect(isNestedDeeperThan(2, bytes('["",[["",1]]]'))).toBe(true);
  expect(isNestedDeeperThan(1, bytes('["[['))).toBe(false);
});
