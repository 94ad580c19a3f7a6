import {
  type APIApplicationCommand,
  type APIApplicationCommandInteractionDataOption,
  type APIAttachment,
  type APIChannel,
  type APIMessage,
  type APIUser,
  ChannelType,
  InteractionContextType,
  InteractionType,
  PermissionFlagsBits,
  ApplicationCommandOptionType as Type,
} from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { permissionsIn } from "../world/permissions.ts";
import { findChannel, type Guild, openDirectChannel } from "../world/world.ts";
import { resolve } from "./resolve.ts";

/** Who sends an interaction, and from where: a channel of a guild, or a private channel. */
export interface Sender {
  user: APIUser;
  channel: APIChannel;
  guild: Guild | undefined;
  locale: string;
  /** The person installed the application; the server did not. */
  isUserInstall: boolean;
}

/** Returns the person and the channel. Throws a sentence when one is unknown or the person cannot see the channel. */
export function findSender(
  context: Context,
  {
    userId,
    channelId,
    locale,
    isUserInstall,
  }: { userId: string; channelId: string; locale: string; isUserInstall: boolean },
): Sender {
  const user = context.world.users.get(userId);
  if (!user) throw new Error(`There is no user ${userId} in the simulator's world.`);
  if (channelId === "dm") {
    const channel = openDirectChannel(context.world, user, context.createId);
    return { user, channel, guild: undefined, locale, isUserInstall };
  }
  const group = context.world.groupChannel;
  if (channelId === "group-dm" || channelId === group.id) {
    return { user, channel: group, guild: undefined, locale, isUserInstall: true };
  }
  const place = findChannel(context.world, channelId);
  if (!place) throw new Error(`There is no channel ${channelId} in the simulator's world.`);
  if (place.guild && !place.guild.members.has(userId)) {
    throw new Error(`${user.username} is not a member of ${place.guild.guild.name}.`);
  }
  const mayView =
    place.guild && BigInt(permissionsIn(place.guild, userId, place.channel)) & PermissionFlagsBits.ViewChannel;
  if (mayView === 0n) throw new Error(`${user.username} cannot see that channel.`);
  return { user, channel: place.channel, guild: place.guild, locale, isUserInstall };
}

export function contextOf({ guild, channel }: Sender): InteractionContextType {
  if (guild) return InteractionContextType.Guild;
  return channel.type === ChannelType.GroupDM ? InteractionContextType.PrivateChannel : InteractionContextType.BotDM;
}

/** Returns an interaction of a type, but for its ID and token. */
export const buildInteraction = (
  context: Context,
  type: InteractionType,
  sender: Sender,
  data: object,
  more: object = {},
): object => ({ ...buildEnvelope(context, sender), type, data, ...more });

/** Returns the `data` of a slash command, with the users, roles and channels of its options under `resolved`. */
export function buildCommandData(
  context: Context,
  command: APIApplicationCommand,
  options: APIApplicationCommandInteractionDataOption[],
  sender: Sender,
  attachments: readonly APIAttachment[] = [],
): object {
  const leaves = flatten(options);
  const ids = (types: readonly Type[]) =>
    leaves.flatMap(([type, value]) => (types.includes(type) ? [String(value)] : []));
  const resolved = resolve(
    context,
    sender,
    {
      users: ids([Type.User, Type.Mentionable]),
      roles: ids([Type.Role, Type.Mentionable]),
      channels: ids([Type.Channel]),
    },
    attachments,
  );
  return { ...namesOf(command), ...(options.length > 0 && { options }), ...(resolved && { resolved }) };
}

/** Returns the `data` of a command in a user's context menu. */
export const buildUserData = (context: Context, command: APIApplicationCommand, target: APIUser, sender: Sender) => ({
  ...namesOf(command),
  target_id: target.id,
  resolved: resolve(context, sender, { users: [target.id] }),
});

/** Returns the `data` of a command in a message's context menu. */
export const buildMessageData = (command: APIApplicationCommand, target: APIMessage): object => ({
  ...namesOf(command),
  target_id: target.id,
  resolved: { messages: { [target.id]: target } },
});

export const namesOf = ({ id, name, type, guild_id }: APIApplicationCommand): object => ({
  id,
  name,
  type,
  ...(guild_id !== undefined && { guild_id }),
});

/** Returns the PING that Discord sends when the endpoint is saved, and from time to time later. */
export const buildPing = ({ applicationId }: Context): object => ({
  application_id: applicationId,
  type: InteractionType.Ping,
  version: 1,
  entitlements: [],
  authorizing_integration_owners: {},
});

// --- Internal helpers ---

/** Returns the fields that every interaction but PING has, as Discord sends them today. */
function buildEnvelope({ world, applicationId }: Context, sender: Sender): object {
  const { user, channel, guild, locale, isUserInstall } = sender;
  const entitlements = [...world.entitlements.values()].filter(
    (one) => !one.deleted && (one.user_id === user.id || (guild !== undefined && one.guild_id === guild.guild.id)),
  );
  const common = {
    application_id: applicationId,
    version: 1,
    locale,
    entitlements,
    attachment_size_limit: 10_485_760,
    channel_id: channel.id,
    channel: { ...channel, permissions: guild ? permissionsIn(guild, user.id, channel) : "0" },
    app_permissions: guild ? permissionsIn(guild, world.bot.id, channel) : String(directPermissions(sender)),
    context: contextOf(sender),
  };
  const owners = isUserInstall ? { "1": user.id } : { "0": guild?.guild.id ?? "0" };
  if (!guild) return { ...common, user, authorizing_integration_owners: owners };
  return {
    ...common,
    guild_id: guild.guild.id,
    guild: { id: guild.guild.id, locale: guild.guild.preferred_locale, features: guild.guild.features },
    guild_locale: guild.guild.preferred_locale,
    member: { ...guild.members.get(user.id), permissions: permissionsIn(guild, user.id, channel) },
    authorizing_integration_owners: owners,
  };
}

/**
 * What the application may do outside servers.
 * https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object
 */
function directPermissions(sender: Sender): bigint {
  const { AttachFiles, EmbedLinks, MentionEveryone, UseExternalEmojis } = PermissionFlagsBits;
  const everywhere = AttachFiles | EmbedLinks | MentionEveryone;
  return contextOf(sender) === InteractionContextType.BotDM ? everywhere | UseExternalEmojis : everywhere;
}

/** The fields of all kinds of given options. */
interface Given {
  type: Type;
  value?: unknown;
  options?: APIApplicationCommandInteractionDataOption[];
}

const flatten = (options: readonly APIApplicationCommandInteractionDataOption[]): [Type, unknown][] =>
  (options as readonly Given[]).flatMap(({ type, value, options: inner }) =>
    inner ? flatten(inner) : [[type, value] as [Type, unknown]],
  );
