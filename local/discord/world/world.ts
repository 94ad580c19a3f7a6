import type {
  APIApplicationCommand,
  APIChannel,
  APIEntitlement,
  APIGuild,
  APIGuildMember,
  APIMessage,
  APIRole,
  APISKU,
  APITeam,
  APIUser,
} from "discord-api-types/v10";

export interface Guild {
  guild: APIGuild;
  roles: Map<string, APIRole>;
  channels: Map<string, APIChannel>;
  members: Map<string, APIGuildMember>;
}

/** The state of the simulated Discord, in memory. Maps are by ID unless they say otherwise. */
export interface World {
  /** The user of the application. */
  bot: APIUser;
  /** The team that owns the application. Null: a person does. */
  team: APITeam | null;
  users: Map<string, APIUser>;
  guilds: Map<string, Guild>;
  /** Channels of direct messages with the bot, by the other user's ID. */
  directChannels: Map<string, APIChannel>;
  /** A group of people without the bot, which only their own installs bring there. */
  groupChannel: APIChannel;
  /** By channel, then by message. */
  messages: Map<string, Map<string, APIMessage>>;
  /** The user who sees an ephemeral message, by the message's ID. */
  privateTo: Map<string, string>;
  /** The products of the application. */
  skus: APISKU[];
  /** Who owns which product. */
  entitlements: Map<string, APIEntitlement>;
  /** By scope (a guild's ID, or `global`), then by command. */
  commands: Map<string, Map<string, APIApplicationCommand>>;
}

/** Returns a channel by ID, with its guild if it has one. */
export function findChannel(world: World, id: string): { channel: APIChannel; guild?: Guild } | undefined {
  for (const guild of world.guilds.values()) {
    const channel = guild.channels.get(id);
    if (channel) return { channel, guild };
  }
  const channel = [...world.directChannels.values(), world.groupChannel].find((direct) => direct.id === id);
  return channel && { channel };
}

/** Returns the channel of direct messages between the bot and a user. Creates it if it is missing. */
export function openDirectChannel(world: World, user: APIUser, createId: () => string): APIChannel {
  const known = world.directChannels.get(user.id);
  if (known) return known;
  const channel = {
    id: createId(),
    type: 1,
    recipients: [user],
    last_message_id: null,
    flags: 0,
  } as unknown as APIChannel;
  world.directChannels.set(user.id, channel);
  return channel;
}

/** Returns a map's value for a key. Creates and stores it if it is missing. */
export function entryOf<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}

export const messagesOf = (world: World, channelId: string): Map<string, APIMessage> =>
  entryOf(world.messages, channelId, () => new Map<string, APIMessage>());

/** Returns a message by its channel and its ID; `undefined` where there is none, or no ID. */
export function findMessage(
  world: World,
  channelId: string | undefined,
  id: string | undefined,
): APIMessage | undefined {
  const messages: ReadonlyMap<string | undefined, ReadonlyMap<string | undefined, APIMessage>> = world.messages;
  return messages.get(channelId)?.get(id);
}

export const commandsOf = (world: World, scope: string): Map<string, APIApplicationCommand> =>
  entryOf(world.commands, scope, () => new Map<string, APIApplicationCommand>());
