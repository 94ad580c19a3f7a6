import type { APIChannel, APIGuildMember, APIInteractionDataResolved, APIUser } from "discord-api-types/v10";
import { type CachedChannel, type CachedMember, type CachedUser, toChannel, toMember, toUser } from "./fields.ts";

/** The parts of an interaction that hold entities. */
export interface Bringer {
  user?: APIUser;
  member?: APIGuildMember & { user: APIUser };
  guild_id?: string;
  channel?: unknown;
  data?: object;
}

/** What an interaction brings along, by the id under which it is kept. */
export interface Brought {
  users: Map<string, CachedUser>;
  members: Map<string, CachedMember>;
  channels: Map<string, CachedChannel>;
}

/** Entities of an interaction that are whole: a channel that lacks its place, for one, says too little of itself. */
export function entitiesIn({ user, member, guild_id: guild, channel, data }: Bringer): Brought {
  const { resolved = {} } = { ...data } as { resolved?: APIInteractionDataResolved };
  const users = [user, member?.user, ...Object.values(resolved.users ?? {})].filter((one) => one !== undefined);
  const members =
    guild === undefined
      ? []
      : [...(member ? [[member.user.id, member] as const] : []), ...Object.entries(resolved.members ?? {})];
  const channels = [channel, ...Object.values(resolved.channels ?? {})].filter(isWhole);
  return {
    users: new Map(users.map((one) => [one.id, toUser(one)])),
    members: new Map(members.map(([id, one]) => [`${guild}:${id}`, toMember(one)])),
    channels: new Map(channels.map((one) => [`${guild ?? ""}:${one.id}`, toChannel(one)])),
  };
}

/** Looks at what a signed body says, which may be anything. */
export const isWhole = (channel: unknown): channel is APIChannel =>
  typeof channel === "object" &&
  channel !== null &&
  "id" in channel &&
  "name" in channel &&
  "position" in channel &&
  "parent_id" in channel;
