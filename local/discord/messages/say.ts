import { type APIMessage, PermissionFlagsBits } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import type { Sender } from "../interactions/build.ts";
import { LineError } from "../interactions/line-error.ts";
import { permissionsIn } from "../world/permissions.ts";
import { mentionsIn } from "./mentions.ts";
import { keepMessage } from "./store.ts";

/** The most characters that a person without a subscription may write. */
const maxLength = 2_000;

/**
 * Posts what a person writes. The application is not told: it has no gateway connection, and reads a message only when a
 * command of the message's menu is used. Throws a `LineError` for what Discord's client would not send.
 */
export function say(context: Context, { user, channel, guild }: Sender, text: string): APIMessage {
  const content = text.trim();
  if (content === "") throw new LineError("An empty message cannot be sent.");
  if (content.length > maxLength)
    throw new LineError(
      `A message has at most ${maxLength.toLocaleString("en-GB")} characters. Yours has ${content.length.toLocaleString("en-GB")}.`,
    );
  const { SendMessages, SendMessagesInThreads, MentionEveryone } = PermissionFlagsBits;
  const permissions = guild ? BigInt(permissionsIn(guild, user.id, channel)) : SendMessages;
  const wanted = "thread_metadata" in channel ? SendMessagesInThreads : SendMessages;
  if ((permissions & wanted) === 0n)
    throw new LineError(`${user.username} does not have permission to send messages in this channel.`);
  const pings = (permissions & MentionEveryone) === 0n ? ["users"] : ["users", "roles", "everyone"];
  const message = {
    id: context.createId(),
    channel_id: channel.id,
    author: user,
    content,
    timestamp: new Date(context.clock.now()).toISOString(),
    edited_timestamp: null,
    tts: false,
    ...mentionsIn(context, { content }, pings),
    attachments: [],
    embeds: [],
    components: [],
    pinned: false,
    type: 0,
    flags: 0,
  } as unknown as APIMessage;
  keepMessage(context, message);
  return message;
}
