import type { APIChannel, APIGuildMember, APIInteractionDataResolved, APIUser } from "discord-api-types/v10";
import { type CachedChannel, type CachedMember, type CachedUser, toChannel, toMember, toUser } from "./fields.ts";
import { idInGuild } from "./kinds.ts";

/** The parts of an interaction that carry entities: who used it, where, and what its options name. */
export interface InteractionEntities {
  user?: APIUser;
  member?: APIGuildMember & { user: APIUser };
  guild_id?: string;
  channel?: unknown;
  data?: object | undefined;
}

/** Entities by the id under which they are cached. */
export interface EntityMaps {
  users: Map<string, CachedUser>;
  members: Map<string, CachedMember>;
  channels: Map<string, CachedChannel>;
}

/** Returns the entities that an interaction carries. Those that Discord sends in part, without their position say, are left out. */
export function entitiesIn({ user, member, guild_id: guild, channel, data }: InteractionEntities): EntityMaps {
  const idHere = (id: string) => idInGuild(guild ?? "", id);
  const { resolved = {} } = { ...data } as { resolved?: APIInteractionDataResolved };
  const users = [user, member?.user, ...Object.values(resolved.users ?? {})].filter((one) => one !== undefined);
  const members =
    guild === undefined
      ? []
      : [...(member ? [[member.user.id, member] as const] : []), ...Object.entries(resolved.members ?? {})];
  const channels = [channel, ...Object.values(resolved.channels ?? {})].filter(isWhole);
  return {
    users: new Map(users.map((one) => [one.id, toUser(one)])),
    members: new Map(members.map(([id, one]) => [idHere(id), toMember(one)])),
    channels: new Map(channels.map((one) => [idHere(one.id), toChannel(one)])),
  };
}

/** Returns whether a channel has every field that is cached. It comes from a signed body, which may hold anything. */
export const isWhole = (channel: unknown): channel is APIChannel =>
  typeof channel === "object" &&
  channel !== null &&
  "id" in channel &&
  "name" in channel &&
  "position" in channel &&
  "parent_id" in channel;
