import type { APIMessage, InteractionType } from "discord-api-types/v10";
import type { Fields } from "../validate/checks.ts";

/** One interaction from the moment it is sent: its token, its clock, its answer. */
export interface InteractionRecord {
  id: string;
  token: string;
  /** The request that carried it to the Worker. */
  exchange: string;
  type: InteractionType;
  /** Where the person acted. Undefined for a PING, and for an edited payload that names no channel of the world. */
  channelId: string | undefined;
  /** The person who acted; the only one who sees ephemeral answers. */
  userId: string | undefined;
  /** `authorizing_integration_owners`: the guild and the user that installed the application. */
  owners: Owners | undefined;
  /** The application is here through the person's own install alone: Discord then allows five follow-ups. */
  isUserInstall: boolean;
  /** The person lacks the permission to use external applications publicly: every answer is ephemeral. */
  isQuiet: boolean;
  /** In an autocomplete interaction: the type of the option that is being typed. */
  focusedType: number | undefined;
  sentAt: number;
  answer: Answer;
  /** The message that holds the button or menu; for a form, the message whose button opened it. */
  sourceId: string | undefined;
  /** For a submitted form, the interaction that it answered. */
  trigger: InteractionRecord | undefined;
  /** The message shown as the answer, once it exists. Equal to `sourceId` when the answer changed the source. */
  originalId: string | undefined;
  followUps: string[];
  /** A form is submitted once. */
  isSubmitted: boolean;
  /** A callback is being read: a second one is refused meanwhile. */
  isTaken: boolean;
  /** Called at every change. */
  changed: Set<() => void>;
}

/** By type of installation: `0` is a guild's ID, `1` a user's. */
export type Owners = Partial<Record<"0" | "1", string>>;

/** How an interaction has been answered so far. */
export type Answer =
  | { kind: "none" }
  | { kind: "pong" }
  | { kind: "message"; message: APIMessage }
  /** Shown as "thinking…": the original message is still to come. */
  | { kind: "deferred"; isEphemeral: boolean }
  /** Nothing is shown; the source message may still change. */
  | { kind: "acknowledged" }
  | { kind: "choices"; choices: Choice[] }
  | { kind: "modal"; modal: Fields }
  | { kind: "activity" };

export interface Choice {
  name: string;
  value: string | number;
}
