import { MessageReferenceType, MessageType } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { DiscordError, discordErrors } from "../errors.ts";
import {
  boolean,
  type Fields,
  integer,
  isFields,
  object,
  oneOf,
  optional,
  snowflake,
  text,
  wrong,
} from "../validate/checks.ts";
import { findMessage } from "../world/world.ts";

const nonceText = text(0, 25);

/**
 * Checks the fields of a new message that an answer to an interaction does not have.
 * https://docs.discord.com/developers/resources/message#create-message
 */
export const newMessage = object({
  nonce: optional((value, path) => (typeof value === "number" ? integer()(value, path) : nonceText(value, path))),
  enforce_nonce: optional(boolean),
  message_reference: optional(
    object({
      type: optional(oneOf(MessageReferenceType.Default, MessageReferenceType.Forward)),
      message_id: snowflake,
      channel_id: optional(snowflake),
      guild_id: optional(snowflake),
      fail_if_not_exists: optional(boolean),
    }),
  ),
});

export interface ReplyOptions {
  channelId: string;
  guildId: string | undefined;
  /** Whether the bot may read the messages of the channel. */
  mayRead: boolean;
}

/**
 * Returns the fields that make a new message a reply; none without a reference. Throws Discord's error for a message that
 * cannot be replied to. Forwarded messages are not simulated.
 */
export function replyFields(
  { world }: Context,
  { message_reference: reference }: Fields,
  { channelId, guildId, mayRead }: ReplyOptions,
): object {
  if (!isFields(reference)) return {};
  if (reference["type"] === MessageReferenceType.Forward)
    throw new DiscordError(501, 0, "501: the simulator does not forward messages. Add it in local/discord/rest.");
  if (!mayRead) throw discordErrors.unreadableReply();
  const place: unknown = reference["channel_id"] ?? channelId;
  const message =
    String(place) === channelId ? findMessage(world, channelId, String(reference["message_id"])) : undefined;
  if (!message || world.privateTo.has(message.id)) {
    if (reference["fail_if_not_exists"] === false) return {};
    throw discordErrors.invalidForm(wrong("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message"));
  }
  return {
    type: MessageType.Reply,
    message_reference: {
      type: MessageReferenceType.Default,
      channel_id: channelId,
      message_id: message.id,
      ...(guildId !== undefined && { guild_id: guildId }),
    },
    referenced_message: message,
  };
}
