import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../local/command-line.ts";
import { type Mutant, mutantsOf } from "./mutate/mutants.ts";

/** `src/redis/gate.ts` belongs to `redis`, `local/redis/guard.ts` to `local/redis`, and `local/dev.ts` to `local`. */
export function partOf(file: string): string {
  const [root = "", ...rest] = file.split("/");
  const folder = rest.length > 1 ? rest[0] : undefined;
  return root === "src" ? (folder ?? "worker") : [root, folder].filter(Boolean).join("/");
}

/**
 * Returns the files to change: those of a part, a file, a folder, or all of `src/` and `local/`. Throws a `UsageError` where
 * there are none. Left out is what only tests in a browser or of a process look at, which take too long to be asked about each fault:
 * pages, what the playground's asks of its browser, what takes the pictures of the README, and the line that starts a command.
 */
export function sourceFiles(
  root: string,
  { part, under = [] }: { part?: string; under?: readonly string[] },
): string[] {
  const all = globSync(["src/**/*.ts", "src/**/*-app.tsx", "local/**/*.ts"], { cwd: root })
    .filter((file) => !file.endsWith(".d.ts") && !slow.test(file))
    .toSorted();
  const parts = [...new Set(all.map(partOf))].toSorted();
  if (part !== undefined && !parts.includes(part)) {
    throw new UsageError(`--part takes one of ${parts.join(", ")}, not "${part}".`);
  }
  for (const path of under) {
    if (!all.some((file) => isUnder(file, path))) throw new UsageError(`No file of src/ or local/ is at "${path}".`);
  }
  return all
    .filter((file) => part === undefined || partOf(file) === part)
    .filter((file) => under.length === 0 || under.some((path) => isUnder(file, path)));
}

/** Returns every mutant of the files. */
export const readMutants = (root: string, files: readonly string[]): Mutant[] =>
  files.flatMap((file) => mutantsOf(file, readFileSync(join(root, file), "utf8")));

const slow =
  /^local\/(?:playground\/page\/.*\/use-[\w-]+|pictures\/.+|pictures|deploy|dev|doctor|playground|register|send|setup)\.ts$/;

const isUnder = (file: string, path: string): boolean => {
  const plain = path.replace(/^\.\//, "").replace(/\/+$/, "");
  return file === plain || file.startsWith(`${plain}/`);
};
