import { type APIAttachment, ComponentType } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import type { Guild } from "../world/world.ts";

type Objects = Record<string, object>;

/** What Discord sends along for ids: people with their members, roles, channels; only kinds there are any of. */
export function resolve(
  { world }: Context,
  guild: Guild | undefined,
  ids: { users?: string[]; roles?: string[]; channels?: string[] },
  attachments: readonly APIAttachment[] = [],
): Record<string, Objects> | undefined {
  const found = {
    users: pick(ids.users, world.users),
    // A partial member: without `user`, `deaf` and `mute`, and only for those who are one.
    members: pick(ids.users, guild?.members, ({ user: _user, deaf: _deaf, mute: _mute, ...member }) => member),
    roles: pick(ids.roles, guild?.roles),
    channels: pick(ids.channels, guild?.channels),
    attachments: Object.fromEntries(attachments.map((one) => [one.id, one])),
  };
  const entries = Object.entries(found).filter(([, objects]) => Object.keys(objects).length > 0);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** The same for what was chosen in a menu. */
export function resolveIds(context: Context, guild: Guild | undefined, menu: ComponentType, ids: string[]) {
  switch (menu) {
    case ComponentType.UserSelect:
      return resolve(context, guild, { users: ids });
    case ComponentType.RoleSelect:
      return resolve(context, guild, { roles: ids });
    case ComponentType.MentionableSelect:
      return resolve(context, guild, { users: ids, roles: ids });
    case ComponentType.ChannelSelect:
      return resolve(context, guild, { channels: ids });
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
