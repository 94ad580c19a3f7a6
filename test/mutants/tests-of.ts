import { globSync } from "node:fs";

/** A test file, and the project of `vitest.config.ts` that it belongs to. */
export interface TestFile {
  project: string;
  file: string;
}

/** Returns the test files of the repository that can be asked about a fault. */
export const testFiles = (root: string): TestFile[] =>
  ["workerd", "node", "e2e"].flatMap((project) =>
    globSync(`test/${project}/**/*.test.ts`, { cwd: root })
      .toSorted()
      .map((file) => ({ project, file })),
  );

/**
 * Returns the tests that must notice a fault in a file, in the order in which they are asked: those at the same path, those
 * nearest to it, the rest of its part; then property tests, and end-to-end tests that bear the name of the file or its folder.
 */
export function testsOf(file: string, all: readonly TestFile[]): TestFile[] {
  const steps = file
    .replace(/^src\//, "")
    .replace(/\.tsx?$/, "")
    .split("/");
  const least = steps[0] === "local" ? 2 : 1;
  return all
    .map((test) => ({ test, shared: sharedSteps(steps, test) }))
    .filter(({ test, shared }) => shared >= (test.project === "e2e" ? 2 : least))
    .toSorted((one, other) => slownessOf(one.test) - slownessOf(other.test) || other.shared - one.shared)
    .map(({ test }) => test);
}

/** Returns 2 for end-to-end tests, 1 for property tests, whose single tests may take a minute each, and 0 for others. */
export const slownessOf = ({ project, file }: TestFile): 0 | 1 | 2 =>
  project === "e2e" ? 2 : file.endsWith("/property.test.ts") ? 1 : 0;

// --- Internal helpers ---

/**
 * The folders whose tests are not in a folder of the same name: the tests of the playground's server are those of the
 * playground, and a browser test bears the name of what it looks at.
 */
const silent = /^(local\/playground)\/(?:server|page)\//;

/** How many steps of the file's path lead to the test as well: `bot/poll/commands` and `bot/poll` share two. */
function sharedSteps(steps: readonly string[], { project, file }: TestFile): number {
  const path = file.replace(/^test\/[^/]+\//, "").replace(/\.test\.ts$/, "");
  const named = project === "e2e" && steps[0] === "local" ? `local/${path}` : path;
  const own = named.replace(silent, "$1/").split("/");
  const whole = steps.join("/").replace(silent, "$1/").split("/");
  const parting = own.findIndex((step, at) => !isSame(whole[at], step));
  return parting === -1 ? own.length : parting;
}

/** The end-to-end tests say `remind` where the folder says `reminders`, and `messages` where it says `message`. */
const isSame = (step: string | undefined, other: string): boolean =>
  step === other ||
  (step !== undefined && step.length > 3 && other.length > 3 && (step.startsWith(other) || `${step}s` === other));
