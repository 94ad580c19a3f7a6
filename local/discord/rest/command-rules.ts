import { badLength, type FieldError, required } from "../errors.ts";
import { type Fields, isFields, join, lengthOf, textOf, wrong } from "../validate/checks.ts";

/** A declaration as it comes: anything. */
export type Declaration = Fields;

/** https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming */
const namePattern = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const locales = new Set(
  "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko".split(
    " ",
  ),
);
const slash = 1;
const entryPoint = 4;
const subcommand = 1;
const group = 2;
const string = 3;
const numbers = new Set<unknown>([4, 10]);
const maxCharacters = 8_000;

/** What Discord finds wrong with a command's declaration, each with its path. */
export function checkDeclaration(declaration: unknown, path = "", isGuild = false): FieldError[] {
  if (!isFields(declaration))
    return [wrong(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")];
  const at = (name: string) => join(path, name);
  const type = declaration["type"] ?? slash;
  if (![1, 2, 3, 4].includes(type as number))
    return [wrong(at("type"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4}.")];
  const global = ["contexts", "integration_types"].filter((name) => isGuild && given(declaration[name]));
  const shared = [
    ...checkLocalizations(declaration, path, type === slash),
    ...global.map((name) =>
      wrong(at(name), "APPLICATION_COMMAND_GUILD_COMMAND_INVALID_FIELD", "Only global commands can set this field."),
    ),
    ...(isGuild && type === entryPoint
      ? [wrong(at("type"), "APPLICATION_COMMAND_INVALID_TYPE", "Entry point commands are global.")]
      : []),
    ...checkPermissions(declaration["default_member_permissions"], at("default_member_permissions")),
  ];
  if (type === slash || type === entryPoint) {
    const total = sizeOf(declaration);
    return [
      ...(type === slash ? checkName(declaration["name"], at("name")) : checkText(declaration["name"], at("name"), 32)),
      ...(type === slash ? checkText(declaration["description"], at("description"), 100) : []),
      ...checkOptions(declaration["options"], at("options"), 0),
      ...shared,
      ...(total > maxCharacters
        ? [wrong(path, "APPLICATION_COMMAND_TOO_LARGE", `Command exceeds maximum size (${maxCharacters})`)]
        : []),
    ];
  }
  const extra = ["description", "options"].filter(
    (name) => (declaration[name] as { length?: number } | undefined)?.length,
  );
  return [
    ...checkText(declaration["name"], at("name"), 32),
    ...extra.map((name) =>
      wrong(
        at(name),
        "APPLICATION_COMMAND_CONTEXT_MENU_FIELD_INVALID",
        "Context menu commands cannot have this field.",
      ),
    ),
    ...shared,
  ];
}

// --- Internal helpers ---

const given = (value: unknown): boolean => value !== undefined && value !== null;

/** `depth`: 0 in the command, 1 in a group or subcommand, 2 in a group's subcommand. */
function checkOptions(options: unknown, path: string, depth: number): FieldError[] {
  if (!given(options)) return [];
  if (!Array.isArray(options)) return [wrong(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")];
  const list = options.map((option) => (isFields(option) ? option : {}));
  const branches = list.filter(isBranch).length;
  const firstOptional = list.findIndex((option) => !isBranch(option) && option["required"] !== true);
  return [
    ...(list.length > 25 ? [badLength(path, 0, 25)] : []),
    ...(branches > 0 && branches < list.length
      ? [
          wrong(
            path,
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-command and sub-command group option types are mutually exclusive to all other types",
          ),
        ]
      : []),
    ...(new Set(list.map(({ name }) => name)).size < list.length
      ? [wrong(path, "APPLICATION_COMMAND_OPTIONS_NAME_NOT_UNIQUE", "Application command option names must be unique")]
      : []),
    ...list.flatMap((option, index) =>
      option["required"] === true && firstOptional !== -1 && index > firstOptional
        ? [
            wrong(
              join(path, index),
              "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
              "Required options must be placed before non-required options",
            ),
          ]
        : [],
    ),
    ...list.flatMap((option, index) => checkOption(option, join(path, index), depth)),
  ];
}

function checkOption(option: Fields, path: string, depth: number): FieldError[] {
  const at = (name: string) => join(path, name);
  const { type } = option;
  const common = [
    ...checkName(option["name"], at("name")),
    ...checkText(option["description"], at("description"), 100),
    ...checkLocalizations(option, path, true),
  ];
  if (typeof type !== "number" || type < 1 || type > 11) return [...common, required(at("type"))];
  if (type === group && depth > 0)
    return [...common, wrong(at("type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "A group cannot be in a group.")];
  if (type === subcommand && depth > 1)
    return [
      ...common,
      wrong(at("type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "A subcommand cannot be in a subcommand."),
    ];
  if (isBranch(option)) return [...common, ...checkOptions(option["options"], at("options"), type === group ? 1 : 2)];
  const choices = Array.isArray(option["choices"]) ? (option["choices"] as Fields[]) : [];
  const forNumbers = ["min_value", "max_value"].filter((name) => given(option[name]) && !numbers.has(type));
  const forStrings = ["min_length", "max_length"].filter((name) => given(option[name]) && type !== string);
  return [
    ...common,
    ...(choices.length > 25 ? [badLength(at("choices"), 0, 25)] : []),
    ...(choices.length > 0 && option["autocomplete"] === true
      ? [
          wrong(
            at("autocomplete"),
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID",
            "Choices and autocomplete exclude each other.",
          ),
        ]
      : []),
    ...[...forNumbers, ...forStrings].map((name) =>
      wrong(at(name), "APPLICATION_COMMAND_OPTIONS_FIELD_INVALID", `${name} is for other types.`),
    ),
    ...choices.flatMap((choice, index) => checkChoice(choice, join(at("choices"), index), type)),
  ];
}

function checkChoice({ name, value }: Fields, path: string, type: number): FieldError[] {
  const isFit = type === string ? typeof value === "string" && lengthOf(value) <= 100 : typeof value === "number";
  return [
    ...checkText(name, join(path, "name"), 100),
    ...(isFit ? [] : [wrong(join(path, "value"), "UNION_TYPE_CHOICES", "The value does not fit the option's type.")]),
  ];
}

function checkName(name: unknown, path: string): FieldError[] {
  const errors = checkText(name, path, 32);
  if (errors.length > 0 || typeof name !== "string") return errors;
  if (namePattern.test(name) && name === name.toLowerCase()) return [];
  return [wrong(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")];
}

function checkText(text: unknown, path: string, max: number): FieldError[] {
  if (typeof text !== "string") return [required(path)];
  return lengthOf(text) >= 1 && lengthOf(text) <= max ? [] : [badLength(path, 1, max)];
}

function checkLocalizations(body: Fields, path: string, isName: boolean): FieldError[] {
  return ["name_localizations", "description_localizations"].flatMap((field) => {
    if (!isFields(body[field])) return [];
    return Object.entries(body[field]).flatMap(([locale, text]) => {
      const at = join(join(path, field), locale);
      if (!locales.has(locale)) return [wrong(at, "BASE_TYPE_CHOICES", "This is no locale of Discord's.")];
      if (!given(text)) return [];
      return field === "name_localizations" && isName
        ? checkName(text, at)
        : checkText(text, at, field === "name_localizations" ? 32 : 100);
    });
  });
}

const checkPermissions = (bits: unknown, path: string): FieldError[] =>
  !given(bits) || (typeof bits === "string" && /^\d+$/.test(bits))
    ? []
    : [wrong(path, "NUMBER_TYPE_COERCE", "Value is not int.")];

const isBranch = ({ type }: Fields): boolean => type === subcommand || type === group;

/** Names, descriptions and string values; of localizations the longest counts. */
function sizeOf(body: Fields): number {
  const longest = (text: unknown, localized: unknown) =>
    Math.max(
      textOf(text).length,
      ...Object.values(isFields(localized) ? localized : {}).map((one) => textOf(one).length),
    );
  const inner = (name: string) => (Array.isArray(body[name]) ? (body[name] as Fields[]).filter(isFields) : []);
  return (
    longest(body["name"], body["name_localizations"]) +
    longest(body["description"], body["description_localizations"]) +
    textOf(body["value"]).length +
    [...inner("choices"), ...inner("options")].reduce((sum, one) => sum + sizeOf(one), 0)
  );
}
