import { describe, expect, it } from "vitest";
import type { Mutant } from "./mutate/mutants.ts";
import { sampleOf } from "./sample.ts";

const mutants = Array.from({ length: 200 }, (_, index): Mutant => {
  return { file: `src/a/${index}.ts`, line: 1, kind: "boundary", from: "a < b", to: "a <= b", text: "" };
});

describe("a sample", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(sampleOf(mutants, 20, 7)).toEqual(sampleOf(mutants, 20, 7));
    expect(sampleOf(mutants, 20, 8)).not.toEqual(sampleOf(mutants, 20, 7));
  });

  it("keeps its order when it grows, when files are read in another order, and when lines move", () => {
    const ten = sampleOf(mutants, 10, 7);
    expect(sampleOf(mutants, 50, 7).slice(0, 10)).toEqual(ten);
    expect(sampleOf(mutants.toReversed(), 10, 7)).toEqual(ten);
    const moved = mutants.map((mutant) => ({ ...mutant, line: 9 }));
    expect(sampleOf(moved, 10, 7).map(({ file }) => file)).toEqual(ten.map(({ file }) => file));
  });

  it("holds each fault once, and all of them when there are no more", () => {
    expect(new Set(sampleOf(mutants, 500, 7))).toEqual(new Set(mutants));
  });
});
