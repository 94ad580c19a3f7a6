import { type APIChannel, type APIOverwrite, type APISKU, ChannelType, type SKUFlags } from "discord-api-types/v10";
import { assemble, channel, guild, member, permissions, role, seededAt, user } from "./builders.ts";
import type { Guild, World } from "./world.ts";

// A small world, always the same: two guilds, six people and the bot. Ids are readable and fixed.

export const applicationId = "1100000000000000001";

const everyone = permissions(
  "ViewChannel",
  "SendMessages",
  "SendMessagesInThreads",
  "ReadMessageHistory",
  "AddReactions",
  "EmbedLinks",
  "AttachFiles",
  "UseApplicationCommands",
  "UseExternalApps",
);

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
      role(id, "@everyone", 0, everyone),
      role("1100000000000000102", "Sailors", 1, everyone, 0x3498db),
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
      role(id, "@everyone", 0, everyone),
      role("1100000000000000201", "Gardiens", 1, permissions("ManageGuild"), 0xf1c40f),
    ],
    [
      channel(id, "1100000000000000211", "accueil", ChannelType.GuildText),
      channel(id, "1100000000000000212", "annonces", ChannelType.GuildAnnouncement, { position: 1 }),
    ],
    [member(bot, []), member(grace, []), member(mei, ["1100000000000000201"])],
  );
}

/** A durable, a consumable and a subscription. */
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

/** Returns a fresh copy of the world. */
export function createSeededWorld(): World {
  const people = [bot, ada, grace, linus, mei, robin, stranger];
  return structuredClone<World>({
    bot,
    team: null,
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

/** The person who acts, and the channel, unless a call names others. */
export const defaults = { userId: ada.id, channelId: "1100000000000000111" };
