import type {
  APIInteractionResponseCallbackData,
  APIModalInteractionResponseCallbackData,
} from "discord-api-types/v10";
import { callbackType, messageFlags } from "./constants.ts";

/** A file that goes along with a message. */
export interface FileUpload {
  name: string;
  data: string | Uint8Array<ArrayBuffer> | Blob;
  /** Its media type; told from nothing when left out. */
  type?: string;
  description?: string;
  is_spoiler?: boolean;
}

/** A message in Discord's own fields, and files. Mentions ping nobody unless `allowed_mentions` says so. */
export type Message = APIInteractionResponseCallbackData & { files?: readonly FileUpload[] };

/** The text of a message, or a whole one. */
export type Reply = string | Message;

/** What is no new message. Made by `updateMessage`, `showModal` and `launchActivity`. */
export type Callback =
  | { callback: "update"; message: Message }
  | { callback: "modal"; modal: APIModalInteractionResponseCallbackData }
  | { callback: "launch-activity" };

/** What a handler returns. */
export type Answer = Reply | Callback;

/** An answer as it goes out: inline, or as a file of multipart parts. */
export interface Outgoing {
  type: number;
  data?: Message | APIModalInteractionResponseCallbackData | { choices: unknown[] } | { flags: number };
}

/** A message that only the person who asked can see. */
export const ephemeral = (reply: Reply): Message => {
  const message = messageOf(reply);
  return { ...message, flags: (message.flags ?? 0) | messageFlags.ephemeral };
};

/** Changes the message that the button or menu is on, or from which the modal was opened. What is left out stays. */
export const updateMessage = (reply: Reply): Callback => ({ callback: "update", message: messageOf(reply) });

/** Opens a form. Only as the first answer: a form cannot follow a deferral. */
export const showModal = (modal: APIModalInteractionResponseCallbackData): Callback => ({ callback: "modal", modal });

/** Opens the application's activity. */
export const launchActivity = (): Callback => ({ callback: "launch-activity" });

export const isCallback = (answer: Answer): answer is Callback => typeof answer === "object" && "callback" in answer;

export const messageOf = (reply: Reply): Message => (typeof reply === "string" ? { content: reply } : reply);

export const isEphemeral = (message: Message): boolean => ((message.flags ?? 0) & messageFlags.ephemeral) !== 0;

/** A message ready to be sent: it pings nobody unless it says whom, and names its files. */
export function toSend(message: Message): Message {
  const { files, attachments, ...rest } = message;
  const quiet = { allowed_mentions: { parse: [] }, ...rest };
  if (!files) return attachments ? { ...quiet, attachments } : quiet;
  const described = files.map(({ name, description, is_spoiler }, id) => ({
    id,
    filename: name,
    ...(description !== undefined && { description }),
    ...(is_spoiler !== undefined && { is_spoiler }),
  }));
  return {
    ...quiet,
    attachments: [...(attachments ?? []), ...described] as NonNullable<Message["attachments"]>,
    files,
  };
}

/** The callback that answers with this inline. */
export function toCallback(answer: Answer): Outgoing {
  if (!isCallback(answer)) return { type: callbackType.message, data: toSend(messageOf(answer)) };
  switch (answer.callback) {
    case "update":
      return { type: callbackType.update, data: toSend(answer.message) };
    case "modal":
      return { type: callbackType.modal, data: answer.modal };
    case "launch-activity":
      return { type: callbackType.launchActivity };
  }
}
