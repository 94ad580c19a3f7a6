import { join } from "node:path";
import { runCommand } from "../../local/command-line.ts";
import { equivalentOf } from "./equivalent.ts";
import { commandLine, readMutantsOptions } from "./options.ts";
import { asJson, brief, percent, scoresOf, showMutant, showVerdicts, totalOf } from "./report.ts";
import type { Verdict } from "./run/judge.ts";
import { tryAll } from "./run/try-all.ts";
import { sampleOf } from "./sample.ts";
import { readMutants, sourceFiles } from "./sources.ts";

// `npm run mutants`: changes one place of the code at a time, and lists the changes that no test notices.

const root = join(import.meta.dirname, "../..");
const print = (text: string) => void process.stdout.write(`${text}\n`);
const note = (text: string) => void process.stderr.write(`${text}\n`);

await runCommand({
  ...commandLine,
  async run(given) {
    const { under, part, sample, seed, least, forMs, eachMs, lanes, isList, isJson } = readMutantsOptions(given);
    const files = sourceFiles(root, { under, ...(part !== undefined && { part }) });
    const mutants = readMutants(root, files).filter((mutant) => !equivalentOf(mutant));
    const chosen = sampleOf(mutants, sample ?? mutants.length, seed);
    if (isList) {
      print(isJson ? JSON.stringify(chosen.map(brief), null, 2) : chosen.map(showMutant).join("\n\n"));
      return 0;
    }
    note(`${chosen.length} of ${mutants.length} faults, seed ${seed}.`);

    const startedAt = performance.now();
    const verdicts: Verdict[] = [];
    const progress = (verdict: Verdict) => {
      verdicts.push(verdict);
      const { mutant, noticedBy, isLate, ms } = verdict;
      const outcome = isLate ? "no verdict" : noticedBy ? "noticed" : "SURVIVED";
      note(`${verdicts.length}/${chosen.length} ${outcome} ${mutant.file}:${mutant.line} ${(ms / 1_000).toFixed(1)} s`);
    };
    try {
      await tryAll(chosen, { root, lanes, forMs, eachMs, progress });
    } finally {
      const seconds = Math.round((performance.now() - startedAt) / 1_000);
      print(isJson ? asJson(verdicts, { seed, seconds }) : showVerdicts(verdicts, { seed, seconds }));
    }
    const score = percent(totalOf(scoresOf(verdicts)));
    if (score >= least) return 0;
    note(`The score is ${score.toFixed(1)} %, below the ${least} % that are asked for.`);
    return 1;
  },
});
