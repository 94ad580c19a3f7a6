import { expect, it } from "vitest";
import { isNestedDeeperThan } from "../../../src/platform/index.ts";

const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

it("counts the levels of objects and arrays in JSON", () => {
  expect([isNestedDeeperThan(3, nested(3)), isNestedDeeperThan(3, nested(4))]).toEqual([false, true]);
  expect(isNestedDeeperThan(2, '{"a":[1],"b":[{"c":2}]}')).toBe(true);
});

it("does not count siblings, nor brackets in texts", () => {
  expect(isNestedDeeperThan(1, `[${'"[{\\"[[",'.repeat(50)}1]`)).toBe(false);
  expect(isNestedDeeperThan(2, `[${"[],{},".repeat(50)}{}]`)).toBe(false);
  // The empty text ends where it begins: what follows is a level again.
  expect(isNestedDeeperThan(2, '["",[["",1]]]')).toBe(true);
  expect(isNestedDeeperThan(1, '["[[')).toBe(false);
});

it("judges a text by its depth where it has as many brackets as levels are allowed, and one more", () => {
  for (const open of ["[", "{"]) {
    expect(isNestedDeeperThan(3, open.repeat(3))).toBe(false);
    expect(isNestedDeeperThan(3, open.repeat(4))).toBe(true);
  }
  expect(isNestedDeeperThan(3, '[{"a":[{}]}]')).toBe(true);
  expect(isNestedDeeperThan(3, "[[],{},[]]")).toBe(false);
});
