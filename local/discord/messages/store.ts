import type { APIMessage } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { messagesOf } from "../world/world.ts";

// The only place where messages enter, change and leave the world.

/** Keeps a message, new or changed, and tells it. */
export function keepMessage({ world, emit }: Context, message: APIMessage, privateTo?: string): void {
  const messages = messagesOf(world, message.channel_id);
  const isNew = !messages.has(message.id);
  messages.set(message.id, message);
  if (privateTo !== undefined) world.privateTo.set(message.id, privateTo);
  emit({ type: "message", message, isNew });
}

/** Deletes a message and tells it. Returns whether it existed. */
export function removeMessage({ world, emit }: Context, channelId: string, messageId: string): boolean {
  const existed = messagesOf(world, channelId).delete(messageId);
  if (existed) emit({ type: "message-gone", channelId, messageId });
  world.privateTo.delete(messageId);
  return existed;
}
