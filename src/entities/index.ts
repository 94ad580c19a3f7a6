export { createEntities, type Entities, type EntitiesOptions, type EntityKind, entityKinds } from "./entities.ts";
export type { DiscordReader } from "./fetchers.ts";
export type { CachedChannel, CachedGuild, CachedMember, CachedRole, CachedUser } from "./fields.ts";
export type { InteractionEntities } from "./interaction.ts";
