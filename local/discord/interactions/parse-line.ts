import {
  type APIApplicationCommand,
  type APIApplicationCommandInteractionDataOption,
  type APIApplicationCommandOption,
  type APIAttachment,
  ApplicationCommandType,
  ApplicationCommandOptionType as Type,
} from "discord-api-types/v10";
import { isSnowflake } from "../snowflake.ts";
import type { Guild, World } from "../world/world.ts";
import { type EntityKind, findEntity } from "./entities.ts";
import { LineError } from "./line-error.ts";
import { checkType } from "./picked-files.ts";
import { splitOptions } from "./split-options.ts";

export interface ParsedLine {
  command: APIApplicationCommand;
  options: APIApplicationCommandInteractionDataOption[];
}

/** Where names such as `@ada` and `#general` are looked up, and how the line is read. */
export interface Surroundings {
  world: World;
  guild: Guild | undefined;
  /** The files for options of type attachment, by option. */
  attachments?: Readonly<Record<string, APIAttachment>>;
  /** The line is still being typed: required options may be missing, and the last option has the cursor. */
  isTyping?: boolean;
}

/**
 * Returns the command and the options of a line such as `/remind me in:10m about:a cup of tea`. A value reaches up to
 * the next option's name; quotes keep such a name in a value. Throws a `LineError` for a line that no registered
 * command accepts.
 */
export function parseLine(line: string, commands: readonly APIApplicationCommand[], where: Surroundings): ParsedLine {
  const [, name = "", rest = ""] = /^\/(\S+)\s*([^]*)$/.exec(line.trim()) ?? [];
  if (name === "") throw new LineError('A command begins with a slash, such as "/ping".');
  const slashCommands = commands.filter(({ type }) => type === ApplicationCommandType.ChatInput);
  const command = slashCommands.find((one) => one.name === name);
  if (!command)
    throw new LineError(
      `There is no command /${name}. Registered: ${listOf(slashCommands.map((one) => `/${one.name}`))}.`,
    );
  return { command, options: parseLevel(rest, command.options ?? [], `/${name}`, where) };
}

// --- Internal helpers ---

const listOf = (names: readonly string[]): string => (names.length > 0 ? names.join(", ") : "none");

/** A level of a command has either subcommands, whose name comes first, or options. */
function parseLevel(
  text: string,
  declared: readonly APIApplicationCommandOption[],
  path: string,
  where: Surroundings,
): APIApplicationCommandInteractionDataOption[] {
  const branches = declared.filter(({ type }) => type === Type.Subcommand || type === Type.SubcommandGroup);
  if (branches.length === 0) return parseOptions(text, declared, path, where);
  const [, word = "", rest = ""] = /^(\S*)\s*([^]*)$/.exec(text) ?? [];
  const branch = branches.find(({ name }) => name === word);
  if (!branch) throw new LineError(`${path} needs a subcommand. It has: ${listOf(branches.map(({ name }) => name))}.`);
  const inner = "options" in branch ? (branch.options ?? []) : [];
  const options = parseLevel(rest, inner, `${path} ${word}`, where);
  return [{ name: branch.name, type: branch.type, options } as APIApplicationCommandInteractionDataOption];
}

function parseOptions(
  text: string,
  declared: readonly APIApplicationCommandOption[],
  path: string,
  where: Surroundings,
): APIApplicationCommandInteractionDataOption[] {
  const names = declared.map(({ name }) => name);
  const given = splitOptions(text, names, path);
  if (where.isTyping) return typing(given, declared, path, where);
  for (const [name, { id }] of Object.entries(where.attachments ?? {})) {
    if (!declared.some((option) => option.name === name && option.type === Type.Attachment)) {
      throw new LineError(`${path} has no option "${name}" that takes a file.`);
    }
    given.set(name, id);
  }
  for (const { name, required } of declared) {
    if (required && !given.has(name))
      throw new LineError(`${path} needs the option "${name}", as in: ${path} ${name}:…`);
  }
  return declared.flatMap((option) => {
    const value = given.get(option.name);
    if (value === undefined) return [];
    return [
      {
        name: option.name,
        type: option.type,
        value: readValue(value, option, where),
      } as APIApplicationCommandInteractionDataOption,
    ];
  });
}

/** Options before the cursor have their types; the option at the cursor is text as it was typed, whatever its type. */
function typing(
  given: ReadonlyMap<string, string>,
  declared: readonly APIApplicationCommandOption[],
  path: string,
  where: Surroundings,
): APIApplicationCommandInteractionDataOption[] {
  const cursor = [...given.keys()].at(-1);
  const option = declared.find(({ name }) => name === cursor);
  if (!option || !("autocomplete" in option) || !option.autocomplete) {
    throw new LineError(
      cursor === undefined
        ? `The line ends without an option to complete, as in: ${path} name:text`
        : `The option "${cursor}" of ${path} has no autocomplete.`,
    );
  }
  return [...given].map(([name, text]) => {
    const one = declared.find((other) => other.name === name) ?? option;
    const typed = name === cursor ? { value: text, focused: true } : { value: readValue(text, one, where) };
    return { name, type: one.type, ...typed } as APIApplicationCommandInteractionDataOption;
  });
}

function readValue(text: string, option: APIApplicationCommandOption, where: Surroundings): string | number | boolean {
  const wrong = (what: string) => new LineError(`The option "${option.name}" takes ${what}, not "${text}".`);
  if ("choices" in option && option.choices && option.choices.length > 0) {
    const choice = option.choices.find(({ name, value }) => name === text || String(value) === text);
    if (!choice) throw wrong(`one of: ${listOf(option.choices.map(({ name }) => name))}`);
    return choice.value;
  }
  switch (option.type) {
    case Type.String: {
      const { min_length: min = 0, max_length: max = 6_000 } =
        "min_length" in option || "max_length" in option ? option : {};
      const { length } = Array.from(text);
      if (length < min || length > max) throw wrong(`${min} to ${max} characters`);
      return text;
    }
    case Type.Integer:
    case Type.Number: {
      const isInteger = option.type === Type.Integer;
      if (isInteger && !/^-?\d+$/.test(text)) throw wrong("a whole number");
      if (text === "" || !Number.isFinite(Number(text))) throw wrong("a number");
      if (Math.abs(Number(text)) > Number.MAX_SAFE_INTEGER) throw wrong("a number within ±2^53");
      const { min_value: min, max_value: max } = option as { min_value?: number; max_value?: number };
      if (min !== undefined && Number(text) < min) throw wrong(`${min} or more`);
      if (max !== undefined && Number(text) > max) throw wrong(`${max} or less`);
      return Number(text);
    }
    case Type.Boolean:
      if (!/^(true|false)$/i.test(text)) throw wrong("true or false");
      return text.toLowerCase() === "true";
    case Type.Attachment: {
      const file = where.attachments?.[option.name];
      if (!file) throw wrong("a file, not text");
      checkType(file.filename, (option as { file_types?: string[] }).file_types);
      return text;
    }
    default: {
      const id = findEntity(text, entityKinds[option.type] ?? [], where.world, where.guild);
      if (id === undefined && isSnowflake(text)) throw wrong("an existing ID");
      if (id === undefined) throw wrong(entityNames[option.type] ?? "another value");
      const channel = where.guild?.channels.get(id);
      const types = ("channel_types" in option && option.channel_types) || [];
      if (channel && types.length > 0 && !types.some((type) => type === channel.type))
        throw wrong("another type of channel");
      return id;
    }
  }
}

const entityKinds: Partial<Record<Type, EntityKind[]>> = {
  [Type.User]: ["user"],
  [Type.Channel]: ["channel"],
  [Type.Role]: ["role"],
  [Type.Mentionable]: ["user", "role"],
};
const entityNames: Partial<Record<Type, string>> = {
  [Type.User]: "a user, as @name or an ID",
  [Type.Channel]: "a channel, as #name or an ID",
  [Type.Role]: "a role, as @name or an ID",
  [Type.Mentionable]: "a user or role, as @name or an ID",
};
