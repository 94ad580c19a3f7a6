import type { APIApplicationCommand, APIAttachment, APIMessage } from "discord-api-types/v10";

// What the playground's page and its server say to each other: types alone, so that both can import them.

/** Who looks, and at which channel: the query of every request, and of the page's own address. */
export interface Viewer {
  /** A user's id. */
  person: string;
}

/** All that does not belong to one channel, as one person sees it. Sent at the start, and whole at each change. */
export interface WorldView {
  application: { id: string; name: string; avatar: string };
  me: PersonView;
  /** The people one can act as, in the order of the seed. */
  people: readonly PersonView[];
  /** The servers the person is a member of. */
  guilds: readonly GuildView[];
  /** Direct messages with the bot, and the group without it. */
  directs: readonly ChannelView[];
  /** Names and colours for mentions, by id: users, roles and channels that exist at all. */
  names: Readonly<Record<string, { name: string; kind: "user" | "role" | "channel"; color?: number }>>;
}

export interface PersonView {
  id: string;
  /** `ada` */
  username: string;
  /** `Ada` */
  name: string;
  /** The address of a picture that this server draws. */
  avatar: string;
  isBot: boolean;
  /** `administrator`, `moderator`, `member`, `stranger`: for the list of people to act as. */
  role: string;
}

export interface GuildView {
  id: string;
  name: string;
  icon: string;
  channels: readonly ChannelView[];
  members: readonly (PersonView & { color?: number; roles: readonly string[] })[];
  roles: readonly { id: string; name: string; color: number }[];
}

export interface ChannelView {
  id: string;
  /** Of Discord's types: 0 text, 1 direct, 2 voice, 3 group, 4 category, 5 announcements, 11 thread. */
  type: number;
  name: string;
  topic?: string;
  parentId?: string;
  /** Messages that arrived since the person last looked. */
  unread: number;
  /** Whether an unread message mentions the person, or is a direct one. */
  isMentioned: boolean;
  /** The commands that the person may use here, the server's own before global ones. */
  commands: readonly APIApplicationCommand[];
}

/** A message as its viewer sees it. Its `flags` say whether it is ephemeral. */
export interface MessageView {
  message: APIMessage;
  /** The interaction it answers, as Discord shows it above: `Ada used /ping`. */
  cause?: { person: PersonView; title: string; exchange?: string };
}

/** A line in a channel that is not a message: an interaction that waits, or failed. Seen by the person who acted alone. */
export interface PendingView {
  /** The exchange's id. */
  id: string;
  channelId: string;
  /** The message whose component was used; absent for a command. */
  messageId?: string;
  /** The component's custom_id, to show its spinner or failure below it. */
  customId?: string;
  title: string;
  /** `thinking` is public: everyone in the channel sees it unless it is `isEphemeral`. */
  state: "sending" | "thinking" | "failed";
  isEphemeral: boolean;
  person: PersonView;
  /** In Discord's words: `The application did not respond`. */
  text: string;
  /** What Discord hides: the path and the rule, the status, or the time. */
  reasons: readonly string[];
}

/** One signed request to the Worker and its answer, for the developer's drawer. */
export interface ExchangeView {
  id: string;
  kind: "command" | "component" | "autocomplete" | "form" | "event" | "ping" | "cron";
  /** `/remind me in:10m` */
  title: string;
  person?: PersonView;
  channelId?: string;
  /** Epoch milliseconds, by the world's clock. */
  at: number;
  /** Until the first answer; absent while it is awaited. */
  ms?: number;
  status?: number;
  request: { headers: Readonly<Record<string, string>>; body: string };
  response?: { headers: Readonly<Record<string, string>>; body: string };
  problems: readonly string[];
  /** What Redis billed for the invocation, with what it did behind its answer. */
  redis: readonly { at: number; ms: number; commands: readonly string[]; billed: number; isBehind: boolean }[];
  /** Discord's REST API, called by the Worker. */
  rest: readonly { at: number; ms: number; method: string; path: string; status: number; isBehind: boolean }[];
  logs: readonly { at: number; level: string; text: string }[];
  /** Whether the attribution is certain, or by time alone where invocations overlapped. */
  isCertain: boolean;
}

/** Faults and the clock, as buttons show them. */
export interface ControlsView {
  /** How far the world's clock is ahead of the machine's, in milliseconds. */
  aheadMs: number;
  /** When the next job is due, by the world's clock; absent when none is. */
  nextJobAt?: number;
  faults: readonly { name: FaultName; endsAt: number }[];
}

export type FaultName =
  | "redis-slow"
  | "redis-down"
  | "redis-loses-replies"
  | "discord-429"
  | "discord-500"
  | "discord-closed-dms";

/** A mistake in the project that keeps the last good Worker running, or none: a sentence with file and line. */
export interface MistakeView {
  title: string;
  text: string;
  file?: string;
}

/** Server-sent events of `GET /playground/api/stream?person=…`. An event's id resumes the stream. */
export type StreamEvent =
  | { type: "world"; world: WorldView }
  | { type: "message"; channelId: string; view: MessageView; isNew: boolean }
  | { type: "message-gone"; channelId: string; messageId: string }
  | { type: "pending"; pending: PendingView }
  | { type: "pending-gone"; id: string }
  /** The Worker answered with a form: it opens in the window that sent the interaction. */
  | { type: "form"; exchange: string; token: string; form: unknown }
  | { type: "exchange"; exchange: ExchangeView }
  | { type: "controls"; controls: ControlsView }
  | { type: "mistake"; mistake: MistakeView | null };

/** `GET /playground/api/messages?person=…&channel=…&before=…`: up to 100, oldest first. */
export interface MessagesView {
  messages: readonly MessageView[];
  pending: readonly PendingView[];
  hasMore: boolean;
}

/** The value of one option: ids for users, channels, roles; the name of a field in the form data for a file. */
export type OptionValue = string | number | boolean;

export interface GivenOption {
  name: string;
  type: number;
  value?: OptionValue;
  options?: readonly GivenOption[];
  focused?: boolean;
}

/** `POST /playground/api/act?person=…&channel=…`, JSON, or form data with `payload` and files. Answers `{ exchange }`, or `{ error }` with 400. */
export type Act =
  | { do: "command"; commandId: string; options: readonly GivenOption[] }
  | { do: "complete"; commandId: string; options: readonly GivenOption[] }
  | { do: "user-command"; commandId: string; target: string }
  | { do: "message-command"; commandId: string; target: string }
  | { do: "click"; messageId: string; customId: string }
  | { do: "select"; messageId: string; customId: string; values: readonly string[] }
  | { do: "submit"; token: string; fields: Readonly<Record<string, unknown>> }
  | { do: "dismiss"; messageId: string }
  | { do: "read"; channelId: string };

/** The answer to `complete`. */
export interface CompletedView {
  choices?: readonly { name: string; value: OptionValue }[];
  /** `Loading options failed`, with the reasons. */
  reasons?: readonly string[];
}

/** `POST /playground/api/exchanges/:id/again`: the exchange's request, as it was or changed. Answers `{ exchanges }`. */
export interface Again {
  how: "same-id" | "new-id" | "times-20" | "bad-signature" | "stale-timestamp";
  /** An edited body. Default: as it was sent. */
  body?: string;
}

/** `POST /playground/api/controls`. */
export type Control =
  | { do: "move"; byMs: number }
  | { do: "to-next-job" }
  | { do: "cron" }
  | { do: "fault"; name: FaultName; isOn: boolean };

/** A file of a session: `GET /playground/api/session`, and `POST` to open one. */
export interface SavedSession {
  version: 1;
  savedAt: string;
  messages: Readonly<Record<string, readonly APIMessage[]>>;
  exchanges: readonly ExchangeView[];
}

export type { APIApplicationCommand, APIAttachment, APIMessage };
