import type { APIApplicationCommandInteractionDataOption } from "discord-api-types/v10";
import { optionType } from "../constants.ts";
import type { AnyOption } from "../declare/option.ts";
import { mentionableOf, personOf, type Resolved } from "../entities.ts";

/** An option in Discord's payload, which has only those that the person chose. */
export interface RawOption {
  name: string;
  type: number;
  value?: string | number | boolean;
  options?: RawOption[];
  focused?: boolean;
}

export const rawOptions = (options: APIApplicationCommandInteractionDataOption[] | undefined): RawOption[] =>
  options ?? [];

/** Returns the path of the subcommand that was called, and the options at its end. */
export function descend(options: RawOption[]): { path: string[]; options: RawOption[] } {
  const path: string[] = [];
  let level = options;
  for (;;) {
    const branch = level[0];
    if (!branch || (branch.type !== optionType.subcommand && branch.type !== optionType.group)) break;
    path.push(branch.name);
    level = branch.options ?? [];
  }
  return { path, options: level };
}

/** Returns the declared options' values; undefined when they do not fit the declaration: Discord may know an older one. */
export function readOptions(
  declared: readonly AnyOption[],
  given: readonly RawOption[],
  resolved: Resolved | undefined,
): Record<string, unknown> | undefined {
  const values: Record<string, unknown> = {};
  for (const option of declared) {
    const raw = given.find(({ name }) => name === option.name);
    const value = raw?.value === undefined ? undefined : readValue(option, raw, resolved);
    if (value === undefined && (raw !== undefined || option.required)) return undefined;
    values[option.name] = value;
  }
  return values;
}

function readValue(option: AnyOption, { type, value }: RawOption, resolved: Resolved | undefined): unknown {
  if (type !== optionType[option.type]) return undefined;
  switch (option.type) {
    case "string":
      return typeof value === "string" ? value : undefined;
    case "integer":
    case "number":
      return typeof value === "number" ? value : undefined;
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "user":
      return personOf(resolved, String(value));
    case "mentionable":
      return mentionableOf(resolved, String(value));
    case "role":
      return resolved?.roles?.[String(value)];
    case "channel":
      return resolved?.channels?.[String(value)];
    case "attachment":
      return resolved?.attachments?.[String(value)];
  }
}
