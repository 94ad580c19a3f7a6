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
  const files = filesIn(root)
    .filter((file) => !/^src\/(?:discord|runtime|platform)\//.test(file))
    .toSorted((one, other) => Number(saved.includes(other)) - Number(saved.includes(one)));
  for (const [first = "", ...inner] of pathsIn(sentence)) {
    for (const pattern of patternsOf(first)) {
      for (const file of files) {
        const text = readFileSync(join(root, file), "utf8");
        const index = text.search(pattern);
        if (index >= 0) return `${file}:${placeIn(text, descend(text, index, inner))}`;
      }
    }
  }
  return undefined;
}

// --- Internal helpers ---

/** The names that a sentence holds, likeliest first: `/remind in` is `in` inside `remind`. */
function pathsIn(sentence: string): string[][] {
  const [line = ""] = sentence.split("\n");
  const path = /^\/([^:(]*?)(?: \(.*?\))?(?::| has )/.exec(line)?.[1]?.split(" ");
  const names = [...line.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => [name]).toReversed();
  return path ? [path, ...names] : names;
}

/** A name in quotes; a custom_id may go on behind its prefix. */
const quoted = (name: string): string => `(["'\`])${RegExp.escape(name)}(?:\\1|/)`;

/** Where a name is declared, likeliest first: a feature is often called as its command is. */
const patternsOf = (name: string): RegExp[] =>
  [`(?<=ommand\\w*\\(\\s*\\{\\s*)name:\\s*${quoted(name)}`, `\\bname:\\s*${quoted(name)}`, quoted(name)].map(
    (source) => new RegExp(source),
  );

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
