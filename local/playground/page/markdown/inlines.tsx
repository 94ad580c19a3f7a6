import type { ComponentChildren, JSX } from "preact";
import type { Inline } from "../../../render/markdown/ast.ts";
import { localPicture } from "../message/pictures.ts";
import { Mention } from "./mention.tsx";
import { Spoiler } from "./spoiler.tsx";
import { Timestamp } from "./timestamp.tsx";

/** The parts of a line. */
export function Inlines({ parts }: { parts: readonly Inline[] }): JSX.Element {
  return (
    <>
      {parts.map((part, index) => (
        <PartView key={index} part={part} />
      ))}
    </>
  );
}

export interface OuterLinkProps {
  url: string;
  /** Default: the address. */
  title?: string;
  children: ComponentChildren;
}

/** A link to another page, which opens in a window that knows nothing of this one. */
export function OuterLink({ url, title = url, children }: OuterLinkProps): JSX.Element {
  return (
    <a class="link" href={url} title={title} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

/** A custom emoji. The simulator draws it. */
export function CustomEmoji({ id, name, isAnimated }: { id: string; name: string; isAnimated?: boolean }): JSX.Element {
  const source = localPicture(`https://cdn.discordapp.com/emojis/${id}.${isAnimated ? "gif" : "webp"}`);
  return <img class="emoji" src={source} alt={`:${name}:`} title={`:${name}:`} loading="lazy" />;
}

// --- Internal helpers ---

function PartView({ part }: { part: Inline }): JSX.Element {
  switch (part.kind) {
    case "text":
      return <>{part.text}</>;
    case "code":
      return <code>{part.text}</code>;
    case "link":
      return (
        <OuterLink url={part.url} title={part.title ?? part.url}>
          <Inlines parts={part.inner} />
        </OuterLink>
      );
    case "emoji":
      return <CustomEmoji {...part} />;
    case "time":
      return <Timestamp at={part.at} style={part.style} />;
    case "spoiler":
      return (
        <Spoiler>
          <Inlines parts={part.inner} />
        </Spoiler>
      );
    case "bold":
      return <strong>{<Inlines parts={part.inner} />}</strong>;
    case "italic":
      return <em>{<Inlines parts={part.inner} />}</em>;
    case "underline":
      return <u>{<Inlines parts={part.inner} />}</u>;
    case "strike":
      return <s>{<Inlines parts={part.inner} />}</s>;
    default:
      return <Mention mention={part} />;
  }
}
