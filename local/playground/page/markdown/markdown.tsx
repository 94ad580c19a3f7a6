import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Block, ListBlock } from "../../../render/markdown/ast.ts";
import { isJumbo, parseMarkdown } from "../../../render/markdown/parse.ts";
import type { Place } from "../../../render/markdown/rules.ts";
import { CodeBlock } from "./code-block.tsx";
import { Inlines } from "./inlines.tsx";

export interface MarkdownProps {
  text: string;
  /** Where the text is, which decides the kinds of markup that are read. Default: `content`. */
  place?: Place;
  /** Follows the text in its last paragraph: `(edited)`. */
  tail?: ComponentChildren;
}

/** A text of Discord's markdown. It becomes text nodes alone, never HTML. */
export function Markdown({ text, place = "content", tail }: MarkdownProps): JSX.Element {
  const blocks = useMemo(() => parseMarkdown(text, place), [text, place]);
  const isLarge = place === "content" && isJumbo(text);
  return (
    <div class={isLarge ? "markdown jumbo" : "markdown"}>
      {blocks.map((block, index) => (
        <BlockView key={index} block={block} tail={index === blocks.length - 1 && tail} />
      ))}
    </div>
  );
}

/** A text without blocks, such as a title: inline elements alone. */
export function InlineMarkdown({ text, place }: { text: string; place: Place }): JSX.Element {
  const [block] = useMemo(() => parseMarkdown(text, place), [text, place]);
  return <Inlines parts={block?.kind === "paragraph" ? block.inner : []} />;
}

// --- Internal helpers ---

function BlockView({ block, tail }: { block: Block; tail?: ComponentChildren }): JSX.Element {
  switch (block.kind) {
    case "heading":
      // A message is below the channel's heading of level 2.
      return (
        <div class={`heading heading-${block.level}`} role="heading" aria-level={block.level + 2}>
          <Inlines parts={block.inner} /> {tail}
        </div>
      );
    case "subtext":
      return (
        <div class="subtext">
          <Inlines parts={block.inner} /> {tail}
        </div>
      );
    case "quote":
      return (
        <blockquote>
          {block.blocks.map((inner, index) => (
            <BlockView key={index} block={inner} />
          ))}
          {tail}
        </blockquote>
      );
    case "code-block":
      return (
        <>
          <CodeBlock language={block.language} text={block.text} />
          {tail}
        </>
      );
    case "list":
      return (
        <>
          <List list={block} />
          {tail}
        </>
      );
    default:
      return (
        <p>
          <Inlines parts={block.inner} /> {tail}
        </p>
      );
  }
}

function List({ list: { start, items } }: { list: ListBlock }): JSX.Element {
  const shown = items.map(({ inner, lists }, index) => (
    <li key={index}>
      <Inlines parts={inner} />
      {lists.map((list, at) => (
        <List key={at} list={list} />
      ))}
    </li>
  ));
  return start === undefined ? <ul>{shown}</ul> : <ol start={start}>{shown}</ol>;
}
