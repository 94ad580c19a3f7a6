import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { MessageView, PendingView } from "../../protocol.ts";
import { emptyConversation } from "../client/state.ts";
import { useChannel, useClient, useSelected } from "../client/use-client.ts";
import { Guard } from "./guard.tsx";
import { Message } from "./message.tsx";
import { PendingLine } from "./pending-line.tsx";
import { formatDay, isSameDay } from "./times.ts";
import { useStickyScroll } from "./use-sticky-scroll.ts";

const groupSize = 25;
const continuedMs = 7 * 60_000;
const nothing: readonly PendingView[] = [];

/** The messages of the shown channel, oldest first. It stays at the end while it is at the end. */
export function MessageList(): JSX.Element {
  const { channel } = useChannel();
  const client = useClient();
  const id = channel?.id ?? "";
  const { messages, pending, hasMore, isLoading, older } = useSelected(
    (state) => state.conversations[id] ?? emptyConversation,
  );
  const scroll = useStickyScroll(id, { hasMore, count: messages.length, loadOlder: client.loadOlder });
  return (
    <div class="scroller" ref={scroll.ref} onScroll={scroll.onScroll} tabIndex={0} aria-label="Messages" role="region">
      <div class="messages" role="log" aria-label={`Messages in ${channel?.name ?? ""}`} aria-busy={isLoading}>
        {!hasMore && !isLoading && <Welcome name={channel?.name ?? ""} isDirect={channel?.type === 1} />}
        {groupsOf(messages, older).map(({ key, start, views }) => (
          <div key={key} class="group">
            {views.map((view, index) => (
              <Row
                key={view.message.id}
                view={view}
                before={messages[start + index - 1]}
                pending={pendingOf(view, pending)}
              />
            ))}
          </div>
        ))}
        {pending
          .filter(({ messageId }) => messageId === undefined)
          .map((one) => (
            <PendingLine key={one.id} pending={one} />
          ))}
      </div>
    </div>
  );
}

// --- Internal helpers ---

interface Group {
  key: number;
  /** The index of its first message. */
  start: number;
  views: readonly MessageView[];
}

/**
 * Returns messages in groups, which the browser leaves out of layout where they are out of sight. Older messages that
 * arrive above form new groups: the present ones stay as they are.
 */
function groupsOf(messages: readonly MessageView[], older: number): Group[] {
  const groups: Group[] = [];
  for (let start = 0; start < messages.length; ) {
    const key = Math.floor((start - older) / groupSize);
    const end = Math.min(messages.length, (key + 1) * groupSize + older);
    groups.push({ key, start, views: messages.slice(start, end) });
    start = end;
  }
  return groups;
}

/** The one empty list for messages that nothing waits for keeps them from rendering again. */
function pendingOf({ message }: MessageView, pending: readonly PendingView[]): readonly PendingView[] {
  const own = pending.filter(({ messageId }) => messageId === message.id);
  return own.length === 0 ? nothing : own;
}

interface RowProps {
  view: MessageView;
  before: MessageView | undefined;
  pending: readonly PendingView[];
}

/** A message that has not changed is the same element, which Preact does not compare. */
function Row({ view, before, pending }: RowProps): JSX.Element {
  return useMemo(() => {
    const at = Date.parse(view.message.timestamp);
    const beforeAt = before ? Date.parse(before.message.timestamp) : 0;
    const isNewDay = !isSameDay(at, beforeAt);
    const isContinued =
      !isNewDay &&
      before?.message.author.id === view.message.author.id &&
      at - beforeAt < continuedMs &&
      !view.cause &&
      !view.message.referenced_message;
    return (
      <>
        {isNewDay && (
          <div class="day" role="separator">
            <span>{formatDay(at)}</span>
          </div>
        )}
        <Guard>
          <Message view={view} pending={pending} isContinued={isContinued} />
        </Guard>
      </>
    );
  }, [view, before, pending]);
}

function Welcome({ name, isDirect }: { name: string; isDirect: boolean }): JSX.Element {
  return (
    <div class="welcome">
      <h3>{isDirect ? name : `Welcome to #${name}!`}</h3>
      <p>
        {isDirect
          ? `This is the beginning of your direct messages with ${name}.`
          : `This is the start of the #${name} channel.`}{" "}
        Type <kbd>/</kbd> for the commands.
      </p>
    </div>
  );
}
