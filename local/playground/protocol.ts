import type { APIApplicationCommand, APIAttachment, APIMessage } from "discord-api-types/v10";

// The messages between the playground's page and its server: types alone, so that both can import them.
//
// Each request of the page names the person who acts or looks by `?person=` and that person's id. A refusal is
// `{ error }`, a sentence, with 400; 403 for a channel that the person cannot see; 404 for an unknown thing.

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
  /** The commands that the person may use in any of the channels, by id. */
  commands: Readonly<Record<string, APIApplicationCommand>>;
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
  /** The ids of the commands that the person may use here, the server's own before global ones. */
  commands: readonly string[];
}

/** A message as its viewer sees it. Its `flags` say whether it is ephemeral. */
export interface MessageView {
  message: APIMessage;
  /** The interaction it answers, as Discord shows it above: `Ada used /ping`. `title` is empty for a component. */
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
  /** `thinking` is public: all in the channel see it unless it is `isEphemeral`. */
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
  request: BodyView;
  response?: BodyView;
  /** How much of Discord's limits the answer uses, in its present state. */
  limits: readonly { name: string; used: number; max: number }[];
  problems: readonly string[];
  /** What Redis billed for the invocation, with what it did behind its answer. */
  redis: readonly { at: number; ms: number; commands: readonly string[]; billed: number; isBehind: boolean }[];
  /** Discord's REST API, called by the Worker. */
  rest: readonly { at: number; ms: number; method: string; path: string; status: number; isBehind: boolean }[];
  logs: readonly { at: number; level: string; text: string }[];
  /** Whether the attribution is certain, or by time alone where invocations overlapped. */
  isCertain: boolean;
}

export interface BodyView {
  headers: Readonly<Record<string, string>>;
  body: string;
  /** How many characters the body has, where only its beginning is here. */
  cutFrom?: number;
}

/** Faults and the clock, as buttons show them. */
export interface ControlsView {
  /** The buttons that work here: a Worker of another framework does not follow the clock, for one. */
  can: { move: boolean; cron: boolean; redis: boolean };
  /** How far the world's clock is ahead of the machine's, in milliseconds. */
  aheadMs: number;
  /** When the next job is due, by the world's clock; absent when none is. */
  nextJobAt?: number;
  /** The faults that are on. `endsAt` is epoch milliseconds by the machine's clock. */
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

/**
 * Server-sent events of `GET /playground/api/stream?person=…`: the data of each is one of these, as JSON. An event's id
 * resumes the stream by `Last-Event-ID`. A new stream begins with `start`, and then sends `world`, `controls`, `mistake`
 * and the exchanges so far, oldest first.
 */
export type StreamEvent =
  /** The stream begins anew: everything that the page knows is to be asked for again. Not sent where it was resumed. */
  | { type: "start" }
  | { type: "world"; world: WorldView }
  /** Sent in place of `world` when only this changed. */
  | { type: "unread"; channelId: string; unread: number; isMentioned: boolean }
  | { type: "message"; channelId: string; view: MessageView; isNew: boolean }
  | { type: "message-gone"; channelId: string; messageId: string }
  /** New, or in another state. */
  | { type: "pending"; pending: PendingView }
  | { type: "pending-gone"; id: string }
  /** The Worker answered with a form: it opens in the window whose `act` was answered with this exchange. */
  | { type: "form"; exchange: string; token: string; form: unknown }
  /** The Worker took or refused a form: it closes, or stays open and says why. */
  | { type: "form-ended"; exchange: string; token: string; text?: string; reasons?: readonly string[] }
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

/**
 * `POST /playground/api/act?person=…&channel=…`: JSON, or form data with `payload` and files. Answers `{ exchange }` as
 * soon as the interaction is sent, `CompletedView` to `complete` once the Worker has answered, `{}` where nothing is sent.
 */
export type Act =
  | { do: "command"; commandId: string; options: readonly GivenOption[] }
  | { do: "complete"; commandId: string; options: readonly GivenOption[] }
  | { do: "user-command"; commandId: string; target: string }
  | { do: "message-command"; commandId: string; target: string }
  | { do: "click"; messageId: string; customId: string }
  | { do: "select"; messageId: string; customId: string; values: readonly string[] }
  /**
   * The values by custom_id: a text, a boolean, a list of values or ids; `null` empties a field. For a file upload, the
   * list of the names under which the files are in the form data. A field left out keeps what it shows.
   */
  | { do: "submit"; token: string; fields: Readonly<Record<string, FieldValue>> }
  /** Writes a message. The Worker is not told; a command of the message's menu shows it to the Worker. */
  | { do: "say"; text: string }
  /** Votes in a poll of Discord's own; no answers take the vote back. */
  | { do: "vote"; messageId: string; answers: readonly number[] }
  /** The id of an ephemeral message, or of a failed `PendingView`. */
  | { do: "dismiss"; messageId: string }
  | { do: "read"; channelId: string }
  /** Discord tells the Worker, by a webhook event, what the person did. */
  | { do: "event"; type: WebhookEventName };

export type WebhookEventName = "APPLICATION_AUTHORIZED" | "APPLICATION_DEAUTHORIZED" | "ENTITLEMENT_CREATE";

export type FieldValue = string | boolean | null | readonly string[];

/** The answer to `complete`. */
export interface CompletedView {
  choices?: readonly { name: string; value: OptionValue }[];
  /** `Loading options failed`, with the reasons. */
  reasons?: readonly string[];
}

/** `GET /playground/api/exchanges/:id/copied`. A text is absent where there is none, and `reason` says why. */
export interface CopiedView {
  /** A whole test file for the kit, which passes. */
  test?: string;
  /** A line for the terminal. */
  send?: string;
  reason?: string;
}

/** `POST /playground/api/exchanges/:id/again`: the exchange's request, as it was or changed. Answers `{ exchanges }`, their ids. */
export interface Again {
  how: "same-id" | "new-id" | "times-20" | "bad-signature" | "stale-timestamp";
  /** An edited body. Default: as it was sent. */
  body?: string;
}

/** `POST /playground/api/controls`. Answers `ControlsView`. */
export type Control =
  /** Up to 31 days. */
  | { do: "move"; byMs: number }
  | { do: "to-next-job" }
  | { do: "cron" }
  | { do: "fault"; name: FaultName; isOn: boolean }
  /** Lets the page load pictures of a host over HTTPS, from when it is loaded anew. No host is allowed at the start. */
  | { do: "pictures"; host: string; isOn: boolean };

/**
 * A file of a session: `GET /playground/api/session`, and `POST` to open one, which answers `OpenedSession`. What Redis holds is
 * not in it.
 */
export interface SavedSession {
  version: 1;
  savedAt: string;
  /** By channel. */
  messages: Readonly<Record<string, readonly APIMessage[]>>;
  /** The person who alone sees an ephemeral message, by the message's id. */
  privateTo: Readonly<Record<string, string>>;
  /** The channel of direct messages with the bot, by person. */
  directs: Readonly<Record<string, string>>;
  exchanges: readonly ExchangeView[];
  /** The files of the messages, by the path under which they are served, in Base64. */
  files: Readonly<Record<string, { type: string; data: string }>>;
  /** How many files found no room. */
  missingFiles: number;
}

export interface OpenedSession {
  missingFiles: number;
}

export type { APIApplicationCommand, APIAttachment, APIMessage };
