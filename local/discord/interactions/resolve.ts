import { type APIAttachment, type APIUser, ComponentType } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { permissionsIn } from "../world/permissions.ts";
import type { Guild } from "../world/world.ts";

/** Whose permissions the resolved channels show, and the guild that the IDs belong to. */
export interface Asker {
  guild: Guild | undefined;
  user: Pick<APIUser, "id">;
}

type Objects = Record<string, object>;

/** Returns the `resolved` objects for IDs, without empty kinds; `undefined` when there are none at all. */
export function resolve(
  { world }: Context,
  { guild, user }: Asker,
  ids: { users?: string[]; roles?: string[]; channels?: string[] },
  attachments: readonly APIAttachment[] = [],
): Record<string, Objects> | undefined {
  const found = {
    users: pick(ids.users, world.users),
    // Partial members: without `user`, `deaf` and `mute`.
    members: pick(ids.users, guild?.members, ({ user: who, deaf: _deaf, mute: _mute, ...member }) => ({
      ...member,
      permissions: guild ? permissionsIn(guild, who.id) : "0",
    })),
    roles: pick(ids.roles, guild?.roles),
    channels: pick(ids.channels, guild?.channels, (channel) => {
      const { permission_overwrites: _overwrites, ...rest } = { permission_overwrites: undefined, ...channel };
      if (!guild) return rest;
      const permissions = permissionsIn(guild, user.id, channel);
      return { ...rest, permissions, app_permissions: permissionsIn(guild, world.bot.id, channel) };
    }),
    attachments: Object.fromEntries(attachments.map((one) => [one.id, one])),
  };
  const entries = Object.entries(found).filter(([, objects]) => Object.keys(objects).length > 0);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** Returns the `resolved` objects for the choices in a menu. */
export function resolveIds(context: Context, asker: Asker, menu: ComponentType, ids: string[]) {
  switch (menu) {
    case ComponentType.UserSelect:
      return resolve(context, asker, { users: ids });
    case ComponentType.RoleSelect:
      return resolve(context, asker, { roles: ids });
    case ComponentType.MentionableSelect:
      return resolve(context, asker, { users: ids, roles: ids });
    case ComponentType.ChannelSelect:
      return resolve(context, asker, { channels: ids });
    default:
      return undefined;
  }
}

// --- Internal helpers ---

function pick<V extends object>(
  ids: readonly string[] = [],
  from: ReadonlyMap<string, V> | undefined,
  shape: (value: V) => object = (value) => value,
): Objects {
  return Object.fromEntries(
    ids.flatMap((id) => {
      const value = from?.get(id);
      return value === undefined ? [] : [[id, shape(value)]];
    }),
  );
}
