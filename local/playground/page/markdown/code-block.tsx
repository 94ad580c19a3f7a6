import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Highlighted } from "./highlight.ts";

/** A block of code. Its colours arrive with a chunk that the first such block loads. */
export function CodeBlock({ language, text }: { language: string; text: string }): JSX.Element {
  const [parts, setParts] = useState<readonly Highlighted[]>();
  useEffect(() => {
    let isGone = false;
    setParts(undefined);
    if (language !== "")
      void import("./highlight.ts").then(({ highlight }) => !isGone && setParts(highlight(text, language)));
    return () => {
      isGone = true;
    };
  }, [language, text]);
  return (
    <pre class="code-block" tabIndex={0}>
      <code>{parts ? parts.map(highlighted) : text}</code>
    </pre>
  );
}

const highlighted = (part: Highlighted, index: number): JSX.Element | string =>
  typeof part === "string" ? (
    part
  ) : (
    <span key={index} class={part.className}>
      {part.children.map(highlighted)}
    </span>
  );
