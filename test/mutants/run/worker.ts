import { join, relative } from "node:path";
import { BaseSequencer, createVitest, type TestModule, type TestSpecification } from "vitest/node";
import type { TestFile } from "../tests-of.ts";
import type { Failure, Order, Report } from "./messages.ts";

// A process that keeps one Vitest for all its jobs, in a copy of the repository that is its working folder.

/** A fault that keeps a test waiting is noticed by then. End-to-end tests, and those that say so, may take longer. */
const testTimeoutMs = 10_000;
const root = process.cwd();

class AsGiven extends BaseSequencer {
  override sort = async (files: TestSpecification[]) => files;
}

const report = (message: Report) => void process.send?.(message);

let lastChanged: string | undefined;

/** The files that have ended in this run: Vitest's own result holds those of earlier runs too. */
const ended: TestModule[] = [];

const vitest = await createVitest("test", {
  root,
  watch: false,
  bail: 1,
  maxWorkers: 1,
  cache: false,
  silent: true,
  sequence: { sequencer: AsGiven },
  reporters: [
    { onTestCaseResult: () => report({ type: "alive" }), onTestModuleEnd: (module) => void ended.push(module) },
  ],
});
for (const { name, config } of vitest.projects) if (name !== "e2e") config.testTimeout = testTimeoutMs;

process.on("disconnect", () => process.exit());
process.on("message", (order: Order) => void work(order));
report({ type: "ready" });

async function work({ changed, tests }: Order): Promise<void> {
  // What the last order changed is as it was, by now.
  for (const file of [lastChanged, changed]) if (file !== undefined) vitest.invalidateFile(join(root, file));
  lastChanged = changed;
  const failure = await firstFailure(tests);
  report({ type: "done", ...(failure && { failure }) });
}

/** Tests of one project that follow each other are one run: each run starts a new workerd. */
async function firstFailure(tests: readonly TestFile[]): Promise<Failure | undefined> {
  for (let at = 0; at < tests.length; ) {
    const project = tests[at]?.project ?? "";
    const more = tests.slice(at).findIndex((test) => test.project !== project);
    const run = tests.slice(at, more === -1 ? undefined : at + more);
    const owner = vitest.getProjectByName(project);
    ended.length = 0;
    const { unhandledErrors } = await vitest.runTestSpecifications(
      run.map(({ file }) => owner.createSpecification(join(root, file))),
    );
    const failure = failureIn(unhandledErrors, run[0]);
    if (failure) return failure;
    at += run.length;
  }
  return undefined;
}

function failureIn(unhandledErrors: readonly unknown[], first: TestFile | undefined): Failure | undefined {
  const failed = ended.find((module) => module.state() === "failed");
  if (failed) return { project: failed.project.name, file: relative(root, failed.moduleId), ...explain(failed) };
  if (!first || unhandledErrors.length === 0) return undefined;
  return { ...first, test: "an error that nothing caught", error: (unhandledErrors[0] as Error).message };
}

function explain(module: TestModule): Pick<Failure, "test" | "error"> {
  const [test] = module.children.allTests("failed");
  const [suite] = module.children.allSuites();
  const errors = test?.result().errors ?? [...module.errors(), ...(suite?.errors() ?? [])];
  return { test: test?.fullName ?? "the file itself", error: errors[0]?.message ?? "" };
}
