import type { JSX } from "preact";
import { colourStyle } from "../shell/colour.ts";
import type { Author } from "./author.ts";
import { formatSent } from "./times.ts";

export interface AuthorLineProps {
  author: Author;
  at: number;
  now: number;
  avatar: JSX.Element;
}

/** A message's head: picture, name in the colour of the highest role, `APP`, time. */
export function AuthorLine({ author: { name, isBot, colour }, at, now, avatar }: AuthorLineProps): JSX.Element {
  return (
    <>
      <div class="message-avatar">{avatar}</div>
      <div class="message-head">
        <span class={colour ? "name is-coloured" : "name"} style={colourStyle(colour)}>
          {name}
        </span>
        {isBot && <span class="app-tag">APP</span>}
        <time class="sent" dateTime={new Date(at).toISOString()}>
          {formatSent(at, now)}
        </time>
      </div>
    </>
  );
}
