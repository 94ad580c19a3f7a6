import type { JSX } from "preact";
import { CustomEmoji } from "../markdown/inlines.tsx";
import { Avatar } from "../shell/avatar.tsx";
import { colourStyle } from "../shell/colour.ts";
import type { Choice } from "./select-view.ts";

/** A choice as a menu shows it: picture or emoji, label, description. */
export function ChoiceView({
  choice: { label, description, emoji, picture, colour },
}: {
  choice: Choice;
}): JSX.Element {
  return (
    <>
      {picture && <Avatar url={picture} size={24} />}
      {colour !== undefined && <span class="dot" style={colourStyle(colour)} />}
      {emoji && <EmojiView emoji={emoji} />}
      <span class="choice-text">
        <span class="choice-label">{label}</span>
        {description && <span class="choice-description">{description}</span>}
      </span>
    </>
  );
}

/** An emoji of a button or a choice: a custom one, or a character. */
export function EmojiView({ emoji: { id, name } }: { emoji: NonNullable<Choice["emoji"]> }): JSX.Element {
  if (id) return <CustomEmoji id={id} name={name ?? "emoji"} />;
  return <span class="emoji-text">{name}</span>;
}
