import type { JSX } from "preact";
import type { MessageView, PendingView } from "../../protocol.ts";
import { useChannel, useClient, useNow, useWorld } from "../client/use-client.ts";
import { Components } from "../components/tree.tsx";
import { Markdown } from "../markdown/markdown.tsx";
import { Avatar } from "../shell/avatar.tsx";
import { useContextMenu } from "../shell/context-menu.tsx";
import { Icon } from "../shell/icons.tsx";
import { Attachments } from "./attachments.tsx";
import { authorOf } from "./author.ts";
import { AuthorLine } from "./author-line.tsx";
import { Cause } from "./cause.tsx";
import { Embed } from "./embed.tsx";
import { EphemeralFooter } from "./ephemeral-footer.tsx";
import { useMessageActions } from "./message-actions.ts";
import { MessageContext } from "./message-context.ts";
import { Poll } from "./poll.tsx";
import { Reasons } from "./reasons.tsx";
import { Thinking } from "./thinking.tsx";
import { clockTime } from "./times.ts";

export interface MessageProps {
  view: MessageView;
  /** Interactions with the message's components that wait, or failed. */
  pending: readonly PendingView[];
  /** Whether it follows a message of the same author and shows neither picture nor name. */
  isContinued: boolean;
}

const ephemeral = 64;
const loading = 128;
const suppressEmbeds = 4;

/** A message as its channel shows it. */
export function Message({ view, pending, isContinued }: MessageProps): JSX.Element {
  const { message, cause } = view;
  const { guild } = useChannel();
  const world = useWorld();
  const now = useNow();
  const menu = useContextMenu();
  const actions = useMessageActions(view);
  const author = authorOf(message, world, guild);
  const flags: number = message.flags ?? 0;
  const isEphemeral = (flags & ephemeral) !== 0;
  const isMentioned = message.mention_everyone || message.mentions?.some(({ id }) => id === world.me.id);
  const at = Date.parse(message.timestamp);
  const kinds = [
    "message",
    isContinued && "is-continued",
    isEphemeral && "is-ephemeral",
    isMentioned && "is-mention",
  ].filter(Boolean);
  const edited = message.edited_timestamp && (
    <span class="edited" title={new Date(message.edited_timestamp).toLocaleString("en-GB")}>
      (edited)
    </span>
  );
  const isThinking = (flags & loading) !== 0;
  const hasText = Boolean(message.content);
  return (
    <article
      class={kinds.join(" ")}
      id={`message-${message.id}`}
      aria-label={`${author.name}, ${clockTime(at)}`}
      tabIndex={-1}
      onContextMenu={(event) => menu.openAt(event, actions)}
    >
      <Cause view={view} />
      {isContinued ? (
        <time class="side-time">{clockTime(at)}</time>
      ) : (
        <AuthorLine author={author} at={at} now={now()} avatar={<Avatar url={author.avatar} />} />
      )}
      <div class="message-body">
        {isThinking && <Thinking name={author.name} />}
        {hasText && <Markdown text={message.content} tail={edited} />}
        <MessageContext.Provider value={{ messageId: message.id, attachments: message.attachments, pending }}>
          <Attachments attachments={message.attachments.filter((one) => !isUsed(view, one.filename))} />
          {(flags & suppressEmbeds) === 0 && message.embeds.map((embed, index) => <Embed key={index} embed={embed} />)}
          {message.poll && <Poll messageId={message.id} poll={message.poll} />}
          <Components components={message.components ?? []} />
        </MessageContext.Provider>
        {!hasText && edited}
        {pending
          .filter(({ state }) => state === "failed")
          .map((one) => (
            <div key={one.id} class="component-failure" role="status">
              <span class="failure-text">
                <Icon name="warning" size={16} /> {one.text || "This interaction failed"}
              </span>
              <Reasons reasons={one.reasons} />
            </div>
          ))}
        {isEphemeral && <EphemeralFooter id={message.id} />}
      </div>
      <div class="message-tools">
        <button
          type="button"
          class="plain"
          aria-label={`Apps and more for the message of ${author.name}`}
          onClick={(event) => menu.openBeside(event.currentTarget, actions)}
        >
          <Icon name="more" />
        </button>
        {cause?.exchange && <InspectButton exchange={cause.exchange} />}
      </div>
    </article>
  );
}

// --- Internal helpers ---

/** A file that a component or an embed shows is not shown a second time. */
function isUsed({ message }: MessageView, filename: string): boolean {
  const shown = JSON.stringify([message.components ?? [], message.embeds]);
  return shown.includes(`"attachment://${filename}"`) || shown.includes(`/${encodeURIComponent(filename)}"`);
}

function InspectButton({ exchange }: { exchange: string }): JSX.Element {
  const client = useClient();
  return (
    <button type="button" class="plain" aria-label="Show the exchange" onClick={() => client.select(exchange)}>
      <Icon name="code" />
    </button>
  );
}
