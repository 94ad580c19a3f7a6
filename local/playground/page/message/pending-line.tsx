import type { JSX } from "preact";
import type { PendingView } from "../../protocol.ts";
import { useChannel, useClient, useWorld } from "../client/use-client.ts";
import { Avatar } from "../shell/avatar.tsx";
import { colourStyle } from "../shell/colour.ts";
import { Icon } from "../shell/icons.tsx";
import { authorOf } from "./author.ts";
import { Used } from "./cause.tsx";
import { EphemeralFooter } from "./ephemeral-footer.tsx";
import { Reasons } from "./reasons.tsx";
import { Thinking } from "./thinking.tsx";

/** An interaction that has no message yet: it waits, or failed in one of Discord's ways. */
export function PendingLine({ pending }: { pending: PendingView }): JSX.Element {
  const world = useWorld();
  const { guild } = useChannel();
  const { application } = world;
  const author = authorOf({ author: { id: application.id, username: application.name } }, world, guild);
  const client = useClient();
  const { id, title, state, person, text, reasons, isEphemeral } = pending;
  return (
    <article
      class={`message is-${state}${isEphemeral ? " is-ephemeral" : ""}`}
      aria-label={`${application.name}: ${text}`}
    >
      <Used person={person} title={title} />
      <div class="message-avatar">
        <Avatar url={application.avatar} />
      </div>
      <div class="message-head">
        <span class={author.colour ? "name is-coloured" : "name"} style={colourStyle(author.colour)}>
          {author.name}
        </span>
        <span class="app-tag">APP</span>
      </div>
      <div class="message-body">
        {state === "sending" && <div class="sending">{text || "Sending command…"}</div>}
        {state === "thinking" && <Thinking name={application.name} />}
        {state === "failed" && (
          <div class="failure" role="status">
            <span class="failure-text">
              <Icon name="warning" size={16} /> {text || "The application did not respond"}
            </span>
            <Reasons reasons={reasons} />
            <button type="button" class="link" onClick={() => client.select(id)}>
              Show the exchange
            </button>
          </div>
        )}
        {state === "failed" && <EphemeralFooter id={id} />}
      </div>
    </article>
  );
}
