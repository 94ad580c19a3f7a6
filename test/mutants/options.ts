import { availableParallelism } from "node:os";
import { type Given, UsageError } from "../../local/command-line.ts";

export interface MutantsOptions {
  /** Files and folders; none: all of `src/` and `local/`. */
  under: readonly string[];
  part: string | undefined;
  /** `undefined`: every fault. */
  sample: number | undefined;
  seed: number;
  least: number;
  forMs: number;
  eachMs: number;
  lanes: number;
  isList: boolean;
  isJson: boolean;
}

export const commandLine = {
  usage: `Usage: npm run mutants -- [file or folder ...] [options]

Makes faults that a tired developer makes, one at a time, in a copy of src/ and local/, runs the tests that should notice them,
and lists those that no test noticed. Faults that change nothing are listed in test/mutants/equivalent.ts.

Options:
  --part PART       only this part: redis, bot, local/discord, ...
  --sample N        N faults, chosen by the seed                     (default: every fault)
  --seed N          which faults a sample holds                      (default: a new one every time; it is printed)
  --least PERCENT   the exit code is 1 below this score              (default: 80)
  --max-time SECONDS
                    begin no fault after that                        (default: no limit)
  --each SECONDS    how long the tests of one fault may take; one that takes longer gets no verdict
                                                                     (default: no limit)
  --lanes N         how many faults are tried at a time              (default: one per processor)
  --list            print the faults without trying them
  --json            print JSON
  -h, --help        print this help
`,
  options: {
    part: { type: "string" },
    sample: { type: "string" },
    seed: { type: "string" },
    least: { type: "string", default: "80" },
    "max-time": { type: "string" },
    each: { type: "string" },
    lanes: { type: "string" },
    list: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
  allowPositionals: true,
} as const;

/** Returns the options in the arguments. Throws a `UsageError` for a value that cannot work. */
export function readMutantsOptions({ values, positionals }: Given<(typeof commandLine)["options"]>): MutantsOptions {
  const { part, sample, seed, least, "max-time": maxTime, each, lanes, list: isList, json: isJson } = values;
  return {
    under: positionals,
    part,
    sample: sample === undefined ? undefined : readCount("--sample", sample, 1),
    seed: seed === undefined ? Math.floor(Math.random() * 1_000_000) : readCount("--seed", seed, 0),
    least: readCount("--least", least, 0, 100),
    forMs: readSeconds("--max-time", maxTime),
    eachMs: readSeconds("--each", each),
    lanes: lanes === undefined ? availableParallelism() : readCount("--lanes", lanes, 1, 64),
    isList,
    isJson,
  };
}

const readSeconds = (option: string, text: string | undefined): number =>
  text === undefined ? Infinity : readCount(option, text, 1) * 1_000;

function readCount(option: string, text: string, least: number, most = 1_000_000_000): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= least && count <= most) return count;
  throw new UsageError(`${option} takes a whole number from ${least} to ${most}, not "${text}".`);
}
