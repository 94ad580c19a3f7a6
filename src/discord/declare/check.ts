import { commandType, optionType } from "../constants.ts";
import type { CommandBody, OptionBody } from "./command-body.ts";
import { DeclarationError } from "./errors.ts";

/** https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming */
const namePattern = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
/** Most names match this. To compile the pattern above takes a millisecond of a new isolate's first answer. */
const plainName = /^[-_a-z0-9]{1,32}$/;
const maxTotal = 8_000;
/** The most commands of each type in a scope. */
const maxOfType: Record<number, number> = { 1: 100, 2: 15, 3: 15, 4: 1 };

/** Throws a `DeclarationError` that names every field of a command that Discord would refuse. */
export function checkCommands(bodies: readonly CommandBody[]): void {
  const problems = bodies.flatMap((body) => [...checkCommand(body)]);
  const types = Map.groupBy(bodies, ({ type }) => type);
  for (const [type, ofType] of types) {
    const max = maxOfType[type] ?? 0;
    if (ofType.length > max)
      problems.push(`There are ${ofType.length} commands of type ${type}; Discord takes ${max}.`);
    const names = ofType.map(({ name }) => name);
    for (const name of duplicates(names)) problems.push(`Two commands are called "${name}".`);
  }
  if (problems.length > 0) throw new DeclarationError(problems.join("\n"));
}

function* checkCommand(body: CommandBody): Generator<string> {
  const isSlash = body.type === commandType.chatInput;
  const at = isSlash ? `/${body.name}` : `"${body.name}"`;
  if (isSlash || body.type === commandType.entryPoint) {
    if (isSlash) yield* checkName(at, body.name);
    yield* checkLength(at, "description", body.description ?? "", 1, 100);
  } else yield* checkLength(at, "name", body.name, 1, 32);
  yield* checkLocalized(at, body, isSlash);
  yield* checkOptions(at, body.options ?? []);
  const total = sizeOf(body);
  if (total > maxTotal)
    yield `${at} has ${total} characters of names, descriptions and choices; Discord takes ${maxTotal}.`;
}

function* checkOptions(at: string, options: readonly OptionBody[]): Generator<string> {
  if (options.length > 25) yield `${at} has ${options.length} options; Discord takes 25.`;
  for (const name of duplicates(options.map(({ name }) => name))) yield `${at} has two options called "${name}".`;
  const isRequired = (option: OptionBody | undefined) => option?.["required"] === true;
  const late = options.find((option, index) => index > 0 && isRequired(option) && !isRequired(options[index - 1]));
  if (late) yield `${at}: the required option "${late.name}" comes after one that is not required.`;
  for (const option of options) yield* checkOption(`${at} ${option.name}`, option);
}

function* checkOption(at: string, option: OptionBody): Generator<string> {
  yield* checkName(at, option.name);
  yield* checkLength(at, "description", option.description, 1, 100);
  yield* checkLocalized(at, option, true);
  if (isBranch(option)) {
    if (option.type === optionType.group && !option.options?.length) yield `${at} is a group without subcommands.`;
    yield* checkOptions(at, option.options ?? []);
    return;
  }
  const choices = (option["choices"] ?? []) as { name: string; value: string | number }[];
  if (choices.length > 25) yield `${at} has ${choices.length} choices; Discord takes 25.`;
  if (choices.length > 0 && option["autocomplete"] === true)
    yield `${at} has choices and autocomplete; Discord takes one.`;
  for (const { name, value } of choices) {
    yield* checkLength(at, `choice "${name}"`, name, 1, 100);
    if (typeof value === "string") yield* checkLength(at, `value of "${name}"`, value, 0, 100);
  }
  yield* checkRange(at, option, "length", 0, 6_000);
  yield* checkRange(at, option, "value", Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  for (const [field, types] of Object.entries(fieldTypes)) {
    if (option[field] !== undefined && !types.includes(option.type))
      yield `${at}: ${field} is for other types of option.`;
  }
}

function* checkRange(at: string, option: OptionBody, what: string, least: number, most: number): Generator<string> {
  const [min, max] = [option[`min_${what}`], option[`max_${what}`]] as (number | undefined)[];
  for (const value of [min, max]) {
    if (value !== undefined && (value < least || value > most))
      yield `${at}: ${what} must be from ${least} to ${most}.`;
  }
  if (min !== undefined && max !== undefined && min > max) yield `${at}: min_${what} is above max_${what}.`;
}

function* checkName(at: string, name: string): Generator<string> {
  if (plainName.test(name) || (namePattern.test(name) && name === name.toLowerCase())) return;
  yield `${at}: the name "${name}" must be 1 to 32 lower-case letters, digits, - or _.`;
}

function* checkLocalized(at: string, body: OptionBody | CommandBody, isNamePattern: boolean): Generator<string> {
  for (const [locale, name] of Object.entries((body["name_localizations"] ?? {}) as Record<string, string>)) {
    yield* isNamePattern ? checkName(`${at} (${locale})`, name) : checkLength(at, `name (${locale})`, name, 1, 32);
  }
  for (const [locale, text] of Object.entries((body["description_localizations"] ?? {}) as Record<string, string>)) {
    yield* checkLength(at, `description (${locale})`, text, 1, 100);
  }
}

function* checkLength(at: string, what: string, text: string, min: number, max: number): Generator<string> {
  const { length } = Array.from(text);
  if (length < min || length > max)
    yield `${at}: the ${what} has ${length} characters; Discord takes ${min} to ${max}.`;
}

const { string, integer, number, channel, attachment } = optionType;
/** The types of options that take each field. TypeScript misses a stray field where types are inferred. */
const fieldTypes: Record<string, number[]> = {
  choices: [string, integer, number],
  autocomplete: [string, integer, number],
  min_length: [string],
  max_length: [string],
  min_value: [integer, number],
  max_value: [integer, number],
  channel_types: [channel],
  file_types: [attachment],
};

const isBranch = ({ type }: OptionBody): boolean => type === optionType.subcommand || type === optionType.group;

const duplicates = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];

/** Counts as Discord does: names, descriptions and string values, and the longest of their localizations. */
function sizeOf(body: OptionBody | CommandBody): number {
  const longest = (text: string, localized: unknown) =>
    Math.max(text.length, ...Object.values((localized ?? {}) as Record<string, string>).map((one) => one.length));
  const choices = (body["choices"] ?? []) as { name: string; value: unknown; name_localizations?: unknown }[];
  return (
    longest(body.name, body["name_localizations"]) +
    longest(body.description ?? "", body["description_localizations"]) +
    choices.reduce((sum, { name, value, name_localizations }) => {
      return sum + longest(name, name_localizations) + (typeof value === "string" ? value.length : 0);
    }, 0) +
    (body.options ?? []).reduce((sum, option) => sum + sizeOf(option), 0)
  );
}
