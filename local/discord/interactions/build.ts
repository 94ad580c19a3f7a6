import {
  type APIApplicationCommand,
  type APIApplicationCommandInteractionDataOption,
  type APIChannel,
  type APIUser,
  InteractionType,
  ApplicationCommandOptionType as Type,
} from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { permissionsIn } from "../world/permissions.ts";
import { findChannel, type Guild, openDirectChannel } from "../world/world.ts";

/** Who sends an interaction, and from where: a channel of a guild, or without one a direct message to the bot. */
export interface Sender {
  user: APIUser;
  channel: APIChannel;
  guild: Guild | undefined;
  locale: string;
}

/** Finds the person and the channel, or says who and what there is. */
export function findSender(context: Context, userId: string, channelId: string, locale: string): Sender {
  const user = context.world.users.get(userId);
  if (!user) throw new Error(`There is no user ${userId} in the simulator's world.`);
  if (channelId === "dm") {
    return { user, channel: openDirectChannel(context.world, user, context.createId), guild: undefined, locale };
  }
  const place = findChannel(context.world, channelId);
  if (!place) throw new Error(`There is no channel ${channelId} in the simulator's world.`);
  if (place.guild && !place.guild.members.has(userId)) {
    throw new Error(`${user.username} is no member of ${place.guild.guild.name}.`);
  }
  return { user, channel: place.channel, guild: place.guild, locale };
}

/** The envelope of every interaction but PING, as Discord sends it today. */
export function buildEnvelope({ world, applicationId }: Context, { user, channel, guild, locale }: Sender): object {
  const place = {
    channel_id: channel.id,
    channel: { ...channel, permissions: guild ? permissionsIn(guild, user.id, channel) : "0" },
    app_permissions: guild ? permissionsIn(guild, world.bot.id, channel) : "0",
  };
  const common = {
    application_id: applicationId,
    version: 1,
    locale,
    entitlements: [],
    attachment_size_limit: 10_485_760,
  };
  if (!guild) return { ...common, ...place, user, context: 1, authorizing_integration_owners: { "0": "0" } };
  return {
    ...common,
    ...place,
    guild_id: guild.guild.id,
    guild: { id: guild.guild.id, locale: guild.guild.preferred_locale, features: guild.guild.features },
    guild_locale: guild.guild.preferred_locale,
    member: { ...guild.members.get(user.id), permissions: permissionsIn(guild, user.id, channel) },
    context: 0,
    authorizing_integration_owners: { "0": guild.guild.id },
  };
}

/** A slash command's `data`, with what its options name under `resolved`. */
export function buildCommandData(
  context: Context,
  command: APIApplicationCommand,
  options: APIApplicationCommandInteractionDataOption[],
  { guild }: Sender,
): object {
  const resolved = resolve(context, options, guild);
  return {
    id: command.id,
    name: command.name,
    type: command.type,
    ...(command.guild_id !== undefined && { guild_id: command.guild_id }),
    ...(options.length > 0 && { options }),
    ...(Object.keys(resolved).length > 0 && { resolved }),
  };
}

/** What Discord sends when the endpoint is saved, and now and then after. */
export const buildPing = ({ applicationId }: Context): object => ({
  application_id: applicationId,
  type: InteractionType.Ping,
  version: 1,
  entitlements: [],
  authorizing_integration_owners: {},
});

type Option = APIApplicationCommandInteractionDataOption;

function resolve({ world }: Context, options: readonly Option[], guild: Guild | undefined): Record<string, object> {
  const leaves = flatten(options);
  const ids = (...types: Type[]) => leaves.flatMap(([type, value]) => (types.includes(type) ? [String(value)] : []));
  const pick = <V>(
    names: string[],
    from: ReadonlyMap<string, V> | undefined,
    shape: (value: V) => object = (value) => value as object,
  ) =>
    Object.fromEntries(
      names.flatMap((id) => {
        const value = from?.get(id);
        return value === undefined ? [] : [[id, shape(value)]];
      }),
    );
  const people = ids(Type.User, Type.Mentionable);
  const found = {
    users: pick(people, world.users),
    // A partial member: without `user`, `deaf` and `mute`, and only for those who are one.
    members: pick(people, guild?.members, ({ user: _user, deaf: _deaf, mute: _mute, ...member }) => member),
    roles: pick(ids(Type.Role, Type.Mentionable), guild?.roles),
    channels: pick(ids(Type.Channel), guild?.channels),
  };
  return Object.fromEntries(Object.entries(found).filter(([, entries]) => Object.keys(entries).length > 0));
}

const flatten = (options: readonly Option[]): [Type, unknown][] =>
  options.flatMap((option) =>
    "options" in option
      ? flatten(option.options ?? [])
      : [[option.type, "value" in option ? option.value : undefined] as [Type, unknown]],
  );
