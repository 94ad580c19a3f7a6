import { badLength, type FieldError, required } from "../errors.ts";
import { type Fields, isFields, join, lengthOf, wrong } from "../validate/checks.ts";

/**
 * https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming
 */
const namePattern = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const locales = new Set(
  "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko".split(
    " ",
  ),
);

/** Returns whether a field has a value: `null` counts as none. */
export const given = (value: unknown): boolean => value !== undefined && value !== null;

/** Checks the name of a slash command or an option: one word in lower case. */
export function checkName(name: unknown, path: string): FieldError[] {
  const errors = checkText(name, path, 32);
  if (errors.length > 0 || typeof name !== "string") return errors;
  if (namePattern.test(name) && name === name.toLowerCase()) return [];
  return [wrong(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")];
}

export function checkText(text: unknown, path: string, max: number): FieldError[] {
  if (!given(text)) return [required(path)];
  if (typeof text !== "string") return [wrong(path, "STRING_TYPE_CONVERT", "Could not interpret the value as string.")];
  return lengthOf(text) >= 1 && lengthOf(text) <= max ? [] : [badLength(path, 1, max)];
}

/** Checks the translations of a field, each by the rules of the field itself. */
export function checkLocalized(
  command: Fields,
  field: string,
  path: string,
  check: (text: unknown, path: string) => FieldError[],
): FieldError[] {
  const map = command[field];
  const at = join(path, field);
  if (!given(map)) return [];
  if (!isFields(map)) return [wrong(at, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")];
  return Object.entries(map).flatMap(([locale, text]) => {
    if (!locales.has(locale)) return [wrong(join(at, locale), "BASE_TYPE_CHOICES", "Discord has no such locale.")];
    return given(text) ? check(text, join(at, locale)) : [];
  });
}

/** Returns the names that two options or choices share, as declared or in a language that shows both. */
export function sameNames(list: readonly Fields[]): string[] {
  const declared = list.map(({ name }) => String(name));
  const localized = list.flatMap(({ name, name_localizations: map }) =>
    Object.entries(isFields(map) ? map : {}).map(([locale, text]) => ({
      own: String(name),
      locale,
      text: String(text),
    })),
  );
  const clashes = localized.filter(
    ({ own, locale, text }, index) =>
      declared.some((name) => name === text && name !== own) ||
      localized.some((other, at) => at < index && other.locale === locale && other.text === text),
  );
  return [...declared.filter((name, index) => declared.indexOf(name) < index), ...clashes.map(({ text }) => text)];
}
