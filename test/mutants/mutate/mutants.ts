import { awaits, calls, order, statements } from "./calls.ts";
import { booleans, logic, operators, tests } from "./conditions.ts";
import { lua } from "./lua.ts";
import { numbers, steps } from "./numbers.ts";
import { guards, optionNames, properties } from "./objects.ts";
import { type Edit, parse, walk } from "./syntax.ts";
import { redisWords } from "./words.ts";

/** A file with one fault. */
export interface Mutant {
  /** Relative to the repository. */
  file: string;
  line: number;
  /** The kind of the fault, such as `boundary`. */
  kind: string;
  /** The lines that change, without their indentation. */
  from: string;
  /** The same lines with the fault. */
  to: string;
  /** The whole file with the fault. */
  text: string;
}

const rules = [
  statements,
  awaits,
  calls,
  order,
  operators,
  tests,
  logic,
  booleans,
  numbers,
  steps,
  properties,
  guards,
  optionNames,
  redisWords,
  lua,
];

/** Returns every file with one fault that the rules can make of a TypeScript file, in the order of its lines, each once. */
export function mutantsOf(file: string, text: string): Mutant[] {
  const edits: Edit[] = [];
  walk(parse(file, text), (node, parents) => {
    for (const rule of rules) edits.push(...rule(node, { text, parents }));
  });
  const made = new Map<string, Mutant>();
  for (const edit of edits.toSorted((one, other) => one.start - other.start)) {
    const mutant = apply(edit, file, text);
    if (mutant.text !== text && !made.has(mutant.text)) made.set(mutant.text, mutant);
  }
  return [...made.values()].filter(isValid);
}

// --- Internal helpers ---

function apply({ kind, start, end, text: fault }: Edit, file: string, text: string): Mutant {
  const first = text.lastIndexOf("\n", start - 1) + 1;
  const last = text.indexOf("\n", end) === -1 ? text.length : text.indexOf("\n", end);
  return {
    file,
    line: text.slice(0, start).split("\n").length,
    kind,
    from: dedent(text.slice(first, last)),
    to: dedent(text.slice(first, start) + fault + text.slice(end, last)),
    text: text.slice(0, start) + fault + text.slice(end),
  };
}

const dedent = (lines: string): string =>
  lines
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== ";")
    .join("\n");

function isValid({ file, text }: Mutant): boolean {
  try {
    parse(file, text);
    return true;
  } catch {
    return false;
  }
}
