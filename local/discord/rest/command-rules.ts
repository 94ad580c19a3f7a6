import { ApplicationCommandType } from "discord-api-types/v10";
import { badChoice, type FieldError } from "../errors.ts";
import {
  boolean,
  type Fields,
  integer,
  isFields,
  join,
  oneOf,
  optional,
  set,
  textOf,
  wrong,
} from "../validate/checks.ts";
import { checkLocalized, checkName, checkText, given } from "./command-names.ts";
import { checkOptions } from "./option-rules.ts";

/** A command as a request declares it. */
export type Declaration = Fields;

const { ChatInput, User, Message, PrimaryEntryPoint } = ApplicationCommandType;
const maxCharacters = 8_000;

/** Returns what Discord refuses in the declaration of a command, by path; empty when it is valid. */
export function checkDeclaration(declaration: unknown, path = "", isGuild = false): FieldError[] {
  if (!isFields(declaration))
    return [wrong(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")];
  const type = Number(declaration["type"] ?? ChatInput);
  const types = [ChatInput, User, Message, PrimaryEntryPoint];
  if (!types.includes(type)) return [badChoice(join(path, "type"), types)];
  const total = sizeOf(declaration);
  return [
    ...(type === ChatInput ? checkSlash(declaration, path) : checkMenu(declaration, path, type)),
    ...checkShared(declaration, path, isGuild),
    ...(total > maxCharacters
      ? [wrong(path, "APPLICATION_COMMAND_TOO_LARGE", `Command exceeds maximum size (${maxCharacters})`)]
      : []),
  ];
}

// --- Internal helpers ---

const checkDescription = (text: unknown, path: string) => checkText(text, path, 100);
const checkTitle = (text: unknown, path: string) => checkText(text, path, 32);

const checkSlash = (body: Fields, path: string): FieldError[] => [
  ...checkName(body["name"], join(path, "name")),
  ...checkDescription(body["description"], join(path, "description")),
  ...checkLocalized(body, "name_localizations", path, checkName),
  ...checkLocalized(body, "description_localizations", path, checkDescription),
  ...checkOptions(body["options"], join(path, "options")),
];

/** Commands of context menus and the entry point: names in any case, no options, a description only for the latter. */
function checkMenu(body: Fields, path: string, type: number): FieldError[] {
  const isFilled = (value: unknown) => (value as { length?: number } | null | undefined)?.length;
  const extra = (type === PrimaryEntryPoint ? ["options"] : ["description", "options"]).filter((name) =>
    isFilled(body[name]),
  );
  return [
    ...checkTitle(body["name"], join(path, "name")),
    ...checkLocalized(body, "name_localizations", path, checkTitle),
    ...(type === PrimaryEntryPoint && isFilled(body["description"])
      ? checkDescription(body["description"], join(path, "description"))
      : []),
    ...extra.map((name) =>
      wrong(
        join(path, name),
        "APPLICATION_COMMAND_CONTEXT_MENU_FIELD_INVALID",
        "Context menu commands cannot have this field.",
      ),
    ),
    ...(type === PrimaryEntryPoint ? optional(oneOf(1, 2))(body["handler"], join(path, "handler")) : []),
  ];
}

function checkShared(body: Fields, path: string, isGuild: boolean): FieldError[] {
  const at = (name: string) => join(path, name);
  const bits = body["default_member_permissions"];
  const isBits = !given(bits) || (typeof bits === "string" && /^\d+$/.test(bits));
  const global = ["contexts", "integration_types"].filter((name) => isGuild && given(body[name]));
  return [
    ...(isBits ? [] : [wrong(at("default_member_permissions"), "NUMBER_TYPE_COERCE", "Value is not int.")]),
    ...optional(boolean)(body["nsfw"], at("nsfw")),
    ...optional(set(1, 3, oneOf(0, 1, 2)))(body["contexts"], at("contexts")),
    ...optional(set(1, 2, oneOf(0, 1)))(body["integration_types"], at("integration_types")),
    ...optional(integer(1))(body["type"], at("type")),
    ...global.map((name) =>
      wrong(at(name), "APPLICATION_COMMAND_GUILD_COMMAND_INVALID_FIELD", "Only global commands can set this field."),
    ),
    ...(isGuild && body["type"] === PrimaryEntryPoint
      ? [wrong(at("type"), "APPLICATION_COMMAND_INVALID_TYPE", "Entry point commands are global.")]
      : []),
  ];
}

/** Counts the characters of names, descriptions and string values; of a text and its translations, the longest. */
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
