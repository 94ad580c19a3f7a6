import {
  type APIChannel,
  type APIGuild,
  type APIGuildMember,
  type APIOverwrite,
  type APIRole,
  type APISKU,
  type APIUser,
  ChannelType,
  PermissionFlagsBits,
  type RoleFlags,
  type SKUFlags,
} from "discord-api-types/v10";
import type { Guild, World } from "./world.ts";

// A small world, always the same: two guilds, six people and the bot. Ids are readable and fixed.

export const applicationId = "1100000000000000001";
const seededAt = "2026-01-15T12:00:00.000000+00:00";

const permissions = (...names: (keyof typeof PermissionFlagsBits)[]): string =>
  String(names.reduce((bits, name) => bits | PermissionFlagsBits[name], 0n));

const everybody = permissions(
  "ViewChannel",
  "SendMessages",
  "ReadMessageHistory",
  "AddReactions",
  "EmbedLinks",
  "AttachFiles",
  "UseApplicationCommands",
  "UseExternalApps",
);

function user(id: string, username: string, globalName: string | null, more: Partial<APIUser> = {}): APIUser {
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

const bot = user(applicationId, "sandpiper", null, { bot: true, discriminator: "4242", public_flags: 524_288 });
const ada = user("1100000000000000011", "ada", "Ada", {
  avatar: "a_0123456789abcdef0123456789abcdef",
  accent_color: 0x2f5d62,
});
const grace = user("1100000000000000012", "grace.h", "Grace", { banner: "fedcba9876543210fedcba9876543210" });
const linus = user("1100000000000000013", "linus", null);
const mei = user("1100000000000000014", "mei_lin", "梅琳 🌊", {
  primary_guild: { identity_guild_id: "1100000000000000100", identity_enabled: true, tag: "SAND", badge: "0f0f" },
});
const robin = user("1100000000000000015", "robin", "Robin “the very long display name” B.");
const stranger = user("1100000000000000016", "stranger", "Stranger");

function role(id: string, name: string, position: number, bits: string, color = 0): APIRole {
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

function channel(guildId: string, id: string, name: string, type: ChannelType, more: object = {}): APIChannel {
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

function member(who: APIUser, roles: string[], more: Partial<APIGuildMember> = {}): APIGuildMember {
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

function guild(parts: {
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

function assemble(of: APIGuild, roles: APIRole[], channels: APIChannel[], members: APIGuildMember[]): Guild {
  return {
    guild: of,
    roles: new Map(roles.map((one) => [one.id, one])),
    channels: new Map(channels.map((one) => [one.id, one])),
    members: new Map(members.map((one) => [one.user.id, one])),
  };
}

function harbour(): Guild {
  const id = "1100000000000000100";
  const moderators = "1100000000000000101";
  const hidden: APIOverwrite[] = [
    { id, type: 0, allow: "0", deny: permissions("ViewChannel") },
    { id: moderators, type: 0, allow: permissions("ViewChannel"), deny: "0" },
  ];
  return assemble(
    guild({ id, name: "The Harbour", owner: ada, locale: "en-US", description: "Where the boats are." }),
    [
      role(id, "@everyone", 0, everybody),
      role("1100000000000000102", "Sailors", 1, everybody, 0x3498db),
      role(moderators, "Moderators", 2, permissions("ManageGuild", "ManageMessages", "ManageRoles"), 0xe67e22),
      role(
        "1100000000000000103",
        "Sandpiper",
        3,
        permissions("ManageRoles", "ManageMessages", "SendMessages"),
        0x1abc9c,
      ),
    ],
    [
      channel(id, "1100000000000000110", "Piers", ChannelType.GuildCategory),
      channel(id, "1100000000000000111", "general", ChannelType.GuildText, {
        parent_id: "1100000000000000110",
        topic: "Anything.",
      }),
      channel(id, "1100000000000000112", "news", ChannelType.GuildAnnouncement, { position: 1 }),
      channel(id, "1100000000000000113", "moderators", ChannelType.GuildText, {
        position: 2,
        permission_overwrites: hidden,
      }),
      channel(id, "1100000000000000114", "Radio", ChannelType.GuildVoice, {
        bitrate: 64_000,
        user_limit: 0,
        rtc_region: null,
      }),
      channel(id, "1100000000000000115", "knots", ChannelType.PublicThread, {
        parent_id: "1100000000000000111",
        owner_id: grace.id,
        message_count: 2,
        member_count: 2,
        thread_metadata: { archived: false, auto_archive_duration: 1_440, archive_timestamp: seededAt, locked: false },
      }),
    ],
    [
      member(bot, ["1100000000000000103"]),
      member(ada, []),
      member(grace, ["1100000000000000101"], { nick: "Harbour master" }),
      member(linus, ["1100000000000000102"]),
      member(mei, ["1100000000000000102"]),
      member(robin, []),
    ],
  );
}

function lighthouse(): Guild {
  const id = "1100000000000000200";
  return assemble(
    guild({ id, name: "Le Phare", owner: grace, locale: "fr", description: null }),
    [
      role(id, "@everyone", 0, everybody),
      role("1100000000000000201", "Gardiens", 1, permissions("ManageGuild"), 0xf1c40f),
    ],
    [
      channel(id, "1100000000000000211", "accueil", ChannelType.GuildText),
      channel(id, "1100000000000000212", "annonces", ChannelType.GuildAnnouncement, { position: 1 }),
    ],
    [member(bot, []), member(grace, []), member(mei, ["1100000000000000201"])],
  );
}

/** A durable and a consumable, and a subscription with its group. */
const skus = (
  [
    ["1100000000000000301", 2, "Golden feathers"],
    ["1100000000000000302", 3, "A handful of worms"],
    ["1100000000000000303", 5, "Sandpiper Plus"],
  ] as const
).map(([id, type, name]) => ({
  id,
  type,
  name,
  application_id: applicationId,
  slug: name.toLowerCase().replaceAll(" ", "-"),
  flags: (type === 5 ? 132 : 4) as SKUFlags,
})) as APISKU[];

/** A fresh copy of the world. */
export function createSeededWorld(): World {
  const people = [bot, ada, grace, linus, mei, robin, stranger];
  return structuredClone<World>({
    bot,
    users: new Map(people.map((one) => [one.id, one])),
    guilds: new Map([harbour(), lighthouse()].map((one) => [one.guild.id, one])),
    directChannels: new Map(),
    groupChannel: {
      id: "1100000000000000401",
      type: ChannelType.GroupDM,
      name: "Friends",
      flags: 0,
    } as unknown as APIChannel,
    messages: new Map(),
    privateTo: new Map(),
    skus,
    entitlements: new Map(),
    commands: new Map(),
  });
}

/** Who one is and where, unless said otherwise. */
export const defaults = { userId: ada.id, channelId: "1100000000000000111" };
