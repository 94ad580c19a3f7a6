import { ApplicationCommandOptionType as Type } from "discord-api-types/v10";
import { badLength, type FieldError, required } from "../errors.ts";
import {
  boolean,
  type Check,
  type Fields,
  integer,
  isFields,
  join,
  list,
  number,
  optional,
  set,
  text,
  wrong,
} from "../validate/checks.ts";
import { fileTypes } from "../validate/file-types.ts";
import { checkLocalized, checkName, checkText, given, sameNames } from "./command-names.ts";

/** Where options are declared: directly in a command, in a group, or in a subcommand. */
type Level = "command" | "group" | "subcommand";

const isBranch = ({ type }: Fields): boolean => type === Type.Subcommand || type === Type.SubcommandGroup;

/**
 * Checks the options of a command: their order, then each.
 * https://docs.discord.com/developers/interactions/application-commands
 */
export function checkOptions(options: unknown, path: string, level: Level = "command"): FieldError[] {
  if (!given(options)) return [];
  if (!Array.isArray(options)) return [wrong(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")];
  const known = options.map((option) => (isFields(option) ? option : {}));
  const branches = known.filter(isBranch).length;
  const firstOptional = known.findIndex((option) => !isBranch(option) && option["required"] !== true);
  const late = known.flatMap(({ required }, index) =>
    required === true && firstOptional !== -1 && index > firstOptional ? [index] : [],
  );
  return [
    ...(known.length > 25 ? [badLength(path, 0, 25)] : []),
    ...(branches > 0 && branches < known.length
      ? [wrongType(path, "Sub-command and sub-command group option types are mutually exclusive to all other types")]
      : []),
    ...(sameNames(known).length > 0
      ? [wrong(path, "APPLICATION_COMMAND_OPTIONS_NAME_NOT_UNIQUE", "Application command option names must be unique")]
      : []),
    ...late.map((index) =>
      wrong(
        join(path, index),
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        "Required options must be placed before non-required options",
      ),
    ),
    ...known.flatMap((option, index) => checkOption(option, join(path, index), level)),
  ];
}

// --- Internal helpers ---

const wrongType = (path: string, message: string) => wrong(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message);

function checkOption(option: Fields, path: string, level: Level): FieldError[] {
  const at = (name: string) => join(path, name);
  const { type } = option;
  const common = [
    ...checkName(option["name"], at("name")),
    ...checkText(option["description"], at("description"), 100),
    ...checkLocalized(option, "name_localizations", path, checkName),
    ...checkLocalized(option, "description_localizations", path, (text, at) => checkText(text, at, 100)),
    ...optional(boolean)(option["required"], at("required")),
  ];
  if (!given(type)) return [...common, required(at("type"))];
  if (!Number.isInteger(type) || Number(type) < 1 || Number(type) > 11)
    return [
      ...common,
      wrong(at("type"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}."),
    ];
  if (type === Type.SubcommandGroup) {
    if (level !== "command")
      return [...common, wrongType(at("type"), "A subcommand group must be directly in a command.")];
    return [...common, ...checkOptions(option["options"], at("options"), "group")];
  }
  if (type === Type.Subcommand) {
    if (level === "subcommand") return [...common, wrongType(at("type"), "A subcommand cannot be in a subcommand.")];
    return [...common, ...checkOptions(option["options"], at("options"), "subcommand")];
  }
  if (level === "group") return [...common, wrongType(at("type"), "A subcommand group can only contain subcommands.")];
  return [...common, ...checkFields(option, Number(type), at), ...checkChoices(option, Number(type), at)];
}

const length = (min: number) => integer(min, 6_000);
const texts: readonly number[] = [Type.String];
const numbers: readonly number[] = [Type.Integer, Type.Number];

/** Fields that only some types of options have. */
const special: Record<string, { types: readonly number[]; check: Check }> = {
  min_length: { types: texts, check: length(0) },
  max_length: { types: texts, check: length(1) },
  min_value: { types: numbers, check: number() },
  max_value: { types: numbers, check: number() },
  channel_types: { types: [Type.Channel], check: set(0, 20, integer(0, 20)) },
  file_types: { types: [Type.Attachment], check: fileTypes },
  autocomplete: { types: [...texts, ...numbers], check: boolean },
  choices: { types: [...texts, ...numbers], check: list(0, 25, () => []) },
};

function checkFields(option: Fields, type: number, at: (name: string) => string): FieldError[] {
  const errors = Object.entries(special).flatMap(([name, { types, check }]) => {
    if (!given(option[name]) || option[name] === false) return [];
    if (!types.includes(type))
      return [
        wrong(at(name), "APPLICATION_COMMAND_OPTIONS_FIELD_INVALID", `Options of this type cannot have "${name}".`),
      ];
    return type === Type.Integer && name.endsWith("_value")
      ? integer()(option[name], at(name))
      : check(option[name], at(name));
  });
  const crossed = ["length", "value"].filter((what) => Number(option[`min_${what}`]) > Number(option[`max_${what}`]));
  return [
    ...errors,
    ...crossed.map((what) => wrong(at(`max_${what}`), "NUMBER_TYPE_MIN", "The maximum is less than the minimum.")),
  ];
}

function checkChoices({ choices, autocomplete }: Fields, type: number, at: (name: string) => string): FieldError[] {
  if (!Array.isArray(choices) || choices.length === 0) return [];
  const known = choices.map((choice) => (isFields(choice) ? choice : {}));
  const names = known.map(({ name }) => name);
  return [
    ...(autocomplete === true
      ? [
          wrong(
            at("autocomplete"),
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID",
            "An option cannot have both choices and autocomplete.",
          ),
        ]
      : []),
    ...(new Set(names).size < names.length
      ? [wrong(at("choices"), "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", "Choice names must be unique")]
      : []),
    ...known.flatMap((choice, index) => checkChoice(choice, join(at("choices"), index), type)),
  ];
}

function checkChoice(choice: Fields, path: string, type: number): FieldError[] {
  const { value } = choice;
  const check = type === Type.Integer ? integer() : type === Type.Number ? number() : text(0, 100);
  const isFit = given(value) && check(value, "").length === 0;
  return [
    ...checkText(choice["name"], join(path, "name"), 100),
    ...checkLocalized(choice, "name_localizations", path, (text, at) => checkText(text, at, 100)),
    ...(isFit ? [] : [wrong(join(path, "value"), "UNION_TYPE_CHOICES", "The value does not fit the option's type.")]),
  ];
}
