import type {
  APIChannel,
  APIGuild,
  APIGuildMember,
  APIInteractionDataResolvedGuildMember,
  APIRole,
  APIUser,
} from "discord-api-types/v10";

// The fields of Discord's objects that a bot needs, under Discord's names. A field that Discord did not send is missing: the
// users in an interaction, for one, have no banner.

export type CachedUser = Pick<
  APIUser,
  "id" | "username" | "global_name" | "discriminator" | "avatar" | "bot" | "public_flags" | "banner" | "accent_color"
> &
  Partial<Pick<APIUser, "avatar_decoration_data" | "primary_guild" | "collectibles">>;

export type CachedGuild = Pick<
  APIGuild,
  | "id"
  | "name"
  | "icon"
  | "banner"
  | "description"
  | "owner_id"
  | "features"
  | "preferred_locale"
  | "premium_tier"
  | "verification_level"
  | "vanity_url_code"
  | "approximate_member_count"
>;

export interface CachedChannel {
  id: string;
  type: number;
  name?: string | null;
  guild_id?: string;
  topic?: string | null;
  nsfw?: boolean;
  parent_id?: string | null;
  position?: number;
  rate_limit_per_user?: number;
}

export type CachedRole = Pick<
  APIRole,
  "id" | "name" | "colors" | "permissions" | "position" | "hoist" | "mentionable" | "managed" | "icon" | "unicode_emoji"
>;

export type CachedMember = Pick<APIGuildMember, "roles" | "joined_at"> &
  Partial<
    Pick<APIGuildMember, "nick" | "avatar" | "premium_since" | "communication_disabled_until" | "pending" | "flags">
  >;

export const toUser = (user: APIUser): CachedUser => pick(user, userFields) as CachedUser;
export const toGuild = (guild: APIGuild): CachedGuild => pick(guild, guildFields) as CachedGuild;
export const toChannel = (channel: APIChannel | object): CachedChannel => pick(channel, channelFields) as CachedChannel;
export const toRole = (role: APIRole): CachedRole => pick(role, roleFields) as CachedRole;
export const toMember = (member: APIGuildMember | APIInteractionDataResolvedGuildMember): CachedMember =>
  pick(member, memberFields) as CachedMember;

// --- Internal helpers ---

const userFields =
  `id username global_name discriminator avatar bot public_flags banner accent_color avatar_decoration_data
  primary_guild collectibles`.split(/\s+/);
const guildFields = `id name icon banner description owner_id features preferred_locale premium_tier verification_level
  vanity_url_code approximate_member_count`.split(/\s+/);
const channelFields = "id type name guild_id topic nsfw parent_id position rate_limit_per_user".split(" ");
const roleFields = "id name colors permissions position hoist mentionable managed icon unicode_emoji".split(" ");
const memberFields = "nick avatar roles joined_at premium_since communication_disabled_until pending flags".split(" ");

function pick(from: object, fields: readonly string[]): object {
  const source = from as Record<string, unknown>;
  return Object.fromEntries(fields.flatMap((name) => (source[name] === undefined ? [] : [[name, source[name]]])));
}
