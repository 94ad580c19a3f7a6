import type { APIUser } from "discord-api-types/v10";
import type { Guild } from "../../discord/index.ts";
import type { WebhookEventName } from "../protocol.ts";

/** Who an event is about, and where. */
export interface About {
  applicationId: string;
  user: APIUser;
  guild: Guild | undefined;
  createId(): string;
}

/**
 * Returns the data of a webhook event about a person, as Discord sends it.
 * https://docs.discord.com/developers/events/webhook-events#event-types
 */
export function sampleOf(type: WebhookEventName, { applicationId, user, guild, createId }: About): object {
  switch (type) {
    case "APPLICATION_AUTHORIZED":
      return {
        integration_type: guild ? 0 : 1,
        scopes: ["applications.commands", ...(guild ? ["bot"] : [])],
        user,
        ...(guild && { guild: guild.guild }),
      };
    case "APPLICATION_DEAUTHORIZED":
      return { user };
    case "ENTITLEMENT_CREATE":
      return {
        id: createId(),
        application_id: applicationId,
        sku_id: createId(),
        type: 8,
        user_id: user.id,
        deleted: false,
        starts_at: null,
        ends_at: null,
        consumed: false,
        ...(guild && { guild_id: guild.guild.id }),
      };
  }
}
