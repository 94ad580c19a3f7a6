import type { APIApplicationCommandOption } from "discord-api-types/v10";
import type { APIApplicationCommand, GivenOption } from "../../protocol.ts";

/** An option that takes a value: every kind but subcommands and their groups. */
export type ValueOption = Exclude<APIApplicationCommandOption, { type: 1 | 2 }>;

/** A command as a person picks it: `/remind me` is one, `/remind` alone is not. */
export interface Leaf {
  commandId: string;
  /** `remind me` */
  name: string;
  description: string;
  /** The names of the group and the subcommand, outermost first. */
  path: readonly string[];
  options: readonly ValueOption[];
  /** Whether it opens the application's activity. */
  isEntryPoint: boolean;
}

export const slash = 1;
export const entryPoint = 4;

/** Returns the commands that a person can pick. A command hides later ones of the same name. */
export function leavesOf(commands: readonly APIApplicationCommand[]): Leaf[] {
  const seen = new Set<string>();
  return commands.flatMap(leavesIn).filter(({ name }) => !seen.has(name) && seen.add(name));
}

/** Returns the options of an interaction with a command, inside its group and subcommand. */
export function toGiven({ path }: Leaf, values: readonly GivenOption[]): readonly GivenOption[] {
  return path.reduceRight<readonly GivenOption[]>(
    (options, name, index) => [{ name, type: index === path.length - 1 ? 1 : 2, options }],
    values,
  );
}

// --- Internal helpers ---

function leavesIn({ id, name, description, type, options = [] }: APIApplicationCommand): Leaf[] {
  const leaf = (path: readonly string[], about: string, own: readonly APIApplicationCommandOption[]): Leaf => ({
    commandId: id,
    name: [name, ...path].join(" "),
    description: about,
    path,
    options: own.filter((option): option is ValueOption => option.type > 2),
    isEntryPoint: type === entryPoint,
  });
  const below = options.flatMap((option) => {
    if (option.type === 1) return [leaf([option.name], option.description, option.options ?? [])];
    if (option.type !== 2) return [];
    return (option.options ?? []).map((one) => leaf([option.name, one.name], one.description, one.options ?? []));
  });
  return below.length > 0 ? below : [leaf([], description, options)];
}
