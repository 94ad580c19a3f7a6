import { type APIMessage, InteractionResponseType, InteractionType, MessageFlags } from "discord-api-types/v10";
import { answerWithinMs, type Context, tokenLifeMs } from "../context.ts";
import { badChoice, discordErrors, type FieldError, required } from "../errors.ts";
import { checkMessage, createMessage, type MessageBody } from "../messages.ts";
import { messagesOf } from "../world/world.ts";

/** What became of an interaction so far. */
export type Answer =
  | { kind: "none" }
  | { kind: "pong" }
  | { kind: "message"; message: APIMessage }
  /** "thinking…": the original message is still to come. */
  | { kind: "deferred"; isEphemeral: boolean }
  | { kind: "choices"; choices: unknown[] }
  | { kind: "modal"; modal: unknown };

/** One interaction from the moment it is sent: its token, its clock, its answer. */
export interface InteractionRecord {
  id: string;
  token: string;
  type: InteractionType;
  channelId: string | undefined;
  /** Only the person's own install brought the application here: Discord allows five follow-ups then. */
  isUserInstall: boolean;
  sentAt: number;
  answer: Answer;
  /** The message shown in answer, once there is one. */
  originalId: string | undefined;
  followUps: string[];
  /** Called at every change, by whoever waits for one. */
  changed: Set<() => void>;
}

/** A callback as it comes in the HTTP answer or by REST. */
export interface Callback {
  type?: number;
  data?: MessageBody & { choices?: unknown[] };
}

const { Pong, ChannelMessageWithSource, DeferredChannelMessageWithSource, DeferredMessageUpdate, UpdateMessage } =
  InteractionResponseType;
const { ApplicationCommandAutocompleteResult, Modal } = InteractionResponseType;

/** Which callbacks answer which interaction. https://docs.discord.com/developers/interactions/receiving-and-responding */
const allowed: Record<InteractionType, readonly number[]> = {
  [InteractionType.Ping]: [Pong],
  [InteractionType.ApplicationCommand]: [ChannelMessageWithSource, DeferredChannelMessageWithSource, Modal],
  [InteractionType.MessageComponent]: [
    ChannelMessageWithSource,
    DeferredChannelMessageWithSource,
    DeferredMessageUpdate,
    UpdateMessage,
    Modal,
  ],
  [InteractionType.ApplicationCommandAutocomplete]: [ApplicationCommandAutocompleteResult],
  [InteractionType.ModalSubmit]: [
    ChannelMessageWithSource,
    DeferredChannelMessageWithSource,
    DeferredMessageUpdate,
    UpdateMessage,
  ],
};

/** What a callback may set; everything else Discord refuses or ignores. */
const allowedFlags =
  MessageFlags.Ephemeral |
  MessageFlags.SuppressEmbeds |
  MessageFlags.SuppressNotifications |
  MessageFlags.IsComponentsV2 |
  MessageFlags.IsVoiceMessage;

/**
 * The record of a token that may still be used; Discord's errors otherwise. A Worker that answers inline goes on at once,
 * and what it sends next may overtake its answer: the answer is waited for.
 */
export async function liveRecord(context: Context, token: string): Promise<InteractionRecord> {
  const record = context.interactions.get(token);
  if (!record) throw discordErrors.unknownWebhook();
  const age = context.clock.now() - record.sentAt;
  if (age > tokenLifeMs) throw discordErrors.invalidToken();
  if (record.answer.kind === "none" && age <= answerWithinMs) await untilChanged(context, record, answerWithinMs - age);
  return record;
}

/** Takes the initial answer, or refuses it as Discord does. */
export function takeCallback(context: Context, record: InteractionRecord, callback: Callback, files = 0): void {
  if (record.answer.kind !== "none") throw discordErrors.alreadyAcknowledged();
  if (context.clock.now() - record.sentAt > answerWithinMs) throw discordErrors.unknownInteraction();
  record.answer = readAnswer(context, record, callback, files);
  notify(record);
}

/** Tells those who wait that something changed. */
export function notify(record: InteractionRecord): void {
  for (const listener of record.changed) listener();
}

/** Resolves at the next change of the record, or after `ms`. */
export async function untilChanged(context: Context, record: InteractionRecord, ms: number): Promise<void> {
  const done = new AbortController();
  const changed = new Promise<void>((resolve) => {
    const listener = () => {
      record.changed.delete(listener);
      resolve();
    };
    record.changed.add(listener);
  });
  await Promise.race([changed, context.clock.sleep(ms, done.signal)]);
  done.abort();
}

/** The message that an edit of a deferral, or a follow-up, makes. */
export function createResponse(context: Context, record: InteractionRecord, body: MessageBody): APIMessage {
  const channelId = record.channelId ?? "0";
  const message = createMessage(body, {
    id: context.createId(),
    channelId,
    author: context.world.bot,
    at: context.clock.now(),
    more: { application_id: context.applicationId, webhook_id: context.applicationId },
  });
  messagesOf(context.world, channelId).set(message.id, message);
  return message;
}

function readAnswer(context: Context, record: InteractionRecord, callback: Callback, files: number): Answer {
  if (typeof callback.type !== "number") throw discordErrors.invalidForm(required("type"));
  const choices = allowed[record.type];
  if (!choices.includes(callback.type)) throw discordErrors.invalidForm(badChoice("type", choices));
  const flags = callback.data?.flags ?? 0;
  switch (callback.type) {
    case Pong:
      return { kind: "pong" };
    case DeferredChannelMessageWithSource:
      if (flags & ~MessageFlags.Ephemeral) throw discordErrors.invalidForm(badFlags());
      return { kind: "deferred", isEphemeral: flags === MessageFlags.Ephemeral };
    case ApplicationCommandAutocompleteResult:
      return { kind: "choices", choices: readChoices(callback) };
    case Modal:
      return { kind: "modal", modal: callback.data };
    case ChannelMessageWithSource: {
      if (!callback.data) throw discordErrors.invalidForm(required("data"));
      if (flags & ~allowedFlags) throw discordErrors.invalidForm(badFlags());
      checkMessage(callback.data, "data", files);
      const message = createResponse(context, record, callback.data);
      record.originalId = message.id;
      return { kind: "message", message };
    }
    default:
      // Updates of the message a component sits on.
      return { kind: "deferred", isEphemeral: false };
  }
}

const badFlags = (): FieldError => ({
  path: "data.flags",
  code: "MESSAGE_FLAGS_INVALID",
  message: "Invalid message flags.",
});

function readChoices({ data }: Callback): unknown[] {
  if (!Array.isArray(data?.choices)) throw discordErrors.invalidForm(required("data.choices"));
  if (data.choices.length <= 25) return data.choices;
  throw discordErrors.invalidForm({
    path: "data.choices",
    code: "BASE_TYPE_MAX_LENGTH",
    message: "Must be 25 or fewer in length.",
  });
}
