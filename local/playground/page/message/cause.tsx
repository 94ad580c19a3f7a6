import type { JSX } from "preact";
import type { MessageView, PersonView } from "../../protocol.ts";
import { useChannel, useWorld } from "../client/use-client.ts";
import { Avatar } from "../shell/avatar.tsx";
import { authorOf } from "./author.ts";

/** The line above a message: the command it answers, or the message it replies to. */
export function Cause({ view: { cause, message } }: { view: MessageView }): JSX.Element | null {
  const { guild } = useChannel();
  const world = useWorld();
  if (cause && cause.title !== "") return <Used person={cause.person} title={cause.title} />;
  const replied = message.referenced_message;
  if (!replied) return null;
  const { name, avatar } = authorOf(replied, world, guild);
  return (
    <div class="cause">
      <Avatar url={avatar} size={16} />
      <span class="cause-name">{name}</span>
      <a class="cause-text" href={`#message-${replied.id}`}>
        {replied.content?.replace(/\s+/g, " ").slice(0, 120) || "Click to see the message"}
      </a>
    </div>
  );
}

/** `Ada used /ping`. The title of a component says what was used instead. */
export function Used({ person, title }: { person: PersonView; title: string }): JSX.Element {
  return (
    <div class="cause">
      <Avatar url={person.avatar} size={16} />
      <span class="cause-name">{person.name}</span>
      <span>
        used <span class="cause-title">{title}</span>
      </span>
    </div>
  );
}
