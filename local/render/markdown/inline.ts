import type { Inline, StyleKind } from "./ast.ts";
import type { Rules } from "./rules.ts";
import { type Read, readToken, safeUrl } from "./tokens.ts";

/** Longer marks first: `**` is never two `*`. */
const marks: readonly (readonly [mark: string, kind: StyleKind])[] = [
  ["**", "bold"],
  ["__", "underline"],
  ["~~", "strike"],
  ["||", "spoiler"],
  ["*", "italic"],
  ["_", "italic"],
];
const escape = /\\[^0-9A-Za-z\s]/y;
const code = /(?<!`)(`+)(?!`)([^]*?[^`])\1(?!`)/y;
const maskedLink = /\[([^[\]\n]+)\]\(<?(https?:\/\/[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\s+"([^"\n]*)")?\)/y;
const maxDepth = 16;

/** Returns a text as its parts. Time grows with the square of its length at most. */
export function parseInline(text: string, rules: Rules, depth = 0): Inline[] {
  const parts: Inline[] = [];
  // A mark that does not close from one position does not close from a later one.
  const reading = { rules, depth, unclosed: new Set<string>() };
  let at = 0;
  while (at < text.length) {
    const { part, end } = readPart(text, at, reading);
    const last = parts.at(-1);
    if (part.kind === "text" && last?.kind === "text") last.text += part.text;
    else parts.push(part);
    at = end;
  }
  return parts;
}

// --- Internal helpers ---

interface Reading {
  rules: Rules;
  depth: number;
  unclosed: Set<string>;
}

const plainRun = /[^\\`*_~|<@[h]+/y;

/** Returns the part at a position: at least a character as text. */
function readPart(text: string, at: number, reading: Reading): Read {
  const { rules, depth } = reading;
  const run = matchAt(plainRun, text, at);
  if (run) return textPart(run[0], at + run[0].length);
  const char = text[at] ?? "";
  if (rules.hasStyles) {
    const escaped = matchAt(escape, text, at);
    if (escaped) return textPart(escaped[0].slice(1), at + 2);
    const span = char === "`" && matchAt(code, text, at);
    if (span) return { part: { kind: "code", text: trimSpan(span[2] ?? "") }, end: at + span[0].length };
  }
  const token = readToken(text, at, rules);
  if (token) return token;
  const nested =
    depth < maxDepth &&
    ((rules.hasLinks && char === "[" && readLink(text, at, reading)) ||
      (rules.hasStyles && readStyle(text, at, reading)));
  return nested || textPart(char, at + 1);
}

const textPart = (text: string, end: number): Read => ({ part: { kind: "text", text }, end });

function readLink(text: string, at: number, { rules, depth }: Reading): Read | undefined {
  const found = matchAt(maskedLink, text, at);
  if (!found) return undefined;
  const [all, label = "", url = "", title] = found;
  // Discord does not mask an address with another one.
  if (/https?:\/\//i.test(label) || safeUrl(url) === undefined) return undefined;
  const inner = parseInline(label, { ...rules, hasLinks: false }, depth + 1);
  return { part: { kind: "link", url, inner, ...(title && { title }) }, end: at + all.length };
}

function readStyle(text: string, at: number, { rules, depth, unclosed }: Reading): Read | undefined {
  for (const [mark, kind] of marks) {
    if (!text.startsWith(mark, at) || unclosed.has(mark) || !opens(text, at, mark)) continue;
    const close = findClose(text, at + mark.length, mark);
    if (close === undefined) {
      unclosed.add(mark);
      continue;
    }
    const inner = parseInline(text.slice(at + mark.length, close), rules, depth + 1);
    return { part: { kind, inner }, end: close + mark.length };
  }
  return undefined;
}

/** `_` opens at the beginning of a word alone, `*` before one. */
function opens(text: string, at: number, mark: string): boolean {
  if (mark === "_") return !/\w/.test(text[at - 1] ?? "");
  return mark !== "*" || /\S/.test(text[at + 1] ?? "");
}

function findClose(text: string, from: number, mark: string): number | undefined {
  const [char = ""] = mark;
  for (let at = from; at < text.length; at++) {
    const span = text[at] === "`" && matchAt(code, text, at);
    if (text[at] === "\\") at++;
    else if (span) at += span[0].length - 1;
    else if (text.startsWith(mark, at)) {
      // Of a longer run, a mark of two takes the last two; a single mark leaves pairs alone.
      const run = runOf(text, at, char);
      const close = mark.length === 2 ? at + Math.max(0, run - 2) : at;
      const isClose = mark.length === 2 ? run >= 2 : run % 2 === 1 && closes(text, at + run - 1, mark);
      if (isClose && close > from) return mark.length === 2 ? close : at + run - 1;
      at += run - 1;
    }
  }
  return undefined;
}

function closes(text: string, at: number, mark: string): boolean {
  return mark === "_" ? !/\w/.test(text[at + 1] ?? "") : /\S/.test(text[at - 1] ?? "");
}

function runOf(text: string, at: number, char: string): number {
  let end = at;
  while (text[end] === char) end++;
  return end - at;
}

/** A span that begins or ends with a backtick has one space beside it, which is not shown. */
const trimSpan = (text: string): string => text.replace(/^ (?=`)|(?<=`) $/g, "");

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
