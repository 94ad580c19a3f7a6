import type { APIApplicationCommandInteractionDataOption } from "discord-api-types/v10";
import { optionType } from "../constants.ts";
import type { AnyOption } from "../declare/option.ts";
import { entityOf, mentionableOf, personOf, type Resolved } from "../entities.ts";
import { isUpTo } from "../text.ts";

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

/** Returns the path of the command that was called, such as `feed topic rename`, and the options at its end. */
export function descend(name: string, options: RawOption[]): { path: string; options: RawOption[] } {
  let path = name;
  let level = options;
  for (;;) {
    const branch = level[0];
    if (!branch || (branch.type !== optionType.subcommand && branch.type !== optionType.group)) break;
    path += ` ${branch.name}`;
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
      return typeof value === "string" && isTextWithin(option, value) ? value : undefined;
    case "integer":
    case "number":
      return typeof value === "number" && isNumberWithin(option, value) ? value : undefined;
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "user":
      return personOf(resolved, String(value));
    case "mentionable":
      return mentionableOf(resolved, String(value));
    case "role":
      return entityOf(resolved?.roles, value);
    case "channel":
      return entityOf(resolved?.channels, value);
    case "attachment":
      return entityOf(resolved?.attachments, value);
  }
}

// Discord's clients keep to the declaration, but the payload alone does not show that it comes from one.

type TextOption = Extract<AnyOption, { type: "string" }>;
type NumericOption = Extract<AnyOption, { type: "integer" | "number" }>;

function isTextWithin({ choices, min_length: min = 0, max_length: max = 6_000 }: TextOption, value: string): boolean {
  if (choices && !choices.some((choice) => choice.value === value)) return false;
  return value.length >= min && isUpTo(max, value);
}

function isNumberWithin({ type, choices, min_value: min, max_value: max }: NumericOption, value: number): boolean {
  if (type === "integer" && !Number.isSafeInteger(value)) return false;
  if (choices && !choices.some((choice) => choice.value === value)) return false;
  return value >= (min ?? value) && value <= (max ?? value);
}
