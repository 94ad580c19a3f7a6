// Text on its way into a message: its length, and what Discord makes of its marks.

/**
 * Returns a text of at most `max` UTF-16 code units. It is cut between the characters that people see, never within an emoji,
 * an accented letter or a flag, and "…" takes the place of the rest. Half a surrogate pair becomes "�".
 *
 * @example
 * cut("a long name", 7); // "a long…"
 */
export function cut(text: string, max: number): string {
  const whole = text.toWellFormed();
  if (whole.length <= max) return whole;
  // One code unit more, as it may belong to the last character.
  const last = new Intl.Segmenter().segment(whole.slice(0, max + 1)).containing(max - 1);
  return `${whole.slice(0, last?.index ?? 0)}…`.slice(0, max);
}

/** Returns whether a text has at most `max` code points, as Discord counts. */
export const isUpTo = (max: number, text: string): boolean =>
  text.length <= max || (text.length <= 2 * max && Array.from(text).length <= max);

/**
 * Returns lines as one text of at most `max` code units. Lines that do not fit are left out as a whole, and `more` says so.
 *
 * @example
 * fitLines(names, 2_000, (left) => `-# and ${left} more`);
 */
export function fitLines(lines: readonly string[], max: number, more: (left: number) => string): string {
  const all = lines.join("\n");
  if (all.length <= max) return all;
  let room = max - more(lines.length).length;
  const first = lines.findIndex((line) => (room -= line.length + 1) < 0);
  return cut([...lines.slice(0, first), more(lines.length - first)].join("\n"), max);
}

/**
 * Returns a text that shows as it is, whatever marks it has: for names and titles. Addresses stay whole, so that they lead
 * where they say.
 *
 * @example
 * escapeMarkdown("[Nitro](https://example.com)"); // String.raw`\[Nitro\](https://example.com)`
 */
export const escapeMarkdown = (text: string): string =>
  text.replaceAll(/https?:\/\/[\w./?=&%#~+,;:-]+|[\\`*_~|#>[\]<@-]/g, (found) =>
    found.length > 1 ? found : `\\${found}`,
  );

/**
 * Returns a person's text as the bot may repeat it in its own name, of at most `max` code units. It keeps its marks, but a
 * link shows its address instead of other words, and a code block ends with the text.
 *
 * @example
 * asWritten("[Nitro](https://example.com)", 100); // String.raw`[Nitro]\(https://example.com)`, which shows as typed
 */
export function asWritten(text: string, max: number): string {
  // A mark before the parenthesis, where no backslash of the text's own can undo it.
  const open = text.replaceAll("](", String.raw`]\(`);
  const short = closeFence(cut(open, max));
  return short.length <= max ? short : closeFence(cut(open, max - closing.length));
}

// --- Internal helpers ---

const fence = "```";
const closing = `\n${fence}`;

const closeFence = (text: string): string => (text.split(fence).length % 2 === 0 ? `${text}${closing}` : text);
