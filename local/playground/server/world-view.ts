import { type APIApplicationCommand, type APIChannel, ChannelType } from "discord-api-types/v10";
import { canView, type Guild, openDirectChannel, type Simulator } from "../../discord/index.ts";
import type { ChannelView, GuildView, WorldView } from "../protocol.ts";
import { membersOf, peopleOf, viewPerson } from "./people-views.ts";
import type { Unread } from "./unread.ts";

/** Returns all that does not belong to one channel, as a person sees it. */
export function viewWorld(simulator: Simulator, unread: Unread, personId: string): WorldView {
  const { world } = simulator;
  const user = world.users.get(personId);
  if (!user) throw new RangeError(`There is no user ${personId}.`);
  const commands = new Map<string, APIApplicationCommand>();

  function viewChannel(channel: APIChannel, name: string): ChannelView {
    const isPlace = channel.type !== ChannelType.GuildCategory;
    const offered = isPlace ? simulator.byId.offered({ userId: personId, channelId: channel.id }) : [];
    for (const command of offered) commands.set(command.id, command);
    const topic = "topic" in channel ? channel.topic : undefined;
    const parentId = "parent_id" in channel ? channel.parent_id : undefined;
    return {
      id: channel.id,
      type: channel.type,
      name,
      ...(topic && { topic }),
      ...(parentId && { parentId }),
      ...unread.of(personId, channel.id),
      commands: offered.map(({ id }) => id),
    };
  }

  const viewGuild = (of: Guild): GuildView => ({
    id: of.guild.id,
    name: of.guild.name,
    icon: `/cdn/icons/${of.guild.id}/0.png`,
    channels: [...of.channels.values()]
      .filter(({ id }) => canView(world, personId, id))
      .map((channel) => viewChannel(channel, channel.name ?? "")),
    members: membersOf(world, of),
    roles: [...of.roles.values()].map(({ id, name, color }) => ({ id, name, color })),
  });

  const me = viewPerson(world, user);
  const bot = viewPerson(world, world.bot);
  const guilds = [...world.guilds.values()].filter(({ members }) => members.has(personId)).map(viewGuild);
  const direct = openDirectChannel(world, user, simulator.createId);
  const directs = [viewChannel(direct, bot.name), viewChannel(world.groupChannel, world.groupChannel.name ?? "Group")];
  return {
    application: { id: simulator.applicationId, name: bot.name, avatar: bot.avatar },
    me,
    people: peopleOf(world),
    guilds,
    directs,
    commands: Object.fromEntries(commands),
    names: namesFor(simulator, personId),
  };
}

// --- Internal helpers ---

/** Returns the names behind mentions. A channel that the person cannot see has none. */
function namesFor({ world }: Simulator, personId: string): WorldView["names"] {
  const names: Record<string, WorldView["names"][string]> = {};
  for (const user of world.users.values()) names[user.id] = { name: user.global_name ?? user.username, kind: "user" };
  for (const { roles, channels } of world.guilds.values()) {
    for (const { id, name, color } of roles.values()) names[id] = { name, kind: "role", color };
    for (const { id, name } of channels.values()) {
      if (canView(world, personId, id)) names[id] = { name: name ?? "", kind: "channel" };
    }
  }
  return names;
}
