import { type APIMessage, InteractionType } from "discord-api-types/v10";
import type { ExchangeView, GivenOption } from "../protocol.ts";

/** The fields of a signed request that the playground reads: of an interaction, or of a webhook event. */
export interface Payload {
  id?: string;
  token?: string;
  type?: number;
  channel_id?: string;
  user?: { id?: string };
  member?: { user?: { id?: string } };
  message?: APIMessage;
  event?: { type?: string };
  data?: {
    name?: string;
    type?: number;
    custom_id?: string;
    component_type?: number;
    target_id?: string;
    values?: string[];
    options?: GivenOption[];
    components?: unknown[];
    resolved?: {
      users?: Record<string, { username?: string }>;
      attachments?: Record<string, { filename?: string; url?: string }>;
    };
  };
}

/** Returns a request's body as far as it is an object; an empty one otherwise. */
export function readPayload(body: string): Payload {
  try {
    const payload: unknown = JSON.parse(body);
    return typeof payload === "object" && payload !== null ? payload : {};
  } catch {
    return {};
  }
}

/** Returns the kind of an exchange by its request. */
export function kindOf({ type, event, id, token }: Payload): ExchangeView["kind"] {
  if (event !== undefined || type === 0) return "event";
  if (type === InteractionType.Ping || (id === undefined && token === undefined)) return "ping";
  if (type === InteractionType.MessageComponent) return "component";
  if (type === InteractionType.ApplicationCommandAutocomplete) return "autocomplete";
  return type === InteractionType.ModalSubmit ? "form" : "command";
}

/** Returns the ID of the person who acts. */
export const personIn = ({ member, user }: Payload): string | undefined => member?.user?.id ?? user?.id;
