import type { Mutant } from "../mutate/mutants.ts";
import { slownessOf, type TestFile, testsOf } from "../tests-of.ts";
import type { Job, Lane } from "./lane.ts";
import type { Failure } from "./messages.ts";

/** A fault, and what noticed it: a test, or the silence or the end of all tests. `undefined`: it survived. */
export interface Verdict {
  mutant: Mutant;
  noticedBy: string | undefined;
  /** The tests were not through in time: the fault neither survived nor was noticed. */
  isLate: boolean;
  ms: number;
}

/** The time for a fault is up. */
class LateError extends Error {
  override readonly name = "LateError";
}

/** A test fails in the unchanged project: no verdict could be trusted. */
export class BaselineError extends Error {
  override readonly name = "BaselineError";
  constructor({ file, test, error }: Failure) {
    super(`${file} fails without any fault, so it cannot notice one.\n  ${test}\n  ${error}`);
  }
}

/** As often a test may fail without the fault before that is no accident. */
const tries = 5;

/** Tests of a kind in which no test takes half as long, however busy the machine is. */
const silenceMs = (tests: readonly TestFile[]): number =>
  tests.some((test) => slownessOf(test) > 0) ? 180_000 : 30_000;

export interface JudgeOptions {
  /** Every test file. */
  tests: readonly TestFile[];
  /** The test files that are known to pass without a fault: all judges of a run share them. */
  sound: Set<string>;
  /** How long the tests of one fault may take, in milliseconds. Default: no limit. */
  eachMs?: number;
}

/** Returns a judge of faults in a lane. It throws a `BaselineError` where a test that failed does so without the fault too. */
export function createJudge(lane: Lane, { tests: all, sound, eachMs = Infinity }: JudgeOptions) {
  let endsAt = 0;

  async function run(job: Pick<Job, "change" | "tests">) {
    const withinMs = endsAt - performance.now();
    if (withinMs <= 0) throw new LateError();
    const outcome = await lane.run({ ...job, silenceMs: silenceMs(job.tests), withinMs });
    if (outcome.type === "late") throw new LateError();
    return outcome;
  }

  /** A busy machine fails a test now and then: a failure counts when it comes twice, and not without the fault. */
  async function isNoticed(change: NonNullable<Job["change"]>, failure: Failure): Promise<boolean> {
    const tests = [failure];
    if ((await run({ change, tests })).type === "passed") return false;
    for (let count = 1; !sound.has(failure.file); count += 1) {
      const without = await run({ tests });
      if (without.type === "passed") sound.add(failure.file);
      else if (count === tries) throw new BaselineError(without.type === "failed" ? without.failure : failure);
    }
    return true;
  }

  /** Returns what notices the change among the tests, in their order. */
  async function noticedBy(
    change: NonNullable<Job["change"]>,
    tests: readonly TestFile[],
  ): Promise<string | undefined> {
    for (let left = tests; left.length > 0; ) {
      const outcome = await run({ change, tests: left });
      if (outcome.type === "passed") return undefined;
      if (outcome.type !== "failed") return `all tests: they ${outcome.type}`;
      const { failure } = outcome;
      if (await isNoticed(change, failure)) return `${failure.file}: ${failure.test}`;
      left = left.slice(left.findIndex(({ file }) => file === failure.file) + 1);
    }
    return undefined;
  }

  return async function judge(mutant: Mutant): Promise<Verdict> {
    const startedAt = performance.now();
    endsAt = startedAt + eachMs;
    const change = { file: mutant.file, text: mutant.text };
    const tests = testsOf(mutant.file, all);
    const quick = tests.filter((test) => slownessOf(test) === 0);
    const slow = tests.filter((test) => slownessOf(test) > 0);
    const verdict = (by: string | undefined, isLate: boolean): Verdict => {
      return { mutant, noticedBy: by, isLate, ms: performance.now() - startedAt };
    };
    try {
      return verdict((await noticedBy(change, quick)) ?? (await noticedBy(change, slow)), false);
    } catch (error) {
      if (error instanceof LateError) return verdict(undefined, true);
      throw error;
    }
  };
}
