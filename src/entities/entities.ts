import type { APIChannel, APIGuild, APIGuildMember, APIRole, APIUser } from "discord-api-types/v10";
import type { Cache, CacheStats, Entry, Namespace } from "../cache/index.ts";
import { lazy } from "../platform/index.ts";
import {
  type CachedChannel,
  type CachedGuild,
  type CachedMember,
  type CachedRole,
  type CachedUser,
  toChannel,
  toGuild,
  toMember,
  toRole,
  toUser,
} from "./fields.ts";
import { type Bringer, entitiesIn, isWhole } from "./from-interaction.ts";

/** Discord's REST API, as far as the cache asks it. What it refuses is thrown with its HTTP `status`. */
export interface Source {
  get<T>(path: string): Promise<T>;
}

export type EntityKind = "user" | "guild" | "channel" | "roles" | "member";

/** Discord's objects, asked for once. Each read is an `Entry`: the value, where it came from, its age. Undefined: there is none. */
export interface Entities {
  user(id: string): Promise<Entry<CachedUser>>;
  guild(id: string): Promise<Entry<CachedGuild>>;
  /** With its guild, so that invalidating that takes it along. */
  channel(id: string, guildId?: string): Promise<Entry<CachedChannel>>;
  /** All roles of a guild: Discord lists them together. */
  roles(guildId: string): Promise<Entry<readonly CachedRole[]>>;
  role(guildId: string, roleId: string): Promise<CachedRole | undefined>;
  member(guildId: string, userId: string): Promise<Entry<CachedMember>>;
  /** 1 command when Redis has them all; Discord is asked for the others, one by one, as it has no other way. */
  users(ids: readonly string[]): Promise<Map<string, CachedUser>>;
  guilds(ids: readonly string[]): Promise<Map<string, CachedGuild>>;
  /** Asks Discord for a guild with its channels and roles, and keeps all of it: 3 requests to Discord, 2 round trips to Redis. */
  preloadGuild(guildId: string): Promise<void>;
  /**
   * Keeps what an interaction brought along: in L1, at no cost. In Redis too, behind the answer and only what that lacks, once
   * this invocation reads entities: an interaction that asks for none costs nothing.
   */
  learn(interaction: Bringer): void;
  invalidate(kind: EntityKind, id: string): Promise<void>;
  /** Forgets a guild with its channels, roles and members: 1/1. */
  invalidateGuild(guildId: string): Promise<void>;
  clear(): Promise<void>;
  stats(): Record<EntityKind, CacheStats & { hitRate: number }>;
}

const minute = 60_000;
/** What changes seldom is kept longer; all of it may be served for an hour more when Discord does not answer. */
const lives = { user: 10 * minute, guild: 10 * minute, channel: 10 * minute, roles: 5 * minute, member: 5 * minute };
const graceMs = 60 * minute;
/** People meet the same bot again and again: L1 keeps them for a minute. */
const localMs = 60_000;

export function createEntities(cache: Cache, source: Source): Entities {
  const kind = <T>(name: EntityKind, tagsOf?: (id: string) => string[]): Namespace<T> =>
    cache.namespace<T>({ name, ttlMs: lives[name], graceMs, localMs, absentMs: minute, ...(tagsOf && { tagsOf }) });
  // Made when first read: most invocations read none.
  const users = lazy(() => kind<CachedUser>("user"));
  const guilds = lazy(() => kind<CachedGuild>("guild", (id) => [guildTag(id)]));
  const channels = lazy(() => kind<CachedChannel>("channel", tagsOfPair));
  const roles = lazy(() => kind<readonly CachedRole[]>("roles", (id) => [guildTag(id)]));
  const members = lazy(() => kind<CachedMember>("member", tagsOfPair));
  const all = { user: users, guild: guilds, channel: channels, roles, member: members };

  /** 403 and 404 say that there is nothing for this bot: absence, which is remembered. */
  async function ask<Api, T>(path: string, project: (api: Api) => T): Promise<T | undefined> {
    try {
      return project(await source.get<Api>(path));
    } catch (error) {
      const { status } = error as { status?: number };
      if (status === 403 || status === 404) return undefined;
      throw error;
    }
  }
  const askAll =
    <Api, T>(pathOf: (id: string) => string, project: (api: Api) => T) =>
    async (ids: readonly string[]): Promise<Map<string, T>> => {
      const found = await Promise.all(ids.map(async (id) => [id, await ask(pathOf(id), project)] as const));
      return new Map(found.flatMap(([id, value]) => (value === undefined ? [] : [[id, value]])));
    };

  const fetchRoles = (guildId: string) =>
    ask<APIRole[], CachedRole[]>(`/guilds/${guildId}/roles`, (list) => list.map(toRole));
  const fetchGuild = (id: string) => ask<APIGuild, CachedGuild>(`/guilds/${id}?with_counts=true`, toGuild);

  let brought: Bringer | undefined;
  /** Into L1, where nobody has to wait for it. */
  function keep(): (() => void)[] {
    if (!brought) return [];
    const { users: met, members: here, channels: seen } = entitiesIn(brought);
    brought = undefined;
    return [users().learn(met), members().learn(here), channels().learn(seen)];
  }
  /** Whoever reads entities pays a round trip anyway: what the interaction brought along goes with it. */
  function known<T>(namespace: () => Namespace<T>): Namespace<T> {
    for (const share of keep()) share();
    return namespace();
  }

  return {
    user: (id) => known(users).read(id, () => ask<APIUser, CachedUser>(`/users/${id}`, toUser)),
    guild: (id) => known(guilds).read(id, () => fetchGuild(id)),
    channel: (id, guildId = "") =>
      known(channels).read(`${guildId}:${id}`, () => ask<APIChannel, CachedChannel>(`/channels/${id}`, toChannel)),
    roles: (guildId) => known(roles).read(guildId, () => fetchRoles(guildId)),
    async role(guildId, roleId) {
      const list = await known(roles).get(guildId, () => fetchRoles(guildId));
      return list?.find(({ id }) => id === roleId);
    },
    member: (guildId, userId) =>
      known(members).read(`${guildId}:${userId}`, () =>
        ask<APIGuildMember, CachedMember>(`/guilds/${guildId}/members/${userId}`, toMember),
      ),
    users: (ids) =>
      known(users).getMany(
        ids,
        askAll<APIUser, CachedUser>((id) => `/users/${id}`, toUser),
      ),
    guilds: (ids) =>
      known(guilds).getMany(
        ids,
        askAll<APIGuild, CachedGuild>((id) => `/guilds/${id}?with_counts=true`, toGuild),
      ),
    async preloadGuild(guildId) {
      const [guild, list, inside] = await Promise.all([
        fetchGuild(guildId),
        fetchRoles(guildId),
        ask<APIChannel[], CachedChannel[]>(`/guilds/${guildId}/channels`, (found) => found.map(toChannel)),
      ]);
      await Promise.all([
        guild && guilds().set(guildId, guild),
        list && roles().set(guildId, list),
        inside && channels().setMany(new Map(inside.map((one) => [`${guildId}:${one.id}`, one]))),
      ]);
    },
    learn(interaction) {
      if (isKnown(cache, interaction)) return;
      brought = interaction;
      cache.later(keep);
    },
    async invalidate(name, id) {
      await all[name]().delete(id);
    },
    invalidateGuild: (guildId) => cache.invalidate(guildTag(guildId)),
    async clear() {
      await Promise.all(Object.values(all).map((namespace) => namespace().clear()));
    },
    stats: () => ({
      user: users().stats(),
      guild: guilds().stats(),
      channel: channels().stats(),
      roles: roles().stats(),
      member: members().stats(),
    }),
  };
}

// --- Internal helpers ---

/** Everything of a guild is validated against this. */
const guildTag = (guildId: string): string => `guild:${guildId}`;
/** For ids of two parts, the guild's first; it is empty for channels outside of any. */
const tagsOfPair = (id: string): string[] => {
  const [guildId = ""] = id.split(":");
  return guildId === "" ? [] : [guildTag(guildId)];
};

/** Is there nothing in it that L1 does not have? What a command's options name is looked at each time. */
function isKnown(cache: Cache, { user, member, guild_id: guild = "", channel, data }: Bringer): boolean {
  if (typeof data === "object" && data !== null && "resolved" in data) return false;
  const who = member?.user.id ?? user?.id ?? "";
  return (
    cache.isLocal("user", who) &&
    (!member || cache.isLocal("member", `${guild}:${who}`)) &&
    (!isWhole(channel) || cache.isLocal("channel", `${guild}:${channel.id}`))
  );
}
