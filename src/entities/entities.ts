import type { Cache, CacheKind, CacheStats, Entry, Namespace } from "../cache/index.ts";
import { createFetchers, type DiscordReader, each } from "./fetchers.ts";
import type { CachedChannel, CachedGuild, CachedMember, CachedRole, CachedUser } from "./fields.ts";
import type { InteractionEntities } from "./interaction.ts";
import { channels, guilds, guildTag, idInGuild, members, roles, users } from "./kinds.ts";
import { createInteractionMemory } from "./remember.ts";

export type EntityKind = "user" | "guild" | "channel" | "roles" | "member";

/**
 * Discord's objects, cached. Each read returns an `Entry`: the value, where it came from, its age. The value is `undefined` for
 * what does not exist, or what the bot may not see. Reads throw what Discord's REST client throws, and the cache's errors.
 *
 * Cost of each read: 0 commands from L1; 1 command, 1 round trip from Redis; else 3 commands, 3 round trips and 1 request to
 * Discord.
 */
export interface Entities {
  /**
   * Returns a user.
   *
   * @example
   * const { value: user, source, ageMs } = await entities.user(userId);
   */
  user(id: string): Promise<Entry<CachedUser>>;
  /** Returns a guild, with its approximate number of members. */
  guild(id: string): Promise<Entry<CachedGuild>>;
  /** Returns a channel. Give `guildId` for a channel of a guild, so that `invalidateGuild` forgets the channel too. */
  channel(id: string, guildId?: string): Promise<Entry<CachedChannel>>;
  /** Returns all roles of a guild. */
  roles(guildId: string): Promise<Entry<readonly CachedRole[]>>;
  /**
   * Returns one role of a guild, `undefined` when it has no such role. All its roles are fetched together.
   *
   * @example
   * const role = await entities.role(guildId, roleId);
   */
  role(guildId: string, roleId: string): Promise<CachedRole | undefined>;
  /**
   * Returns a member of a guild.
   *
   * @example
   * const { value: member } = await entities.member(guildId, userId);
   */
  member(guildId: string, userId: string): Promise<Entry<CachedMember>>;
  /**
   * Returns users by id, without those that do not exist.
   *
   * @example
   * const authors = await entities.users(messages.map(({ author }) => author.id));
   *
   * Cost: 1 command, 1 round trip when Redis has them all; else 1 request to Discord for each that it lacks.
   */
  users(ids: readonly string[]): Promise<Map<string, CachedUser>>;
  /** Returns guilds by id, without those that the bot is not in. Cost: as `users`. */
  guilds(ids: readonly string[]): Promise<Map<string, CachedGuild>>;
  /**
   * Fetches a guild with its channels and roles, and caches all of them.
   *
   * Cost: 3 requests to Discord; for n channels n + 5 commands, 2 round trips.
   */
  preloadGuild(guildId: string): Promise<void>;
  /**
   * Caches the entities that an interaction carries, so that reading them sends no request to Discord: in L1 after this turn, in
   * Redis with the first read of entities in this invocation, and there only those that Redis lacks.
   *
   * Cost: 0 commands.
   */
  rememberFrom(interaction: InteractionEntities): void;
  /**
   * Forgets one entity. The id of a channel or member is `<guild id>:<id>`. Returns whether Redis had it.
   *
   * Cost: 1 command, 1 round trip, and 1 command for the bus.
   */
  invalidate(kind: EntityKind, id: string): Promise<boolean>;
  /**
   * Forgets a guild with its channels, roles and members.
   *
   * @example
   * await entities.invalidateGuild(guildId);
   *
   * Cost: 1 command, 1 round trip, and 1 command for the bus.
   */
  invalidateGuild(guildId: string): Promise<void>;
  /** Forgets all entities. Cost: 5 commands, 1 round trip, and 5 commands for the bus. */
  clear(): Promise<void>;
  /** Returns what this isolate counted for each kind. Cost: 0 commands. */
  stats(): Record<EntityKind, CacheStats & { hitRate: number }>;
}

export interface EntitiesOptions {
  cache: Cache;
  discord: DiscordReader;
  /** Keeps the invocation alive for work that goes on after the answer. */
  waitUntil(work: Promise<unknown>): void;
}

/** Makes the entities of one invocation. Cost: 0 commands. */
export function createEntities({ cache, discord, waitUntil }: EntitiesOptions): Entities {
  const fetch = createFetchers(discord);
  const memory = createInteractionMemory(cache, waitUntil);

  /** Opens a kind for a read, with which the interaction's entities are shared. */
  function open<T>(kind: CacheKind<T>): Namespace<T> {
    memory.share();
    return cache.of(kind);
  }

  return {
    user: (id) => open(users).read(id, () => fetch.user(id)),
    guild: (id) => open(guilds).read(id, () => fetch.guild(id)),
    channel: (id, guildId = "") => open(channels).read(idInGuild(guildId, id), () => fetch.channel(id)),
    roles: (guildId) => open(roles).read(guildId, () => fetch.roles(guildId)),
    async role(guildId, roleId) {
      const list = await open(roles).get(guildId, () => fetch.roles(guildId));
      return list?.find(({ id }) => id === roleId);
    },
    member: (guildId, userId) => open(members).read(idInGuild(guildId, userId), () => fetch.member(guildId, userId)),
    users: (ids) => open(users).getMany(ids, each(fetch.user)),
    guilds: (ids) => open(guilds).getMany(ids, each(fetch.guild)),
    async preloadGuild(guildId) {
      const [guild, itsRoles, itsChannels] = await Promise.all([
        fetch.guild(guildId),
        fetch.roles(guildId),
        fetch.channels(guildId),
      ]);
      await Promise.all([
        guild && cache.of(guilds).set(guildId, guild),
        itsRoles && cache.of(roles).set(guildId, itsRoles),
        itsChannels && cache.of(channels).setMany(new Map(itsChannels.map((one) => [idInGuild(guildId, one.id), one]))),
      ]);
    },
    rememberFrom: memory.take,
    invalidate: (kind, id) => cache.of<unknown>(kinds[kind]).delete(id),
    invalidateGuild: (guildId) => cache.invalidate(guildTag(guildId)),
    async clear() {
      await Promise.all(Object.values(kinds).map((kind) => cache.of<unknown>(kind).clear()));
    },
    stats: () => ({
      user: cache.of(users).stats(),
      guild: cache.of(guilds).stats(),
      channel: cache.of(channels).stats(),
      roles: cache.of(roles).stats(),
      member: cache.of(members).stats(),
    }),
  };
}

/** The names of the cache's kinds that hold entities. */
export const entityKinds: readonly string[] = [users, guilds, channels, roles, members].map(({ name }) => name);

// --- Internal helpers ---

const kinds = { user: users, guild: guilds, channel: channels, roles, member: members };
