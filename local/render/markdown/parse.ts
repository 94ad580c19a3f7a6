import type { Block, Inline } from "./ast.ts";
import { parseInline } from "./inline.ts";
import { countListLines, parseList } from "./list.ts";
import { type Place, type Rules, rulesOf } from "./rules.ts";

const heading = /^(#{1,3}) +(\S.*?)(?: +#+)? *$/;
const subtext = /^-# +(\S.*)$/;
const fence = /```(?:([\w+#.-]*)\n)?\n?([^]*?[^\s`][^]*?)\n?```/y;
const maxDepth = 3;

/** Returns a text of a place (`content`, `embedTitle`, …) as blocks. A text without blocks is one paragraph. */
export function parseMarkdown(text: string, place: Place = "content"): Block[] {
  const rules = rulesOf[place];
  return rules.hasBlocks ? parseBlocks(text, rules, 0) : [{ kind: "paragraph", inner: parseInline(text, rules) }];
}

/** Returns whether a text is emoji alone, 30 at most: Discord shows them large. */
export function isJumbo(text: string): boolean {
  const emoji = text.match(/<a?:\w{1,32}:\d{1,20}>|\p{RGI_Emoji}/gv) ?? [];
  const rest = text.replace(/<a?:\w{1,32}:\d{1,20}>|\p{RGI_Emoji}/gv, "");
  return emoji.length > 0 && emoji.length <= 30 && rest.trim() === "";
}

// --- Internal helpers ---

function parseBlocks(text: string, rules: Rules, depth: number): Block[] {
  const blocks: Block[] = [];
  const inline = (line: string): Inline[] => parseInline(line, rules);
  let plain: string[] = [];
  const flush = () => {
    if (plain.length > 0) blocks.push({ kind: "paragraph", inner: inline(plain.join("\n")) });
    plain = [];
  };
  const add = (...added: Block[]) => {
    flush();
    blocks.push(...added);
  };

  let lines = text.split("\n");
  while (lines.length > 0) {
    const [line = "", ...rest] = lines;
    const found = depth < maxDepth ? findQuote(lines) : undefined;
    const title = heading.exec(line);
    const small = subtext.exec(line);
    const listed = countListLines(lines);
    const block = !found && findFence(line, rest);
    if (found) {
      add({ kind: "quote", blocks: parseBlocks(found.quoted, rules, depth + 1) });
      lines = found.rest;
    } else if (block) {
      if (block.before.trim() !== "") plain.push(block.before);
      add({ kind: "code-block", language: block.language, text: block.text });
      lines = block.rest;
    } else if (title) {
      add({ kind: "heading", level: levelOf(title[1]), inner: inline(title[2] ?? "") });
      // Discord swallows the empty lines under a heading.
      const next = rest.findIndex((one) => one.trim() !== "");
      lines = next < 0 ? [] : rest.slice(next);
    } else if (small) {
      add({ kind: "subtext", inner: inline(small[1] ?? "") });
      lines = rest;
    } else if (listed > 0) {
      add(...parseList(lines.slice(0, listed), inline));
      lines = lines.slice(listed);
    } else {
      plain.push(line);
      lines = rest;
    }
  }
  flush();
  return blocks;
}

const levelOf = (signs = "#"): 1 | 2 | 3 => (signs.length === 1 ? 1 : signs.length === 2 ? 2 : 3);

/** `>>> ` quotes all that follows, `> ` its own line and those after it that begin alike. */
function findQuote(lines: readonly string[]): { quoted: string; rest: string[] } | undefined {
  const [first = ""] = lines;
  if (/^>>> +\S/.test(first)) return { quoted: lines.join("\n").replace(/^>>> +/, ""), rest: [] };
  const isQuoted = (line: string) => line.startsWith("> ") || line === ">";
  if (!first.startsWith("> ")) return undefined;
  const end = lines.findIndex((line) => !isQuoted(line));
  const count = end < 0 ? lines.length : end;
  const quoted = lines.slice(0, count).map((line) => line.replace(/^> ?/, ""));
  return { quoted: quoted.join("\n"), rest: lines.slice(count) };
}

function findFence(line: string, rest: readonly string[]) {
  const at = line.indexOf("```");
  if (at < 0 || line[at - 1] === "\\") return undefined;
  const text = [line, ...rest].join("\n");
  fence.lastIndex = at;
  const found = fence.exec(text);
  if (!found) return undefined;
  const [all, language = "", code = ""] = found;
  const behind = text.slice(at + all.length).replace(/^ *\n/, "");
  return { before: line.slice(0, at), language, text: code, rest: behind === "" ? [] : behind.split("\n") };
}
