import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import type { Mutant } from "./mutate/mutants.ts";
import { scoresOf, showMutant, showScores, showVerdicts } from "./report.ts";

const mutant = (file: string, from = "a < b", to = "a <= b"): Mutant => {
  return { file, line: 3, kind: "boundary", from, to, text: "" };
};

it("shows the score of each part, and of all", () => {
  const verdicts = [
    { mutant: mutant("src/redis/gate.ts"), noticedBy: "test/a.test.ts: b", isLate: false },
    { mutant: mutant("src/redis/gate.ts"), noticedBy: undefined, isLate: false },
    { mutant: mutant("local/redis/guard.ts"), noticedBy: "test/a.test.ts: b", isLate: false },
    { mutant: mutant("local/dev.ts"), noticedBy: undefined, isLate: false },
    { mutant: mutant("local/dev.ts"), noticedBy: undefined, isLate: true },
  ];
  expect(showScores(scoresOf(verdicts))).toBe(
    [
      "local              0 of 1    0 %",
      "local/redis        1 of 1  100 %",
      "redis              1 of 2   50 %",
      "all                2 of 4   50 %",
    ].join("\n"),
  );
});

it("shows a fault as a small diff: only the lines that change", () => {
  const shown = (from: string, to: string) => stripVTControlCharacters(showMutant(mutant("src/a.ts", from, to)));
  expect(shown("one\na < b\ntwo", "one\na <= b\ntwo")).toBe("src/a.ts:3  boundary\n  - a < b\n  + a <= b");
  expect(shown("if (a)\nreturn;", "")).toBe("src/a.ts:3  boundary\n  - if (a)\n  - return;\n  + (nothing)");
});

it("names the faults without a verdict apart from the survivors", () => {
  const shown = showVerdicts(
    [
      { mutant: mutant("src/a.ts"), noticedBy: undefined, isLate: true, ms: 1 },
      { mutant: mutant("src/b.ts"), noticedBy: "c", isLate: false, ms: 1 },
    ],
    { seed: 1, seconds: 2 },
  );
  expect(shown).toMatch(/^Without a verdict, since their tests took too long: src\/a\.ts:3\n\nworker {8}1 of 1/);
});
