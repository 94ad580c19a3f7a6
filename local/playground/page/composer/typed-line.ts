import { type CommandDraft, type Entry, optionType } from "./draft.ts";
import type { Leaf } from "./leaves.ts";

/**
 * Returns the command of a line that was typed or pasted whole, with its options: `/remind me about:Tea in:2h`. Of options with a
 * list it holds the text by which the list is searched. `undefined` for a line without options.
 */
export function readTypedLine(line: string, leaves: readonly Leaf[]): CommandDraft | undefined {
  const leaf = leaves
    .filter(({ name, isEntryPoint }) => !isEntryPoint && line.startsWith(`/${name} `))
    .toSorted((one, other) => other.name.length - one.name.length)[0];
  if (!leaf) return undefined;
  const rest = line.slice(leaf.name.length + 2).trimStart();
  const names = leaf.options.filter(({ type }) => type !== optionType.attachment).map(({ name }) => name);
  const marks = [...rest.matchAll(/(?<=^|\s)([^\s:]+):/g)].filter(([, name = ""]) => names.includes(name));
  // Words before the first option belong to no option.
  if (marks[0]?.index !== 0) return undefined;
  const entries = marks.map(({ index, 0: mark, 1: name = "" }, at): [string, Entry] => [
    name,
    { text: rest.slice(index + mark.length, marks[at + 1]?.index).trim() },
  ]);
  const given = Object.fromEntries(entries);
  const added = leaf.options.filter(({ name, required }) => !required && given[name]).map(({ name }) => name);
  return { leaf, added, entries: given };
}
