import type { APIInteractionResponse, APIInteractionResponseCallbackData } from "discord-api-types/v10";
import { callbackType, messageFlags } from "./constants.ts";

/** What a handler returns: the text of a message, or a whole message. Mentions ping nobody unless `allowed_mentions` says so. */
export type Reply = string | APIInteractionResponseCallbackData;

/** A message that only the person who asked can see. */
export const ephemeral = (message: Reply): APIInteractionResponseCallbackData => {
  const data = typeof message === "string" ? { content: message } : message;
  return { ...data, flags: (data.flags ?? 0) | messageFlags.ephemeral };
};

/** The callback that shows a message in answer to the interaction. */
export const messageCallback = (reply: Reply): APIInteractionResponse => ({
  type: callbackType.message,
  data: { allowed_mentions: { parse: [] }, ...(typeof reply === "string" ? { content: reply } : reply) },
});
