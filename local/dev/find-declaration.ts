import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Returns where the declaration that a sentence is about is written: `src/bot/ping.ts:8:3`. The check sees values, which do
 * not know where they come from, so this looks for their names in the sources: first in the files that were saved last.
 *
 * @example
 * findDeclaration(root, '/remind in: the description has 0 characters', ["src/bot/reminders/commands.ts"]);
 */
export function findDeclaration(root: string, sentence: string, saved: readonly string[]): string | undefined {
  const files = filesIn(root).filter((file) => !/^src\/(?:discord|runtime|platform)\//.test(file));
  const last = files.filter((file) => saved.includes(file));
  for (const [first = "", ...inner] of pathsIn(sentence)) {
    const { declared, mentioned } = patternsOf(first);
    const found =
      search(last, declared) ?? search(files, declared) ?? search(last, mentioned) ?? search(files, mentioned);
    if (found) return `${found.file}:${placeIn(found.text, descend(found.text, found.index, inner))}`;
  }
  return undefined;

  function search(files: readonly string[], patterns: readonly RegExp[]) {
    for (const pattern of patterns) {
      for (const file of files) {
        const text = readFileSync(join(root, file), "utf8");
        const index = text.search(pattern);
        if (index >= 0) return { file, text, index };
      }
    }
    return undefined;
  }
}

// --- Internal helpers ---

/** The names that a sentence holds, likeliest first: `/remind in` is `in` inside `remind`, and a field inside its modal. */
function pathsIn(sentence: string): string[][] {
  const [line = ""] = sentence.split("\n");
  const path = /^\/([^:(]*?)(?: \(.*?\))?(?::| has )/.exec(line)?.[1]?.split(" ");
  const names = [...line.matchAll(/"([^"]+)"/g)]
    .map(([, name = ""]) => (name.startsWith("/") ? name.slice(1).split(" ") : [name]))
    .toReversed();
  const [, ...field] = /^The modal "([^"]+)": [^"]*"([^"]+)"/.exec(line) ?? [];
  return [...(path ? [path] : []), ...(field.length > 0 ? [field] : []), ...names];
}

/** A name in quotes; a custom_id may go on behind its prefix. */
const quoted = (name: string): string => `(["'\`])${RegExp.escape(name)}(?:\\1|/)`;

/** Where a name is declared, likeliest first, a feature being often called as its command is; and where it is written at all. */
const patternsOf = (name: string): { declared: RegExp[]; mentioned: RegExp[] } => ({
  declared: [
    new RegExp(`(?<=ommand\\w*\\(\\s*\\{\\s*)name:\\s*${quoted(name)}`),
    new RegExp(`\\b(?:name|id):\\s*${quoted(name)}`),
    new RegExp(`(["'])${RegExp.escape(name)}\\1:`),
  ],
  mentioned: [new RegExp(quoted(name))],
});

/** Returns the index of the inner name that is declared behind the outer ones, or of the innermost found. */
function descend(text: string, start: number, names: readonly string[]): number {
  let index = start;
  for (const name of names) {
    const next = new RegExp(`\\b${RegExp.escape(name)}\\b["']?\\s*[:(]|${quoted(name)}`).exec(text.slice(index + 1));
    if (next) index += 1 + next.index;
  }
  return index;
}

function placeIn(text: string, index: number): string {
  const before = text.slice(0, index).split("\n");
  return `${before.length}:${(before.at(-1) ?? "").length + 1}`;
}

function filesIn(root: string): string[] {
  return readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `src/${name.replaceAll("\\", "/")}`);
}
