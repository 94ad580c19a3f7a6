import type {
  ChannelView,
  ControlsView,
  ExchangeView,
  MessageView,
  MistakeView,
  PendingView,
  WorldView,
} from "../../protocol.ts";
import type { FormView } from "../form/form-view.ts";
import type { Place } from "./place.ts";

/** Everything the page shows. */
export interface PageState {
  place: Place;
  /** Whether the stream from the server is open. */
  isConnected: boolean;
  world?: WorldView;
  /**
   * The unread messages by the channel's id, where that changed since the world arrived. Apart from the world, so that a
   * message does not render all others again.
   */
  unread: Readonly<Record<string, Unread>>;
  /** By the channel's id; absent until the channel's messages are loaded. */
  conversations: Readonly<Record<string, Conversation>>;
  /** Oldest first. */
  exchanges: readonly ExchangeView[];
  selectedExchange?: string;
  controls: ControlsView;
  mistake: MistakeView | null;
  form?: OpenForm;
  panels: Panels;
  /** A sentence for a short while: the request that was refused, the text that was copied. */
  notice?: string;
}

export type Unread = Pick<ChannelView, "unread" | "isMentioned">;

export interface Conversation {
  /** Oldest first. */
  messages: readonly MessageView[];
  pending: readonly PendingView[];
  hasMore: boolean;
  isLoading: boolean;
  /** How many of the messages were loaded above the first page. */
  older: number;
}

/** A form that the Worker answered with. */
export interface OpenForm {
  exchange: string;
  token: string;
  form: FormView;
  /** Why the Worker did not take it, once it was submitted: Discord's words, and what they hide. */
  failure?: { text: string; reasons: readonly string[] };
}

export interface Panels {
  drawer: boolean;
  members: boolean;
  /** The servers and channels, which a narrow window hides. */
  navigation: boolean;
}

export const emptyConversation: Conversation = {
  messages: [],
  pending: [],
  hasMore: false,
  isLoading: false,
  older: 0,
};

export const initialState = (place: Place): PageState => ({
  place,
  isConnected: false,
  unread: {},
  conversations: {},
  exchanges: [],
  controls: { can: { move: false, cron: false, redis: false }, aheadMs: 0, faults: [] },
  mistake: null,
  panels: { drawer: false, members: matchMedia("(min-width: 861px)").matches, navigation: false },
});
