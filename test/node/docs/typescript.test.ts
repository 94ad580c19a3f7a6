import { afterAll, beforeAll, expect, it } from "vitest";
import { readPages } from "./page.ts";
import { isTest, runTests, typeMistakes, writeSnippets } from "./snippets.ts";

// The TypeScript of README.md and docs/: it has the right types where a reader puts it, and what is a test passes.

const snippets = writeSnippets(readPages());
afterAll(snippets.close);

let mistakes: Map<string, string[]>;
let failures: Map<string, string[]>;
beforeAll(async () => {
  mistakes = await typeMistakes(snippets);
  failures = snippets.all.some(isTest) ? await runTests(snippets) : new Map();
}, 120_000);

it.each(snippets.all.map((one) => ({ one, at: `${one.fence.page}:${one.fence.line}`, file: one.file })))(
  "$at: $file has the right types",
  ({ one }) => {
    expect(mistakes.get(one.path) ?? []).toEqual([]);
  },
);

it("finds no mistake outside the pages", () => {
  const paths = snippets.all.map(({ path }) => path);
  expect([...mistakes].filter(([path]) => !paths.includes(path))).toEqual([]);
});

it.each(snippets.all.filter(isTest).map((one) => ({ one, at: `${one.fence.page}:${one.fence.line}`, file: one.file })))(
  "$at: the test $file passes",
  ({ one }) => {
    expect(failures.get(one.path)).toEqual([]);
  },
);

it("finds the blocks that are code", () => {
  expect(snippets.all.length).toBeGreaterThan(10);
  expect(snippets.all.filter(isTest).length).toBeGreaterThan(2);
});
