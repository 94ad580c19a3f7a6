import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Equivalent, equivalentOf, equivalents } from "./equivalent.ts";
import { mutantsOf } from "./mutate/mutants.ts";

const root = join(import.meta.dirname, "../..");

it("finds a fault that changes nothing by its text, wherever its line is", () => {
  const entry = { file: "src/a.ts", from: "f(a < b);", to: "f(a <= b);", because: "a is never b." };
  const found = (code: string) => mutantsOf("src/a.ts", code).map((mutant) => equivalentOf(mutant, [entry]));
  expect(found("\n\n  f(a < b);")).toContain(entry);
  expect(found("f(a < c);")).not.toContain(entry);
  expect(equivalentOf({ ...entry, file: "src/b.ts" }, [entry])).toBeUndefined();
});

it.each([...Map.groupBy(equivalents, ({ file }) => file)])(
  "lists only faults that can still be made, each with its reason: %s",
  (file, entries) => {
    const made = mutantsOf(file, readFileSync(join(root, file), "utf8"));
    const isStale = (entry: Equivalent) =>
      entry.because === "" || !made.some((mutant) => equivalentOf(mutant, [entry]));
    expect(entries.filter(isStale)).toEqual([]);
  },
);
