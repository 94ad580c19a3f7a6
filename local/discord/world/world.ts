import type {
  APIApplicationCommand,
  APIChannel,
  APIEntitlement,
  APIGuild,
  APIGuildMember,
  APIMessage,
  APIRole,
  APISKU,
  APIUser,
} from "discord-api-types/v10";

export interface Guild {
  guild: APIGuild;
  roles: Map<string, APIRole>;
  channels: Map<string, APIChannel>;
  members: Map<string, APIGuildMember>;
}

/** Everything the simulator knows, by id, in memory. */
export interface World {
  /** The application's own user. */
  bot: APIUser;
  users: Map<string, APIUser>;
  guilds: Map<string, Guild>;
  /** Direct messages with the bot, by the other person's id. */
  directChannels: Map<string, APIChannel>;
  /** A group of friends: the bot is not in it, only people bring it along. */
  groupChannel: APIChannel;
  /** By channel, then by message. */
  messages: Map<string, Map<string, APIMessage>>;
  /** Who alone sees an ephemeral message, by the message's id. */
  privateTo: Map<string, string>;
  /** What the application sells, and who has it. */
  skus: APISKU[];
  entitlements: Map<string, APIEntitlement>;
  /** By scope: a guild's id, or `global`. */
  commands: Map<string, Map<string, APIApplicationCommand>>;
}

/** A channel anywhere, with its guild when it has one. */
export function findChannel(world: World, id: string): { channel: APIChannel; guild?: Guild } | undefined {
  for (const guild of world.guilds.values()) {
    const channel = guild.channels.get(id);
    if (channel) return { channel, guild };
  }
  const channel = [...world.directChannels.values(), world.groupChannel].find((direct) => direct.id === id);
  return channel && { channel };
}

/** The direct channel between the bot and a person, opened when there is none. */
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

/** A map's value for a key, made when it is missing. */
export function entryOf<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}

export const messagesOf = (world: World, channelId: string): Map<string, APIMessage> =>
  entryOf(world.messages, channelId, () => new Map<string, APIMessage>());

export const commandsOf = (world: World, scope: string): Map<string, APIApplicationCommand> =>
  entryOf(world.commands, scope, () => new Map<string, APIApplicationCommand>());
