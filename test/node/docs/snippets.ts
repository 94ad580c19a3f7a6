import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix, relative } from "node:path";
import { promisify } from "node:util";
import type { Feature } from "../../../src/runtime/index.ts";
import { type Fence, type Page, root } from "./page.ts";

/** A TypeScript block, written to a file of its own. */
export interface Snippet {
  fence: Fence;
  /** Where it was written. */
  path: string;
  /** Where a reader puts it, relative to the repository. */
  file: string;
}

export interface Snippets {
  folder: string;
  all: readonly Snippet[];
  of(page: Page): readonly Snippet[];
  close(): void;
}

/**
 * Writes the TypeScript of the pages to a folder, each page's files apart. What they import from each other is the page's; what else
 * they import is the project's. Blocks without a file, and those that quote a file of the project, are left out.
 */
export function writeSnippets(pages: readonly Page[]): Snippets {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "sandpiper-docs-")));
  symlinkSync(realpathSync(join(root, "node_modules")), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), `{"type":"module"}`);
  const all = pages.flatMap((page) => {
    const fences = page.fences.filter((fence) => isTypeScript(fence) && !isQuoted(fence));
    const own = new Set(fences.map(({ file }) => file));
    return fences.map((fence) => {
      const { file = "" } = fence;
      const path = join(folder, page.name.replace(/\.md$/, ""), file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${resolved(fence.text, file, own)}\n`);
      return { fence, path, file };
    });
  });
  return {
    folder,
    all,
    of: (page) => all.filter(({ fence }) => fence.page === page.name),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export const isTypeScript = ({ language, file, notRun }: Fence): boolean =>
  ["ts", "tsx"].includes(language) && file !== undefined && notRun === undefined;

/** Whether a block shows a part of a file of the project. */
export const isQuoted = ({ file }: Fence): boolean => file !== undefined && existsSync(join(root, file));

export const isTest = ({ file }: Snippet): boolean => file.endsWith(".test.ts");

/** Returns the mistakes that TypeScript finds in the snippets, each with its place in the page, by the snippet's path. */
export async function typeMistakes({ folder, all }: Snippets): Promise<Map<string, string[]>> {
  const config = {
    extends: join(root, "local/tsconfig.json"),
    include: all.map(({ path }) => relative(folder, path)),
    exclude: [],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = join(root, "node_modules/.bin/tsc");
  const { stdout, code = 0 } = (await promisify(execFile)(tsc, ["-p", folder, "--pretty", "false"], {
    cwd: folder,
  }).catch((error: { stdout: string; code: number }) => error)) as { stdout: string; code?: number };
  const mistakes = new Map<string, string[]>();
  for (const [, name = "", line, text = ""] of stdout.matchAll(/^(\S.*?)\((\d+),\d+\): (error .*(?:\n +.*)*)/gm)) {
    const path = join(folder, name);
    const fence = all.find((snippet) => snippet.path === path)?.fence;
    const place = fence ? `${fence.page}:${fence.line + Number(line) - 1}` : `${path}:${line}`;
    mistakes.set(path, [...(mistakes.get(path) ?? []), `${place}: ${text}`]);
  }
  if (code !== 0 && mistakes.size === 0) throw new Error(`TypeScript did not run: ${stdout}`);
  return mistakes;
}

/** Imports snippets, which runs them, and returns the features that they export. */
export async function loadSnippets(snippets: readonly Snippet[]): Promise<Feature[]> {
  const modules = await Promise.all(snippets.map(({ path }) => import(path) as Promise<Record<string, unknown>>));
  return [...new Set(modules.flatMap((module) => Object.values(module).filter(isFeature)))];
}

/** Runs the snippets that are tests with the project's own Vitest. Returns the failures of each, by path. */
export async function runTests({ folder, all }: Snippets): Promise<Map<string, string[]>> {
  const report = join(folder, "report.json");
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST")));
  const config = join(folder, "vitest.config.ts");
  const settings = { include: all.filter(isTest).map(({ path }) => relative(folder, path)), testTimeout: 30_000 };
  writeFileSync(config, `export default ${JSON.stringify({ test: settings })};\n`);
  const vitest = join(root, "node_modules/.bin/vitest");
  const options = ["run", "--root", folder, "--config", config, "--reporter", "json", "--outputFile", report];
  // In the repository, where a test of the bot runs.
  const run = await promisify(execFile)(vitest, options, { cwd: root, env }).catch(
    (error: { stderr: string }) => error,
  );
  if (!existsSync(report)) throw new Error(`Vitest did not run: ${run.stderr}`);
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as { testResults: TestFile[] };
  return new Map(
    testResults.map(({ name, status, message, assertionResults }) => [
      name,
      status === "passed" ? [] : [message, ...assertionResults.flatMap(({ failureMessages }) => failureMessages ?? [])],
    ]),
  );
}

// --- Internal helpers ---

interface TestFile {
  name: string;
  status: string;
  message: string;
  assertionResults: { failureMessages?: string[] }[];
}

/** Has the imports of a snippet lead to the project, but for those of the page's other files. */
function resolved(text: string, file: string, own: ReadonlySet<string | undefined>): string {
  return text.replaceAll(/(\bfrom |\bimport\(|\bimport )"(\.{1,2}\/[^"]+)"/g, (all, before: string, target: string) => {
    const path = posix.join(posix.dirname(file), target);
    return own.has(path) ? all : `${before}"${join(root, path)}"`;
  });
}

const isFeature = (value: unknown): value is Feature =>
  typeof value === "object" &&
  value !== null &&
  "name" in value &&
  !("kind" in value) &&
  ["handlers", "jobs", "events", "duties", "orders", "feeds"].some((part) => part in value);
