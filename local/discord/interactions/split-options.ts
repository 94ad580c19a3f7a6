import { LineError } from "./line-error.ts";

/** Returns the values in `in:10m about:"tea: green"` by option. Throws a `LineError` for text outside an option. */
export function splitOptions(text: string, names: readonly string[], path: string): Map<string, string> {
  const given = new Map<string, string>();
  const anyName = names.map(RegExp.escape).join("|");
  const start = new RegExp(`\\s*(${anyName}):`, "uy");
  const next = new RegExp(`\\s(?:${anyName}):`, "u");
  const quoted = /\s*"((?:[^"\\]|\\.)*)"(?=\s|$)/uy;
  let at = 0;
  while (text.slice(at).trim() !== "") {
    start.lastIndex = at;
    const head = names.length > 0 ? start.exec(text) : null;
    if (!head)
      throw new LineError(
        names.length === 0
          ? `${path} has no options: leave out "${text.slice(at).trim()}".`
          : `${path} has no option for "${text.slice(at).trim()}". It has: ${names.join(", ")}.`,
      );
    const [begin, name = ""] = head;
    at += begin.length;
    quoted.lastIndex = at;
    const [inQuotes, value = ""] = quoted.exec(text) ?? [];
    const length = inQuotes?.length ?? next.exec(text.slice(at))?.index ?? text.length - at;
    const bare = text.slice(at, at + length).trim();
    given.set(name, inQuotes === undefined ? bare : value.replaceAll(/\\(.)/gu, "$1"));
    at += length;
  }
  return given;
}
