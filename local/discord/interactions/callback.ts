import { InteractionResponseType, InteractionType, MessageFlags } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { badChoice, discordErrors, required } from "../errors.ts";
import { answerWithinMs } from "../limits.ts";
import { withIds } from "../messages/component-ids.ts";
import { changeMessage, type Draft } from "../messages/message.ts";
import type { Upload } from "../messages/uploads.ts";
import { type Fields, fieldsOf } from "../validate/checks.ts";
import { checkChoices } from "../validate/choices.ts";
import { badFlags } from "../validate/message.ts";
import { checkModal } from "../validate/modal.ts";
import { notify } from "./changes.ts";
import type { Answer, Choice, InteractionRecord } from "./record.ts";
import { channelOf, createResponse, sourceOf } from "./response.ts";

/** An initial answer as the Worker sends it, in the HTTP response or by REST. */
export interface Callback {
  type?: unknown;
  data?: unknown;
}

/** Takes the initial answer, or throws the error with which Discord refuses it. */
export async function takeCallback(
  context: Context,
  record: InteractionRecord,
  callback: Callback,
  uploads: readonly Upload[] = [],
): Promise<void> {
  if (record.isTaken || record.answer.kind !== "none") throw discordErrors.alreadyAcknowledged();
  if (context.clock.now() - record.sentAt >= answerWithinMs) throw discordErrors.unknownInteraction();
  record.isTaken = true;
  try {
    record.answer = await readAnswer(context, record, callback, uploads);
  } finally {
    record.isTaken = false;
  }
  notify(context, record);
}

// --- Internal helpers ---

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

/**
 * The callback types that may answer an interaction.
 * https://docs.discord.com/developers/interactions/receiving-and-responding
 */
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

async function readAnswer(
  context: Context,
  record: InteractionRecord,
  { type, data }: Callback,
  uploads: readonly Upload[],
): Promise<Answer> {
  if (typeof type !== "number") throw discordErrors.invalidForm(required("type"));
  const allowed = allowedFor(record);
  if (!allowed.includes(type)) {
    const sorted = allowed.toSorted((a, b) => a - b);
    throw discordErrors.invalidForm(badChoice("type", sorted));
  }
  if (messages.includes(type) || updates.includes(type)) channelOf(record);
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
