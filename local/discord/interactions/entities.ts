import { type ChannelType, ComponentType } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { isSnowflake } from "../snowflake.ts";
import type { Fields } from "../validate/checks.ts";
import type { Guild, World } from "../world/world.ts";
import { LineError } from "./line-error.ts";

/** Returns the IDs of the users, roles or channels chosen in a menu. Throws a `LineError` for an unknown one. */
export function findEntities(
  { world }: Context,
  guild: Guild | undefined,
  menu: Fields,
  chosen: readonly string[],
): string[] {
  const types = (menu["channel_types"] ?? []) as ChannelType[];
  return chosen.map((name) => {
    const kinds = kindsOf(Number(menu["type"]));
    const id = findEntity(name, kinds, world, guild);
    if (id === undefined) throw new LineError(`There is no ${kinds.join(" or ")} "${name}" to choose here.`);
    const channel = guild?.channels.get(id);
    if (types.length > 0 && channel && !types.includes(channel.type)) {
      throw new LineError(`#${String(channel.name)} has a channel type that cannot be chosen here.`);
    }
    return id;
  });
}

export type EntityKind = "user" | "role" | "channel";

/** Returns the ID behind `@name`, `#name`, `<@id>` or an ID, or `undefined` when no entity of these kinds has it. */
export function findEntity(
  text: string,
  kinds: readonly EntityKind[],
  world: World,
  guild: Guild | undefined,
): string | undefined {
  const id = /^<[@#][!&]?(\d+)>$/.exec(text)?.[1] ?? (isSnowflake(text) ? text : undefined);
  const name = text.replace(/^[@#]/, "").toLowerCase();
  const isMeant = (one: { id: string }, ...names: (string | null | undefined)[]) =>
    one.id === id || (id === undefined && names.some((known) => known?.toLowerCase() === name));
  for (const kind of kinds) {
    const found =
      kind === "user"
        ? [...world.users.values()].find((user) => isMeant(user, user.username, user.global_name))
        : [...((kind === "role" ? guild?.roles : guild?.channels)?.values() ?? [])].find((one) =>
            isMeant(one, one.name),
          );
    if (found) return found.id;
  }
  return undefined;
}

function kindsOf(menu: ComponentType): EntityKind[] {
  switch (menu) {
    case ComponentType.UserSelect:
      return ["user"];
    case ComponentType.RoleSelect:
      return ["role"];
    case ComponentType.ChannelSelect:
      return ["channel"];
    default:
      return ["user", "role"];
  }
}
