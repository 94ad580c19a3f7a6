import type { APIMessage } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { discordErrors } from "../errors.ts";
import { answerWithinMs, tokenLifeMs } from "../limits.ts";
import { type Draft, postMessage } from "../messages/message.ts";
import { responseFlags } from "../validate/message.ts";
import { messagesOf } from "../world/world.ts";
import { untilChanged } from "./changes.ts";
import type { InteractionRecord } from "./record.ts";

/**
 * Returns the record of a token that may still be used; throws Discord's errors otherwise. Waits for the initial answer
 * first: a Worker that answers in the HTTP response goes on at once, and its next request may overtake that answer.
 */
export async function liveRecord(context: Context, token: string): Promise<InteractionRecord> {
  const record = context.interactions.get(token);
  if (!record) throw discordErrors.unknownWebhook();
  const age = context.clock.now() - record.sentAt;
  if (age > tokenLifeMs) throw discordErrors.invalidToken();
  if (record.answer.kind === "none" && age < answerWithinMs) await untilChanged(context, record, answerWithinMs - age);
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

/** Returns the message that the interaction came from; throws Discord's "Unknown Message" when it is deleted. */
export function sourceOf(context: Context, { sourceId, channelId }: InteractionRecord): APIMessage {
  const source = sourceId === undefined ? undefined : messagesOf(context.world, channelId ?? "0").get(sourceId);
  if (!source) throw discordErrors.unknownMessage();
  return source;
}

// --- Internal helpers ---

/** The `interaction_metadata` of a message: the interaction it answers. */
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
