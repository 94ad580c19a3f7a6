import { cacheKind } from "../cache/index.ts";
import type { CachedChannel, CachedGuild, CachedMember, CachedRole, CachedUser } from "./fields.ts";

const minute = 60_000;

/** While Discord does not answer, values are served for an hour more. L1 keeps them for a minute: people use a bot in bursts. */
const common = { graceMs: 60 * minute, localMs: minute, absentMs: minute };

export const users = cacheKind<CachedUser>({ name: "user", ttlMs: 10 * minute, ...common });

export const guilds = cacheKind<CachedGuild>({
  name: "guild",
  ttlMs: 10 * minute,
  ...common,
  tagsOf: (guildId) => [guildTag(guildId)],
});

/** By `idInGuild`. */
export const channels = cacheKind<CachedChannel>({
  name: "channel",
  ttlMs: 10 * minute,
  ...common,
  tagsOf: tagsInGuild,
});

/** All roles of a guild, by its id: Discord lists them together. */
export const roles = cacheKind<readonly CachedRole[]>({
  name: "roles",
  ttlMs: 5 * minute,
  ...common,
  tagsOf: (guildId) => [guildTag(guildId)],
});

/** By `idInGuild`. */
export const members = cacheKind<CachedMember>({ name: "member", ttlMs: 5 * minute, ...common, tagsOf: tagsInGuild });

/** Returns the tag of everything that belongs to a guild. */
export const guildTag = (guildId: string): string => `guild:${guildId}`;

/** Returns the id of something in a guild. A channel outside of guilds has an empty `guildId`. */
export const idInGuild = (guildId: string, id: string): string => `${guildId}:${id}`;

// --- Internal helpers ---

function tagsInGuild(id: string): string[] {
  const [guildId = ""] = id.split(":");
  return guildId === "" ? [] : [guildTag(guildId)];
}
