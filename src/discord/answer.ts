import type {
  APIInteractionResponseCallbackData,
  APIModalInteractionResponseCallbackData,
} from "discord-api-types/v10";
import { callbackType, messageFlags } from "./constants.ts";
import { withoutMentions } from "./send/mentions.ts";

/** A file of a message. */
export interface FileUpload {
  name: string;
  data: string | Uint8Array<ArrayBuffer> | Blob;
  /** The media type. Default: that of the Blob, or `application/octet-stream`. */
  type?: string;
  description?: string;
  is_spoiler?: boolean;
}

/**
 * A message in Discord's own fields, and files. Its mentions notify no people, except those that `allowed_mentions` lists.
 */
export type Message = APIInteractionResponseCallbackData & { files?: readonly FileUpload[] };

/** A whole message, or its text alone. */
export type Reply = string | Message;

/** An answer other than a new message. Made by `updateMessage`, `showModal` and `launchActivity`. */
export type Callback =
  | { callback: "update"; message: Message }
  | { callback: "modal"; modal: APIModalInteractionResponseCallbackData }
  | { callback: "launch-activity" };

/** The result of a handler. */
export type Answer = Reply | Callback;

/** An answer in the shape in which Discord takes it, with its files beside it. */
export interface Outgoing {
  type: number;
  data?: Message | APIModalInteractionResponseCallbackData | { choices: unknown[] } | { flags: number };
}

/**
 * Returns a message that only the person who asked can see.
 *
 * @example
 * run: () => ephemeral("Only you can read this.")
 */
export const ephemeral = (reply: Reply): Message => {
  const message = messageOf(reply);
  return { ...message, flags: (message.flags ?? 0) | messageFlags.ephemeral };
};

/**
 * Returns an answer that changes the message with the button or menu, or the one from which the form was opened. Fields that
 * are left out stay as they are.
 *
 * @example
 * const close = component({
 *   id: "close",
 *   run: () => updateMessage({ content: "Closed.", components: [] }),
 * });
 */
export const updateMessage = (reply: Reply): Callback => ({ callback: "update", message: messageOf(reply) });

/**
 * Returns an answer that opens a form, in Discord's own fields. A form is a first answer only: it cannot follow a deferral.
 * The kit's `modal` declares a form together with its handler; its `show` returns this answer.
 *
 * @example
 * run: () => showModal({ custom_id: "feedback", title: "Feedback", components: [label] })
 */
export const showModal = (modal: APIModalInteractionResponseCallbackData): Callback => ({ callback: "modal", modal });

/**
 * Returns an answer that opens the application's activity.
 *
 * @example
 * const play = entryPoint({ name: "play", description: "Opens the game", run: () => launchActivity() });
 */
export const launchActivity = (): Callback => ({ callback: "launch-activity" });

export const isCallback = (answer: Answer): answer is Callback => typeof answer === "object" && "callback" in answer;

export const messageOf = (reply: Reply): Message => (typeof reply === "string" ? { content: reply } : reply);

export const isEphemeral = (message: Message): boolean => ((message.flags ?? 0) & messageFlags.ephemeral) !== 0;

/** Returns a message ready to be sent: it lists its files, and notifies no people unless it names them. */
export function toSend(message: Message): Message {
  const { files, attachments, ...rest } = message;
  const quiet = withoutMentions(rest);
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

/** Returns an answer as Discord takes it in response to the interaction. */
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
