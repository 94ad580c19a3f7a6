import { matchesGlob } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import vitestConfig from "../../../vitest.config.ts";
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

it("shows each test where `npm test` finds it", () => {
  const { projects = [] } = vitestConfig.test ?? {};
  const patterns = projects.flatMap((one) =>
    typeof one === "object" && "test" in one ? (one.test?.include ?? []) : [],
  );
  expect(patterns.length).toBeGreaterThan(3);
  const lost = snippets.all.filter((one) => isTest(one) && !patterns.some((pattern) => matchesGlob(one.file, pattern)));
  expect(lost.map(({ fence, file }) => `${fence.page}:${fence.line}: ${file}`)).toEqual([]);
});

it("finds the blocks that are code", () => {
  expect(snippets.all.length).toBeGreaterThan(10);
  expect(snippets.all.filter(isTest).length).toBeGreaterThan(2);
});
