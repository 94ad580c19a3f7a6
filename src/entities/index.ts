export { createEntities, type Entities, type EntityKind, type Source } from "./entities.ts";
export type { CachedChannel, CachedGuild, CachedMember, CachedRole, CachedUser } from "./fields.ts";
