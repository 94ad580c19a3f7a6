import { styleText } from "node:util";
import type { Block, Inline, ListBlock } from "./markdown/ast.ts";
import { parseMarkdown } from "./markdown/parse.ts";
import type { Place } from "./markdown/rules.ts";
import { formatTime } from "./markdown/time.ts";

export interface MarkdownOptions {
  /** Names by ID, for mentions. */
  names: Record<string, string>;
  /** Epoch milliseconds, for relative timestamps. */
  now: number;
}

type Style = Parameters<typeof styleText>[0];

/**
 * Returns Discord's markdown styled for a terminal; without colours where they are not wanted (`NO_COLOR`, pipes).
 *
 * @param place Where the text is, which decides the kinds of markup that are read. Default: `content`.
 */
export function renderMarkdown(text: string, options: MarkdownOptions, place: Place = "content"): string {
  return renderBlocks(parseMarkdown(text, place), options);
}

// --- Internal helpers ---

const styles = {
  bold: "bold",
  italic: "italic",
  underline: "underline",
  strike: "strikethrough",
  spoiler: "inverse",
} as const satisfies Record<string, Style>;

const signs = { user: "@", role: "@", channel: "#" };

const renderBlocks = (blocks: readonly Block[], options: MarkdownOptions): string =>
  blocks.map((block) => renderBlock(block, options)).join("\n");

function renderBlock(block: Block, options: MarkdownOptions): string {
  switch (block.kind) {
    case "heading":
      return styleText(["bold", "underline"], renderInline(block.inner, options));
    case "subtext":
      return styleText("dim", renderInline(block.inner, options));
    case "quote":
      return renderBlocks(block.blocks, options).replace(/^/gm, `${styleText("dim", "▌")} `);
    case "code-block":
      return styleText("green", block.text);
    case "list":
      return renderList(block, options);
    default:
      return renderInline(block.inner, options);
  }
}

function renderList({ start, items }: ListBlock, options: MarkdownOptions): string {
  const lines = items.flatMap(({ inner, lists }, index) => [
    `${start === undefined ? "•" : `${start + index}.`} ${renderInline(inner, options)}`,
    ...lists.map((list) => renderList(list, options).replace(/^/gm, "  ")),
  ]);
  return lines.join("\n");
}

const renderInline = (parts: readonly Inline[], options: MarkdownOptions): string =>
  parts.map((part) => renderPart(part, options)).join("");

function renderPart(part: Inline, options: MarkdownOptions): string {
  const { names, now } = options;
  switch (part.kind) {
    case "text":
      return part.text;
    case "code":
      return styleText("green", part.text);
    case "mention":
      return styleText("cyan", `${signs[part.what]}${names[part.id] ?? part.id}`);
    case "everyone":
      return styleText("cyan", part.text);
    case "command":
      return styleText("cyan", `/${part.name}`);
    case "guide":
      return styleText("cyan", `#${part.name}`);
    case "emoji":
      return `:${part.name}:`;
    case "time":
      return formatTime(part.at, part.style, now);
    case "link": {
      const label = renderInline(part.inner, options);
      return label === part.url ? part.url : `${styleText("underline", label)} (${part.url})`;
    }
    default:
      return styleText(styles[part.kind], renderInline(part.inner, options));
  }
}
