import { type APIMessage, InteractionType } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { discordErrors } from "../errors.ts";
import { tokenLifeMs } from "../limits.ts";
import { type Draft, postMessage } from "../messages/message.ts";
import { responseFlags } from "../validate/message.ts";
import { findMessage } from "../world/world.ts";
import { untilAnswered } from "./changes.ts";
import type { InteractionRecord } from "./record.ts";

/**
 * Returns the record of a token that may still be used; throws Discord's errors otherwise. Waits for the initial answer
 * first: a Worker that answers in the HTTP response goes on at once, and its next request may overtake that answer.
 */
export async function liveRecord(context: Context, token: string): Promise<InteractionRecord> {
  const record = context.interactions.get(token);
  if (!record) throw discordErrors.unknownWebhook();
  if (context.clock.now() - record.sentAt > tokenLifeMs) throw discordErrors.invalidToken();
  await untilAnswered(context, record);
  return record;
}

/** Posts the message that a callback, an edit of a deferral or a follow-up makes, and returns it. */
export const createResponse = (
  context: Context,
  record: InteractionRecord,
  draft: Draft,
  isEphemeral?: boolean,
): Promise<APIMessage> =>
  postMessage(context, draft, {
    channelId: channelOf(record),
    flags: responseFlags,
    privateTo: record.userId,
    isEphemeral: isEphemeral ?? (record.isQuiet || undefined),
    more: {
      application_id: context.applicationId,
      webhook_id: context.applicationId,
      ...(record.userId !== undefined && { interaction_metadata: metadataOf(context, record) }),
    },
  });

/** Returns the message that the interaction came from; throws Discord's "Unknown Message" when it is deleted. */
export function sourceOf(context: Context, record: InteractionRecord): APIMessage {
  const source = findMessage(context.world, channelOf(record), record.sourceId);
  if (!source) throw discordErrors.unknownMessage();
  return source;
}

/** Returns the channel in which an interaction is answered; throws Discord's "Unknown Channel" when it names none. */
export function channelOf({ channelId }: InteractionRecord): string {
  if (channelId !== undefined) return channelId;
  throw discordErrors.unknownChannel("The interaction names no channel of this world, so its answer has no place.");
}

// --- Internal helpers ---

/** Returns the `interaction_metadata` of a message: the interaction it answers, and for a form the one before it. */
const metadataOf = (
  context: Context,
  { id, type, userId = "", owners = {}, sourceId, trigger }: InteractionRecord,
): object => ({
  id,
  type,
  user: context.world.users.get(userId),
  authorizing_integration_owners: owners,
  ...(type === InteractionType.MessageComponent && { interacted_message_id: sourceId }),
  ...(trigger && { triggering_interaction_metadata: metadataOf(context, trigger) }),
});
