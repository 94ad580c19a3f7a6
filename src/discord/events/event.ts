import type { APIEntitlement, APIGuild, APIMessage, APIUser } from "discord-api-types/v10";

/** The data of each of Discord's webhook events. https://docs.discord.com/developers/events/webhook-events */
export interface EventData {
  APPLICATION_AUTHORIZED: { integration_type?: 0 | 1; user: APIUser; scopes: string[]; guild?: APIGuild };
  APPLICATION_DEAUTHORIZED: { user: APIUser };
  ENTITLEMENT_CREATE: APIEntitlement;
  ENTITLEMENT_UPDATE: APIEntitlement;
  ENTITLEMENT_DELETE: APIEntitlement;
  QUEST_USER_ENROLLMENT: Record<string, unknown>;
  LOBBY_MESSAGE_CREATE: LobbyMessage;
  LOBBY_MESSAGE_UPDATE: LobbyMessage;
  LOBBY_MESSAGE_DELETE: { id: string; lobby_id: string };
  GAME_DIRECT_MESSAGE_CREATE: DirectMessage;
  GAME_DIRECT_MESSAGE_UPDATE: DirectMessage;
  GAME_DIRECT_MESSAGE_DELETE: { id: string; channel_id?: string; recipient_id?: string };
}

type LobbyMessage = Partial<APIMessage> & { id: string; lobby_id: string };
type DirectMessage = Partial<APIMessage> & { id: string; recipient_id?: string };

export type EventType = keyof EventData;

export interface WebhookEvent<Type extends EventType = EventType> {
  type: Type;
  /** The time of the event, in ISO 8601. */
  timestamp: string;
  data: EventData[Type];
}

export interface WebhookEventHandler<Services> {
  type: EventType;
  /** Runs after Discord has its 204. Events come in any order, each once. */
  run(event: WebhookEvent, services: Services): Promise<void> | void;
}
