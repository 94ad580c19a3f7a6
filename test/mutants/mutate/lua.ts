import type { Edit, Rule } from "./syntax.ts";
import { otherWord } from "./words.ts";

const swapped: Readonly<Record<string, string>> = {
  "==": "~=",
  "~=": "==",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  and: "or",
  or: "and",
  "math.min": "math.max",
  "math.max": "math.min",
  "math.floor": "math.ceil",
};

/** The faults in a Lua script that stands in a template: operators, words of Redis, numbers, calls and guards removed. */
export const lua: Rule = ({ type, start, end }, { text }) => {
  const script = text.slice(start, end);
  if (type !== "TemplateLiteral" || !script.includes("redis.call(")) return [];
  const at = (edit: Edit): Edit => ({ ...edit, start: start + edit.start, end: start + edit.end });
  return [...tokens(script), ...lines(script)].map(at);
};

// --- Internal helpers ---

const token =
  /\$\{[^}]*\}|--[^\n]*|"([^"]*)"|\bnot |[=~<>]=|[<>+*/]|(?<=[\w)\]] )-(?= )|\b(?:and|or|math\.\w+)\b|(?<![\w.])\d+(?![\w.])/g;

function tokens(script: string): Edit[] {
  return [...script.matchAll(token)].flatMap(({ 0: found, 1: word, index }): Edit[] => {
    const become = (kind: string, text: string): Edit => ({ kind, start: index, end: index + found.length, text });
    const other = word === undefined ? undefined : otherWord(word);
    if (other !== undefined) return [become("Redis word", `"${other}"`)];
    if (found === "not ") return [become("Lua operator", "")];
    if (/^\d+$/.test(found)) return [become("Lua number", String(Number(found) + 1))];
    const operator = Object.hasOwn(swapped, found) ? swapped[found] : undefined;
    return operator === undefined ? [] : [become("Lua operator", operator)];
  });
}

/** Lines that only call or only guard, conditions, and numbers that are compared as text. */
function lines(script: string): Edit[] {
  const found = (pattern: RegExp, kind: string, text: string): Edit[] =>
    [...script.matchAll(pattern)].map(({ 0: whole, 1: inner = "", index }) => {
      return { kind, start: index, end: index + whole.length, text: text.replace("$1", inner) };
    });
  return [
    ...found(/\btonumber\(([^()]*)\)/g, "Lua as text", "$1"),
    ...found(/^ *redis\.call\(.*\)$/gm, "Lua call removed", ""),
    ...found(/^ *if .* then return .* end$/gm, "Lua guard removed", ""),
    ...found(/(?<=\bif ).*?(?= then\b)/g, "Lua condition fixed", "true"),
    ...found(/(?<=\bif ).*?(?= then$)/gm, "Lua condition fixed", "false"),
  ];
}
