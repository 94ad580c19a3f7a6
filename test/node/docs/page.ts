import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A fenced block of a page: ```` ```ts src/bot/hello.ts ````, ```` ```sh not-run="needs an account" ````. */
export interface Fence {
  page: string;
  /** The line of its first line of text, from 1. */
  line: number;
  language: string;
  /** The file that the text is, or is a part of: the second word of the opening line. */
  file: string | undefined;
  /** Why it cannot be run here. */
  notRun: string | undefined;
  text: string;
}

export interface Link {
  line: number;
  target: string;
}

/** A Markdown page, as far as the tests look at it. */
export interface Page {
  /** Relative to the repository. */
  name: string;
  fences: readonly Fence[];
  links: readonly Link[];
  /** What `#…` can lead to. */
  anchors: ReadonlySet<string>;
  /** The commands in running text, between backticks. */
  mentions: readonly { line: number; command: string }[];
}

export const root = join(import.meta.dirname, "../../..");

/** Returns the pages of a repository: those beside its README, and those in `docs/`. */
export function readPages(): Page[] {
  const beside = readdirSync(root).filter((name) => name.endsWith(".md"));
  const inside = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name.replaceAll("\\", "/")}`);
  return [...beside, ...inside].toSorted().map((name) => readPage(name, readFileSync(join(root, name), "utf8")));
}

/** Reads a page. Throws for a block that is never closed. */
export function readPage(name: string, markdown: string): Page {
  const { fences, prose } = divide(name, markdown);
  const written = prose.map((line) => line.replaceAll(/`[^`]*`/g, (code) => " ".repeat(code.length)));
  return {
    name,
    fences,
    links: written.flatMap((line, index) =>
      [...line.matchAll(/\]\(([^()\s]+)\)|<(https?:[^<>\s]+)>|(?:src|href|srcset)="([^"]+)"/g)].map((match) => ({
        line: index + 1,
        target: match[1] ?? match[2] ?? match[3] ?? "",
      })),
    ),
    anchors: anchorsOf(prose),
    mentions: prose.flatMap((line, index) =>
      [...line.matchAll(/`(npm (?:ci|test|run|install)\b[^`]*|npx [^`]*)`/g)].map(([, command = ""]) => ({
        line: index + 1,
        command,
      })),
    ),
  };
}

// --- Internal helpers ---

/** Divides a page into its blocks of code and its prose, in which the lines of code are empty. */
function divide(page: string, markdown: string): { fences: Fence[]; prose: string[] } {
  const fences: Fence[] = [];
  const prose: string[] = [];
  let open: { mark: string; indent: number; fence: Fence; lines: string[] } | undefined;
  for (const [index, line] of markdown.split("\n").entries()) {
    const mark = /^( *)(`{3,})(.*)$/.exec(line);
    if (open) {
      prose.push("");
      if (mark?.[2] === open.mark && mark[3]?.trim() === "") {
        fences.push({ ...open.fence, text: open.lines.join("\n") });
        open = undefined;
      } else open.lines.push(line.slice(open.indent));
    } else if (mark) {
      prose.push("");
      const [language = "", file] = (mark[3] ?? "")
        .replace(/not-run="[^"]*"/, "")
        .trim()
        .split(/\s+/);
      const notRun = /not-run="([^"]+)"/.exec(line)?.[1];
      const fence = { page, line: index + 2, language, file, notRun, text: "" };
      open = { mark: mark[2] ?? "", indent: mark[1]?.length ?? 0, fence, lines: [] };
    } else prose.push(line);
  }
  if (open) throw new Error(`${page}:${open.fence.line - 1}: this block of code is never closed.`);
  return { fences, prose };
}

/** The anchors that GitHub gives to headings, and those given by hand. */
function anchorsOf(prose: readonly string[]): Set<string> {
  const anchors = new Set<string>();
  for (const line of prose) {
    for (const [, id = ""] of line.matchAll(/<a (?:id|name)="([^"]+)">/g)) anchors.add(id);
    const heading = /^#{1,6} +(.+?) *#*$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-");
    let unique = slug;
    for (let count = 1; anchors.has(unique); count++) unique = `${slug}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}
