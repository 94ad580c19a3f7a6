import type { Inline, ListBlock, ListItem } from "./ast.ts";

const bullet = /^( *)(?:[-*]|(\d{1,9})\.) +(\S.*)$/;

interface OpenList {
  indent: number;
  list: Omit<ListBlock, "items"> & { items: OpenItem[] };
}

type OpenItem = Omit<ListItem, "lists"> & { lists: ListBlock[] };

/** Returns how many of these lines are a list, from the first on. */
export function countListLines(lines: readonly string[]): number {
  if (!bullet.test(lines[0] ?? "")) return 0;
  const end = lines.findIndex((line) => !bullet.test(line));
  return end < 0 ? lines.length : end;
}

/** Returns the lists that these lines are: deeper ones inside items, and one after another where their kinds differ. */
export function parseList(lines: readonly string[], inline: (text: string) => Inline[]): ListBlock[] {
  const roots: ListBlock[] = [];
  const open: OpenList[] = [];
  for (const line of lines) {
    const [, spaces = "", number, text = ""] = bullet.exec(line) ?? [];
    const item: OpenItem = { inner: inline(text), lists: [] };
    while (open.length > 1 && (open.at(-1)?.indent ?? 0) > spaces.length) open.pop();
    const current = open.at(-1);
    const isDeeper = !current || spaces.length > current.indent;
    if (!isDeeper && isNumbered(current.list) === (number !== undefined)) {
      current.list.items.push(item);
      continue;
    }
    if (!isDeeper) open.pop();
    const list = { kind: "list" as const, ...(number && { start: Number(number) }), items: [item] };
    (open.at(-1)?.list.items.at(-1)?.lists ?? roots).push(list);
    open.push({ indent: spaces.length, list });
  }
  return roots;
}

// --- Internal helpers ---

const isNumbered = ({ start }: Pick<ListBlock, "start">): boolean => start !== undefined;
