import type { Inline } from "./ast.ts";
import type { Rules } from "./rules.ts";

/** A part of a line, and where the text goes on behind it. */
export interface Read {
  part: Inline;
  end: number;
}

type Token = readonly [
  pattern: RegExp,
  isRead: (rules: Rules) => boolean,
  make: (found: readonly string[]) => Inline | undefined,
];

const mentions = ({ hasMentions }: Rules) => hasMentions;
const styles = ({ hasStyles }: Rules) => hasStyles;
const links = ({ hasLinks }: Rules) => hasLinks;

const mention =
  (what: "user" | "role" | "channel") =>
  ([, id = ""]: readonly string[]): Inline => ({ kind: "mention", what, id });

/** The largest instant that a `Date` holds, in seconds. */
const maxSeconds = 8_640_000_000_000;

const tokens: readonly Token[] = [
  [/<@!?(\d{1,20})>/y, mentions, mention("user")],
  [/<@&(\d{1,20})>/y, mentions, mention("role")],
  [/<#(\d{1,20})>/y, mentions, mention("channel")],
  [/<\/([^<>:\n]{1,100}):(\d{1,20})>/y, mentions, ([, name = "", id = ""]) => ({ kind: "command", name, id })],
  [/<id:(customize|browse|guide|linked-roles)(?::\d+)?>/y, mentions, ([, name = ""]) => ({ kind: "guide", name })],
  [/@(?:everyone|here)/y, mentions, ([text = ""]) => ({ kind: "everyone", text })],
  [
    /<(a?):(\w{1,32}):(\d{1,20})>/y,
    styles,
    ([, animated, name = "", id = ""]) => ({ kind: "emoji", name, id, isAnimated: animated === "a" }),
  ],
  [
    /<t:(-?\d{1,17})(?::([tTdDfFsSR]))?>/y,
    styles,
    ([, seconds = "", style = "f"]) =>
      Math.abs(Number(seconds)) > maxSeconds ? undefined : { kind: "time", at: Number(seconds) * 1_000, style },
  ],
  [/<(https?:\/\/[^\s<>]+)>/y, links, ([, url = ""]) => linkTo(url)],
  [/https?:\/\/[^\s<>[\]]+/y, links, ([url = ""]) => linkTo(withoutTail(url))],
];

/** Returns the mention, emoji, timestamp or address at a position, if one begins there. */
export function readToken(text: string, at: number, rules: Rules): Read | undefined {
  for (const [pattern, isRead, make] of tokens) {
    if (!isRead(rules)) continue;
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    const part = found && make(found);
    // The address alone may end before its match does.
    if (part) return { part, end: at + (part.kind === "link" && text[at] !== "<" ? part.url.length : found[0].length) };
  }
  return undefined;
}

/** Returns an address as `http:` or `https:` if that is what it is. */
export function safeUrl(url: string): string | undefined {
  return /^https?:\/\/[^\s]/i.test(url) && URL.canParse(url) ? url : undefined;
}

// --- Internal helpers ---

const linkTo = (url: string): Inline | undefined =>
  safeUrl(url) === undefined ? undefined : { kind: "link", url, inner: [{ kind: "text", text: url }] };

/** Punctuation behind an address, and a bracket that it does not open, belong to the sentence. */
function withoutTail(url: string): string {
  const bare = url.replace(/[.,:;"'\]*_~|]+$/, "");
  const isOpen = bare.split("(").length > bare.split(")").length - 1;
  return bare.endsWith(")") && !isOpen ? withoutTail(bare.slice(0, -1)) : bare;
}
