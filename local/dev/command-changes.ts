import { isDeepStrictEqual } from "node:util";
import type { CommandBody } from "./commands.ts";

/** Returns a line for each command that is new, gone or changed: `new /pong`. */
export function commandChanges(before: readonly CommandBody[], after: readonly CommandBody[]): string[] {
  const known = new Map(before.map((body) => [keyOf(body), body]));
  const present = new Map(after.map((body) => [keyOf(body), body]));
  const changed = [...present].flatMap(([key, body]) => {
    const old = known.get(key);
    if (!old) return [`new ${titleOf(body)}`];
    return isDeepStrictEqual(old, body) ? [] : [`changed ${titleOf(body)}`];
  });
  const gone = [...known].filter(([key]) => !present.has(key)).map(([, body]) => `gone ${titleOf(body)}`);
  return [...changed, ...gone];
}

// --- Internal helpers ---

const keyOf = ({ type, name }: CommandBody): string => `${type} ${name}`;

const titleOf = ({ type, name }: CommandBody): string => (type === 1 ? `/${name}` : `"${name}"`);
