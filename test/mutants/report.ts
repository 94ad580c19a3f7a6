import { styleText } from "node:util";
import type { Mutant } from "./mutate/mutants.ts";
import type { Verdict } from "./run/judge.ts";
import { partOf } from "./sources.ts";

/** How many faults of a part were tried, and how many of them were noticed. */
export interface Score {
  part: string;
  tried: number;
  noticed: number;
}

/** Returns the score of each part, by name. Faults without a verdict do not count. */
export function scoresOf(verdicts: readonly Omit<Verdict, "ms">[]): Score[] {
  const judged = verdicts.filter(({ isLate }) => !isLate);
  const byPart = Map.groupBy(judged, ({ mutant }) => partOf(mutant.file));
  return [...byPart]
    .map(([part, own]) => ({ part, tried: own.length, noticed: own.filter(({ noticedBy }) => noticedBy).length }))
    .toSorted((one, other) => one.part.localeCompare(other.part));
}

/** Returns the noticed faults as a percentage of those tried; 100 of none. */
export const percent = ({ tried, noticed }: Omit<Score, "part">): number =>
  tried === 0 ? 100 : (noticed / tried) * 100;

export const totalOf = (scores: readonly Score[]): Score => ({
  part: "all",
  tried: scores.reduce((sum, { tried }) => sum + tried, 0),
  noticed: scores.reduce((sum, { noticed }) => sum + noticed, 0),
});

/** Returns the table of scores, a line a part, the total last. */
export function showScores(scores: readonly Score[]): string {
  const rows = [...scores, totalOf(scores)];
  const width = Math.max(...rows.map(({ part }) => part.length));
  return rows
    .map(
      (row) =>
        `${row.part.padEnd(width)}  ${`${row.noticed} of ${row.tried}`.padStart(12)}  ${percent(row).toFixed(0).padStart(3)} %`,
    )
    .join("\n");
}

interface Run {
  seed: number;
  seconds: number;
}

/** Returns what a run found as text: the survivors by file, then the scores. */
export function showVerdicts(verdicts: readonly Verdict[], { seed, seconds }: Run): string {
  const scores = showScores(scoresOf(verdicts));
  const late = verdicts.filter(({ isLate }) => isLate).map(({ mutant }) => `${mutant.file}:${mutant.line}`);
  return [
    ...survivorsOf(verdicts).map(showMutant),
    ...(late.length > 0 ? [`Without a verdict, since their tests took too long: ${late.join(", ")}`] : []),
    `${scores}\nSeed ${seed}, ${verdicts.length} faults in ${seconds} s.`,
  ].join("\n\n");
}

/** Returns what a run found as JSON, with what noticed each fault. */
export function asJson(verdicts: readonly Verdict[], run: Run): string {
  const scores = scoresOf(verdicts);
  const judged = verdicts.map(({ mutant, ...rest }) => ({ ...brief(mutant), ...rest }));
  return JSON.stringify({ ...run, score: percent(totalOf(scores)), scores, verdicts: judged }, null, 2);
}

/** Returns a fault without the text of its whole file. */
export const brief = ({ file, line, kind, from, to }: Mutant) => ({ file, line, kind, from, to });

/** Returns a fault as a small diff under its place. */
export function showMutant({ file, line, kind, from, to }: Mutant): string {
  const marked = (mark: string, color: "red" | "green", lines: string) =>
    (lines === "" ? ["(nothing)"] : lines.split("\n")).map((one) => styleText(color, `  ${mark} ${one}`));
  const [before, after] = changedLines(from, to);
  return [`${file}:${line}  ${kind}`, ...marked("-", "red", before), ...marked("+", "green", after)].join("\n");
}

// --- Internal helpers ---

const survivorsOf = (verdicts: readonly Verdict[]): Mutant[] =>
  verdicts
    .filter(({ noticedBy, isLate }) => noticedBy === undefined && !isLate)
    .map(({ mutant }) => mutant)
    .toSorted((one, other) => one.file.localeCompare(other.file) || one.line - other.line);

/** Leaves out lines at both ends that are the same before and after. */
function changedLines(from: string, to: string): [before: string, after: string] {
  const [before, after] = [from.split("\n"), to.split("\n")];
  while (before.length > 1 && after.length > 0 && before.at(-1) === after.at(-1)) {
    before.pop();
    after.pop();
  }
  while (before.length > 1 && after.length > 0 && before[0] === after[0]) {
    before.shift();
    after.shift();
  }
  return [before.join("\n"), after.join("\n")];
}
