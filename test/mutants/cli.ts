import { join } from "node:path";
import { runCommand } from "../../local/command-line.ts";
import { equivalentOf } from "./equivalent.ts";
import type { Mutant } from "./mutate/mutants.ts";
import { commandLine, readMutantsOptions } from "./options.ts";
import { percent, scoresOf, showMutant, showScores, totalOf } from "./report.ts";
import type { Verdict } from "./run/judge.ts";
import { tryAll } from "./run/try-all.ts";
import { sampleOf } from "./sample.ts";
import { readMutants, sourceFiles } from "./sources.ts";

// `npm run mutants`: changes one place of the code at a time, and lists the changes that no test notices.

const root = join(import.meta.dirname, "../..");
const print = (text: string) => void process.stdout.write(`${text}\n`);
const note = (text: string) => void process.stderr.write(`${text}\n`);
/** A fault as JSON: without the text of its whole file. */
const brief = ({ file, line, kind, from, to }: Mutant) => ({ file, line, kind, from, to });

await runCommand({
  ...commandLine,
  async run(given) {
    const { under, part, sample, seed, least, forMs, lanes, isList, isJson } = readMutantsOptions(given);
    const files = sourceFiles(root, { under, ...(part !== undefined && { part }) });
    const mutants = readMutants(root, files).filter((mutant) => !equivalentOf(mutant));
    const chosen = sampleOf(mutants, sample ?? mutants.length, seed);
    if (isList) {
      print(isJson ? JSON.stringify(chosen.map(brief), null, 2) : chosen.map(showMutant).join("\n\n"));
      return 0;
    }
    note(`${chosen.length} of ${mutants.length} faults, seed ${seed}.`);

    const startedAt = performance.now();
    let done = 0;
    const progress = ({ mutant, noticedBy, ms }: Verdict) => {
      done += 1;
      const seconds = (ms / 1_000).toFixed(1);
      note(`${done}/${chosen.length} ${noticedBy ? "noticed" : "SURVIVED"} ${mutant.file}:${mutant.line} ${seconds} s`);
    };
    const verdicts = await tryAll(chosen, { root, lanes, forMs, progress });
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    const survivors = verdicts.filter(({ noticedBy }) => noticedBy === undefined).map(({ mutant }) => mutant);
    survivors.sort((one, other) => one.file.localeCompare(other.file) || one.line - other.line);
    const scores = scoresOf(verdicts);
    const score = percent(totalOf(scores));
    if (isJson) {
      const judged = verdicts.map(({ mutant, ...rest }) => ({ ...brief(mutant), ...rest }));
      print(
        JSON.stringify({ seed, seconds, score, scores, survivors: survivors.map(brief), verdicts: judged }, null, 2),
      );
    } else {
      for (const survivor of survivors) print(`${showMutant(survivor)}\n`);
      print(showScores(scores));
      print(`Seed ${seed}, ${verdicts.length} faults in ${seconds} s.`);
    }
    if (score >= least) return 0;
    note(`The score is ${score.toFixed(1)} %, below the ${least} % that are asked for.`);
    return 1;
  },
});
