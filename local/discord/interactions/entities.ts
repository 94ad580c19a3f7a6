import { type ChannelType, ComponentType } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { isSnowflake } from "../snowflake.ts";
import type { Fields } from "../validate/checks.ts";
import type { Guild, World } from "../world/world.ts";
import { LineError } from "./line-error.ts";

/** The ids of people, roles or channels that a person picks in a menu, by name or id. */
export function findEntities(
  { world }: Context,
  guild: Guild | undefined,
  menu: Fields,
  chosen: readonly string[],
): string[] {
  const types = (menu["channel_types"] ?? []) as ChannelType[];
  return chosen.map((name) => {
    const id = findEntity(name, kindsOf(Number(menu["type"])), world, guild);
    if (id === undefined) throw new LineError(`There is no "${name}" to choose here.`);
    const channel = guild?.channels.get(id);
    if (types.length > 0 && channel && !types.includes(channel.type)) {
      throw new LineError(`#${String(channel.name)} is not of a type that can be chosen here.`);
    }
    return id;
  });
}

export type EntityKind = "user" | "role" | "channel";

/** `@name`, `#name`, `<@id>` or an id, of one of these kinds. */
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
