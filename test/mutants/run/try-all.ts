import type { Mutant } from "../mutate/mutants.ts";
import { testFiles } from "../tests-of.ts";
import { copyTree } from "./copy.ts";
import { createJudge, type Verdict } from "./judge.ts";
import { openLane } from "./lane.ts";

export interface TryOptions {
  root: string;
  /** How many faults are tried at a time, each in a copy of the project. */
  lanes: number;
  /** No fault is begun after this many milliseconds. */
  forMs: number;
  /** How long the tests of one fault may take. */
  eachMs: number;
  /** Called with each verdict. */
  progress(verdict: Verdict): void;
}

/** Tries faults, in their order, until the time is up. Leaves no process and no file behind. Throws a `BaselineError`. */
export async function tryAll(
  mutants: readonly Mutant[],
  { root, lanes, forMs, eachMs, progress }: TryOptions,
): Promise<void> {
  const endsAt = performance.now() + forMs;
  const tests = testFiles(root);
  const sound = new Set<string>();
  const waiting = [...mutants];
  const opened = Array.from({ length: Math.min(lanes, mutants.length) }, () => {
    const copy = copyTree(root);
    return { copy, lane: openLane(copy.folder) };
  });
  let isOver = false;
  const close = () => {
    isOver = true;
    for (const { copy, lane } of opened) {
      lane.close();
      copy.remove();
    }
  };
  const interrupt = () => {
    close();
    process.exit(130);
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    await Promise.all(
      opened.map(async ({ lane }) => {
        const judge = createJudge(lane, { tests, sound, eachMs });
        for (let mutant = waiting.shift(); mutant && performance.now() < endsAt; mutant = waiting.shift()) {
          const verdict = await judge(mutant);
          // Another lane may have failed meanwhile, and ended the tests of this one.
          if (isOver) return;
          progress(verdict);
        }
      }),
    );
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    close();
  }
}
