import { type APIMessage, InteractionResponseType, InteractionType, MessageFlags } from "discord-api-types/v10";
import { answerWithinMs, type Context, tokenLifeMs } from "../context.ts";
import { badChoice, discordErrors, required } from "../errors.ts";
import { withIds } from "../messages/component-ids.ts";
import { changeMessage, type Draft, postMessage } from "../messages/message.ts";
import type { Upload } from "../messages/uploads.ts";
import { type Fields, fieldsOf } from "../validate/checks.ts";
import { checkChoices } from "../validate/choices.ts";
import { badFlags, responseFlags } from "../validate/message.ts";
import { checkModal } from "../validate/modal.ts";
import { messagesOf } from "../world/world.ts";

/** What became of an interaction so far. */
export type Answer =
  | { kind: "none" }
  | { kind: "pong" }
  | { kind: "message"; message: APIMessage }
  /** "thinking…": the original message is still to come. */
  | { kind: "deferred"; isEphemeral: boolean }
  /** Seen, and nothing shown: the message it came from may still change. */
  | { kind: "acknowledged" }
  | { kind: "choices"; choices: Choice[] }
  | { kind: "modal"; modal: Fields }
  | { kind: "activity" };

export interface Choice {
  name: string;
  value: string | number;
}

/** One interaction from the moment it is sent: its token, its clock, its answer. */
export interface InteractionRecord {
  id: string;
  token: string;
  type: InteractionType;
  channelId: string | undefined;
  /** Who did it, and sees what is ephemeral. */
  userId: string | undefined;
  /** `authorizing_integration_owners`: who brought the application here. */
  owners: Owners | undefined;
  /** Only the person's own install brought the application here: Discord allows five follow-ups then. */
  isUserInstall: boolean;
  /** The person may not use their own applications for all to see here: every answer is ephemeral. */
  isQuiet: boolean;
  /** Of an autocomplete: the type of the option that is being typed. */
  focusedType: number | undefined;
  sentAt: number;
  answer: Answer;
  /** The message that a button, a menu or a form's button is on. */
  sourceId: string | undefined;
  /** The message shown in answer, once there is one; the source when that was changed. */
  originalId: string | undefined;
  followUps: string[];
  /** A form is submitted once. */
  isSubmitted: boolean;
  /** A callback is being read: there is no room for a second. */
  isTaken: boolean;
  /** Called at every change, by whoever waits for one. */
  changed: Set<() => void>;
}

export type Owners = Partial<Record<"0" | "1", string>>;

/** A callback as it comes in the HTTP answer or by REST. */
export interface Callback {
  type?: unknown;
  data?: unknown;
}

const {
  Pong,
  ChannelMessageWithSource,
  DeferredChannelMessageWithSource,
  DeferredMessageUpdate,
  UpdateMessage,
  ApplicationCommandAutocompleteResult,
  Modal,
  LaunchActivity,
} = InteractionResponseType;

const messages = [ChannelMessageWithSource, DeferredChannelMessageWithSource, LaunchActivity];
const updates = [DeferredMessageUpdate, UpdateMessage];

/** Which callbacks answer which interaction. https://docs.discord.com/developers/interactions/receiving-and-responding */
function allowedFor({ type, sourceId }: InteractionRecord): readonly number[] {
  switch (type) {
    case InteractionType.Ping:
      return [Pong];
    case InteractionType.ApplicationCommand:
      return [...messages, Modal];
    case InteractionType.MessageComponent:
      return [...messages, ...updates, Modal];
    case InteractionType.ApplicationCommandAutocomplete:
      return [ApplicationCommandAutocompleteResult];
    case InteractionType.ModalSubmit:
      return sourceId === undefined ? messages : [...messages, ...updates];
    default:
      return [];
  }
}

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
export async function takeCallback(
  context: Context,
  record: InteractionRecord,
  callback: Callback,
  uploads: readonly Upload[] = [],
): Promise<void> {
  if (record.isTaken || record.answer.kind !== "none") throw discordErrors.alreadyAcknowledged();
  if (context.clock.now() - record.sentAt > answerWithinMs) throw discordErrors.unknownInteraction();
  record.isTaken = true;
  try {
    record.answer = await readAnswer(context, record, callback, uploads);
  } finally {
    record.isTaken = false;
  }
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

/** The message that a callback, an edit of a deferral, or a follow-up makes. */
export const createResponse = (
  context: Context,
  record: InteractionRecord,
  draft: Draft,
  isEphemeral?: boolean,
): Promise<APIMessage> =>
  postMessage(context, draft, {
    channelId: record.channelId ?? "0",
    flags: responseFlags,
    privateTo: record.userId,
    isEphemeral: isEphemeral ?? (record.isQuiet || undefined),
    more: {
      application_id: context.applicationId,
      webhook_id: context.applicationId,
      ...(record.userId !== undefined && { interaction_metadata: metadataOf(context, record) }),
    },
  });

/** What a message says of the interaction that brought it. */
const metadataOf = (
  { world }: Context,
  { id, type, userId = "", owners = {}, sourceId }: InteractionRecord,
): object => ({
  id,
  type,
  user: world.users.get(userId),
  authorizing_integration_owners: owners,
  ...(sourceId !== undefined && { interacted_message_id: sourceId }),
});

/** The message an interaction came from. */
export function sourceOf(context: Context, { sourceId, channelId }: InteractionRecord): APIMessage {
  const source = sourceId === undefined ? undefined : messagesOf(context.world, channelId ?? "0").get(sourceId);
  if (!source) throw discordErrors.unknownMessage();
  return source;
}

async function readAnswer(
  context: Context,
  record: InteractionRecord,
  { type, data }: Callback,
  uploads: readonly Upload[],
): Promise<Answer> {
  if (typeof type !== "number") throw discordErrors.invalidForm(required("type"));
  const choices = allowedFor(record);
  if (!choices.includes(type)) {
    throw discordErrors.invalidForm(
      badChoice(
        "type",
        choices.toSorted((a, b) => a - b),
      ),
    );
  }
  const draft: Draft = { body: data, uploads, path: "data" };
  switch (type) {
    case Pong:
      return { kind: "pong" };
    case LaunchActivity:
      return { kind: "activity" };
    case DeferredChannelMessageWithSource: {
      const { flags = 0 } = data === undefined || data === null ? {} : fieldsOf(data, "data");
      if (flags !== 0 && flags !== MessageFlags.Ephemeral) throw discordErrors.invalidForm(badFlags("data.flags"));
      return { kind: "deferred", isEphemeral: flags !== 0 || record.isQuiet };
    }
    case DeferredMessageUpdate:
      record.originalId = record.sourceId;
      return { kind: "acknowledged" };
    case UpdateMessage: {
      const message = await changeMessage(context, sourceOf(context, record), draft);
      record.originalId = message.id;
      return { kind: "message", message };
    }
    case ApplicationCommandAutocompleteResult: {
      const errors = checkChoices(data, "data", record.focusedType);
      if (errors.length > 0) throw discordErrors.invalidForm(...errors);
      return { kind: "choices", choices: (data as { choices: Choice[] }).choices };
    }
    case Modal: {
      const errors = data === undefined ? [required("data")] : checkModal(data, "data");
      if (errors.length > 0) throw discordErrors.invalidForm(...errors);
      const modal = data as Fields;
      return { kind: "modal", modal: { ...modal, components: withIds(modal["components"]) } };
    }
    default: {
      if (data === undefined) throw discordErrors.invalidForm(required("data"));
      const message = await createResponse(context, record, draft);
      record.originalId = message.id;
      return { kind: "message", message };
    }
  }
}
