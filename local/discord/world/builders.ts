import {
  type APIChannel,
  type APIGuild,
  type APIGuildMember,
  type APIRole,
  type APIUser,
  ChannelType,
  PermissionFlagsBits,
  type RoleFlags,
} from "discord-api-types/v10";
import type { Guild } from "./world.ts";

// Users, roles, channels, members and guilds with every field that Discord sends, most of them at their defaults.

/** When the members of the seeded guilds joined. */
export const seededAt = "2026-01-15T12:00:00.000000+00:00";

/** Returns permissions as Discord sends them: a bit field in decimal digits. */
export const permissions = (...names: (keyof typeof PermissionFlagsBits)[]): string =>
  String(names.reduce((bits, name) => bits | PermissionFlagsBits[name], 0n));

export function user(id: string, username: string, globalName: string | null, more: Partial<APIUser> = {}): APIUser {
  return {
    id,
    username,
    discriminator: "0",
    global_name: globalName,
    avatar: null,
    banner: null,
    accent_color: null,
    public_flags: 0,
    flags: 0,
    avatar_decoration_data: null,
    primary_guild: null,
    collectibles: null,
    ...more,
  } as APIUser;
}

export function role(id: string, name: string, position: number, bits: string, color = 0): APIRole {
  return {
    id,
    name,
    color,
    colors: { primary_color: color, secondary_color: null, tertiary_color: null },
    hoist: position > 1,
    position,
    permissions: bits,
    managed: false,
    mentionable: position > 0,
    flags: 0 as RoleFlags,
    icon: null,
    unicode_emoji: null,
  };
}

export function channel(guildId: string, id: string, name: string, type: ChannelType, more: object = {}): APIChannel {
  const parts = {
    id,
    guild_id: guildId,
    name,
    type,
    position: 0,
    permission_overwrites: [],
    flags: 0,
    parent_id: null,
  };
  const text = { topic: null, nsfw: false, rate_limit_per_user: 0, last_message_id: null };
  return { ...parts, ...(type === ChannelType.GuildCategory ? {} : text), ...more } as APIChannel;
}

export function member(who: APIUser, roles: string[], more: Partial<APIGuildMember> = {}): APIGuildMember {
  return {
    user: who,
    nick: null,
    avatar: null,
    banner: null,
    roles,
    joined_at: seededAt,
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0,
    pending: false,
    communication_disabled_until: null,
    ...more,
  } as APIGuildMember;
}

export function guild(parts: {
  id: string;
  name: string;
  owner: APIUser;
  locale: string;
  description: string | null;
}): APIGuild {
  const { id, name, owner, locale, description } = parts;
  return {
    id,
    name,
    icon: null,
    splash: null,
    discovery_splash: null,
    owner_id: owner.id,
    region: null,
    afk_channel_id: null,
    afk_timeout: 300,
    verification_level: 1,
    default_message_notifications: 1,
    explicit_content_filter: 0,
    emojis: [],
    stickers: [],
    features: ["COMMUNITY", "NEWS"],
    mfa_level: 0,
    application_id: null,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    vanity_url_code: null,
    description,
    banner: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: locale,
    public_updates_channel_id: null,
    nsfw_level: 0,
    premium_progress_bar_enabled: false,
    safety_alerts_channel_id: null,
    incidents_data: null,
    roles: [],
  } as unknown as APIGuild;
}

/** Returns a guild with its parts by id. */
export function assemble(of: APIGuild, roles: APIRole[], channels: APIChannel[], members: APIGuildMember[]): Guild {
  return {
    guild: of,
    roles: new Map(roles.map((one) => [one.id, one])),
    channels: new Map(channels.map((one) => [one.id, one])),
    members: new Map(members.map((one) => [one.user.id, one])),
  };
}
