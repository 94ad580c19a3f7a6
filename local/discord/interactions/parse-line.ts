import {
  type APIApplicationCommand,
  type APIApplicationCommandInteractionDataOption,
  type APIApplicationCommandOption,
  type APIApplicationCommandSubcommandOption,
  ApplicationCommandType,
  ApplicationCommandOptionType as Type,
} from "discord-api-types/v10";
import { LineError } from "./line-error.ts";
import { listOf, readValue, type Surroundings } from "./read-value.ts";
import { splitOptions } from "./split-options.ts";

export interface ParsedLine {
  command: APIApplicationCommand;
  options: APIApplicationCommandInteractionDataOption[];
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

/** A level of a command has either subcommands, whose name comes first, or options. */
function parseLevel(
  text: string,
  declared: readonly APIApplicationCommandOption[],
  path: string,
  where: Surroundings,
): APIApplicationCommandInteractionDataOption[] {
  const branches = declared.filter(({ type }) => type === Type.Subcommand || type === Type.SubcommandGroup);
  if (branches.length === 0) return parseOptions(text, declared, path, where);
  const word = text.slice(0, text.search(/\s|$/));
  const branch = branches.find(({ name }) => name === word);
  if (!branch) throw new LineError(`${path} needs a subcommand. It has: ${listOf(branches.map(({ name }) => name))}.`);
  const { options: inner = [] } = branch as APIApplicationCommandSubcommandOption;
  const options = parseLevel(text.slice(word.length).trimStart(), inner, `${path} ${word}`, where);
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
  const read = (text: string, one: APIApplicationCommandOption) => {
    const typed = one === option ? { value: text, focused: true } : { value: readValue(text, one, where) };
    return { name: one.name, type: one.type, ...typed } as APIApplicationCommandInteractionDataOption;
  };
  return [...given].flatMap(([name, text]) =>
    declared.filter((one) => one.name === name).map((one) => read(text, one)),
  );
}
