// Discord's markdown as data, for the page and for the terminal.

/** A part of a line. */
export type Inline =
  | TextPart
  | { kind: StyleKind; inner: readonly Inline[] }
  | { kind: "code"; text: string }
  | { kind: "link"; url: string; inner: readonly Inline[]; title?: string }
  | { kind: "mention"; what: "user" | "role" | "channel"; id: string }
  /** `@everyone` or `@here`. */
  | { kind: "everyone"; text: string }
  /** `</remind me:1>`: the command's name and ID. */
  | { kind: "command"; name: string; id: string }
  /** `<id:customize>`: a page of the server, by its name. */
  | { kind: "guide"; name: string }
  | { kind: "emoji"; name: string; id: string; isAnimated: boolean }
  /** `at` is epoch milliseconds; `style` is one of `tTdDfFsSR`. */
  | { kind: "time"; at: number; style: string };

export interface TextPart {
  kind: "text";
  text: string;
}

export type StyleKind = "bold" | "italic" | "underline" | "strike" | "spoiler";

/** Lines that belong together. A paragraph holds its line breaks as text. */
export type Block =
  | { kind: "paragraph"; inner: readonly Inline[] }
  | { kind: "heading"; level: 1 | 2 | 3; inner: readonly Inline[] }
  | { kind: "subtext"; inner: readonly Inline[] }
  | { kind: "quote"; blocks: readonly Block[] }
  | { kind: "code-block"; language: string; text: string }
  | ListBlock;

export interface ListBlock {
  kind: "list";
  /** The number of the first item; absent in a list with bullets. */
  start?: number;
  items: readonly ListItem[];
}

export interface ListItem {
  inner: readonly Inline[];
  lists: readonly ListBlock[];
}
