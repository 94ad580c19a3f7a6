import type { MessagesView, MessageView, PendingView, StreamEvent } from "../../protocol.ts";
import { type Conversation, emptyConversation, type PageState } from "./state.ts";

const keptExchanges = 200;

/** Returns the state after an event of the stream. Forms are left to the window that sent their interaction. */
export function applyEvent(state: PageState, event: StreamEvent): PageState {
  switch (event.type) {
    case "start":
      return { ...state, conversations: {}, exchanges: [] };
    case "world":
      return { ...state, world: event.world, unread: {} };
    case "unread": {
      const { channelId, unread, isMentioned } = event;
      return { ...state, unread: { ...state.unread, [channelId]: { unread, isMentioned } } };
    }
    case "form-ended":
      return endForm(state, event);
    case "message":
      return inConversation(state, event.channelId, (before) => ({
        ...before,
        messages: placed(before.messages, event.view, ({ message }) => message.id),
      }));
    case "message-gone":
      return inConversation(state, event.channelId, (before) => ({
        ...before,
        messages: before.messages.filter(({ message }) => message.id !== event.messageId),
      }));
    case "pending":
      return inConversation(state, event.pending.channelId, (before) => ({
        ...before,
        pending: placed(before.pending, event.pending, ({ id }) => id),
      }));
    case "pending-gone":
      return dropPending(state, event.id);
    case "exchange":
      return {
        ...state,
        exchanges: placed(state.exchanges, event.exchange, ({ id }) => id).slice(-keptExchanges),
      };
    case "controls":
      return { ...state, controls: event.controls };
    case "mistake":
      return { ...state, mistake: event.mistake };
    default:
      return state;
  }
}

/** Returns the state while a channel's newest messages are on their way: events that arrive meanwhile are kept. */
export function startLoading(state: PageState, channelId: string): PageState {
  const conversation = state.conversations[channelId] ?? emptyConversation;
  return { ...state, conversations: { ...state.conversations, [channelId]: { ...conversation, isLoading: true } } };
}

/** Returns the state with a page of a channel's messages: the newest in place of all, or older ones before the rest. */
export function applyMessages(state: PageState, channelId: string, page: MessagesView, isOlder: boolean): PageState {
  const before = state.conversations[channelId] ?? emptyConversation;
  const known = new Set((isOlder ? before : page).messages.map(({ message }) => message.id));
  const isUnknown = ({ message }: MessageView) => !known.has(message.id);
  const last = page.messages.at(-1)?.message.id ?? "";
  const newer = before.messages.filter((one) => isUnknown(one) && isLater(one.message.id, last));
  const older = page.messages.filter(isUnknown);
  const after = isOlder
    ? {
        ...before,
        messages: [...older, ...before.messages],
        hasMore: page.hasMore,
        older: before.older + older.length,
      }
    : { ...emptyConversation, messages: [...page.messages, ...newer], pending: page.pending, hasMore: page.hasMore };
  return { ...state, conversations: { ...state.conversations, [channelId]: after } };
}

// --- Internal helpers ---

type Of<T extends StreamEvent["type"]> = Extract<StreamEvent, { type: T }>;

/** A form that the Worker took closes. One that failed stays open, with what was entered. */
function endForm(state: PageState, { token, text, reasons = [] }: Of<"form-ended">): PageState {
  const { form, ...rest } = state;
  if (form?.token !== token) return state;
  return text === undefined ? rest : { ...rest, form: { ...form, failure: { text, reasons } } };
}

/** A channel that is not loaded stays so: loading it brings the change. */
function inConversation(
  state: PageState,
  channelId: string,
  change: (before: Conversation) => Conversation,
): PageState {
  const before = state.conversations[channelId];
  if (!before) return state;
  return { ...state, conversations: { ...state.conversations, [channelId]: change(before) } };
}

/** Ids are numbers of up to 20 digits. */
const isLater = (id: string, than: string): boolean => id.padStart(20, "0") > than.padStart(20, "0");

/** Replaces the item with the same id, or adds the item at the end. */
function placed<T>(items: readonly T[], item: T, idOf: (item: T) => string): T[] {
  const at = items.findLastIndex((one) => idOf(one) === idOf(item));
  return at < 0 ? [...items, item] : items.with(at, item);
}

function dropPending(state: PageState, id: string): PageState {
  const isOther = (pending: PendingView) => pending.id !== id;
  const conversations = Object.entries(state.conversations).map(([channel, one]) => [
    channel,
    one.pending.every(isOther) ? one : { ...one, pending: one.pending.filter(isOther) },
  ]);
  return { ...state, conversations: Object.fromEntries(conversations) };
}
