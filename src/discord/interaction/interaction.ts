import type {
  APIInteraction,
  APIInteractionGuildMember,
  APIMessage,
  APIPingInteraction,
  APIUser,
} from "discord-api-types/v10";
import type { Clock } from "../../platform/index.ts";
import type { Reply } from "../answer.ts";

/** Every interaction that somebody waits for an answer to. */
export type RawInteraction = Exclude<APIInteraction, APIPingInteraction>;

/** What a handler may do besides returning its answer. */
export interface Responses {
  /**
   * Answers "thinking…" (a button: nothing yet) at once; what the handler returns then takes its place. Resolves when that
   * is out, so that `edit` and `followUp` can come next. After two seconds this happens by itself.
   */
  defer(options?: { ephemeral?: boolean }): Promise<void>;
  /** Changes the first answer, or a follow-up by its id; after a deferral or in `after`. 1 request to Discord. */
  edit(reply: Reply, messageId?: string): Promise<APIMessage>;
  /** Takes the first answer away, or a follow-up by its id. 1 request to Discord. */
  remove(messageId?: string): Promise<void>;
  /** Another message; after the first answer, so in `after`. 1 request to Discord. */
  followUp(reply: Reply): Promise<APIMessage>;
  /** Runs once the answer is out. */
  after(work: () => Promise<unknown>): void;
}

/** What every handler gets: the payload in reach, and what is asked for most by name. */
export class Interaction<Raw extends RawInteraction = RawInteraction> implements Responses {
  readonly raw: Raw;
  readonly #responses: Responses;
  readonly #clock: Pick<Clock, "now">;

  constructor(raw: Raw, responses: Responses, clock: Pick<Clock, "now">) {
    this.raw = raw;
    this.#responses = responses;
    this.#clock = clock;
  }

  get id(): string {
    return this.raw.id;
  }
  /** Who did it, in a server or not. */
  get user(): APIUser {
    return (this.raw.member?.user ?? this.raw.user) as APIUser;
  }
  /** In a server: who did it, with nick, roles and permissions. */
  get member(): APIInteractionGuildMember | undefined {
    return this.raw.member;
  }
  get guildId(): string | undefined {
    return this.raw.guild_id;
  }
  get channelId(): string | undefined {
    return this.raw.channel?.id ?? this.raw.channel_id;
  }
  /** The language of the person's client. */
  get locale(): string {
    return this.raw.locale;
  }

  /** Has the person, or the server, this SKU now: not deleted, begun and not ended. */
  isEntitled(skuId: string): boolean {
    const now = this.#clock.now();
    return this.raw.entitlements.some(
      ({ sku_id, deleted, starts_at, ends_at }) =>
        sku_id === skuId &&
        !deleted &&
        !(starts_at && Date.parse(starts_at) > now) &&
        !(ends_at && Date.parse(ends_at) <= now),
    );
  }

  defer(options?: { ephemeral?: boolean }): Promise<void> {
    return this.#responses.defer(options);
  }
  edit(reply: Reply, messageId?: string): Promise<APIMessage> {
    return this.#responses.edit(reply, messageId);
  }
  remove(messageId?: string): Promise<void> {
    return this.#responses.remove(messageId);
  }
  followUp(reply: Reply): Promise<APIMessage> {
    return this.#responses.followUp(reply);
  }
  after(work: () => Promise<unknown>): void {
    this.#responses.after(work);
  }
}

/** While somebody types: what is there so far, unchecked. */
export interface AutocompleteInteraction {
  readonly raw: RawInteraction;
  readonly user: APIUser;
  readonly guildId: string | undefined;
  /** What was entered so far, by option; numbers as they were typed. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
}
