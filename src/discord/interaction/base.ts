import type { APIInteraction, APIInteractionGuildMember, APIPingInteraction, APIUser } from "discord-api-types/v10";
import type { Clock } from "../../platform/index.ts";

/** Every interaction that a person waits on. */
export type RawInteraction = Exclude<APIInteraction, APIPingInteraction>;

/** The fields that every interaction in a server has. */
export interface InGuild {
  readonly guildId: string;
  readonly member: APIInteractionGuildMember;
}

/** An interaction as guards and suggestions see it: the payload, and its common fields by name. */
export class BaseInteraction<Raw extends RawInteraction = RawInteraction> {
  /** The payload in Discord's own fields. */
  readonly raw: Raw;
  readonly #clock: Pick<Clock, "now">;

  constructor(raw: Raw, clock: Pick<Clock, "now">) {
    this.raw = raw;
    this.#clock = clock;
  }

  get id(): string {
    return this.raw.id;
  }
  /** The person, in a server or not. */
  get user(): APIUser {
    return (this.raw.member?.user ?? this.raw.user) as APIUser;
  }
  /** The person as a member of the server, with nick, roles and permissions; undefined outside servers. */
  get member(): APIInteractionGuildMember | undefined {
    return this.raw.member;
  }
  /** Undefined outside servers. The guard `guildOnly` makes it a string. */
  get guildId(): string | undefined {
    return this.raw.guild_id;
  }
  get channelId(): string | undefined {
    return this.raw.channel?.id ?? this.raw.channel_id;
  }
  /** The language of the person's client, such as `en-GB`. */
  get locale(): string {
    return this.raw.locale;
  }

  /**
   * Returns whether the person, or the server, owns this SKU now: the entitlement has begun, not ended, and is not deleted or
   * consumed.
   *
   * @example
   * if (!interaction.isEntitled(skuId)) return { components: [row(premiumButton(skuId))] };
   */
  isEntitled(skuId: string): boolean {
    const now = this.#clock.now();
    return this.raw.entitlements.some(
      ({ sku_id, deleted, consumed, starts_at, ends_at }) =>
        sku_id === skuId &&
        !deleted &&
        !consumed &&
        !(starts_at && Date.parse(starts_at) > now) &&
        !(ends_at && Date.parse(ends_at) <= now),
    );
  }
}

/** An interaction while its command is typed. */
export type AutocompleteInteraction = BaseInteraction & {
  /** The values typed so far by option, unchecked: numbers are texts while they are typed. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
};
