import {
  type APIApplicationCommand,
  type APIApplicationCommandInteractionDataOption,
  type APIApplicationCommandOption,
  ApplicationCommandType,
  ApplicationCommandOptionType as Type,
} from "discord-api-types/v10";
import { isSnowflake } from "../snowflake.ts";
import type { Guild, World } from "../world/world.ts";

/** A line that is no command as it stands; the message says what would be. */
export class LineError extends Error {
  override readonly name = "LineError";
}

export interface ParsedLine {
  command: APIApplicationCommand;
  options: APIApplicationCommandInteractionDataOption[];
}

/** Where names such as `@ada` and `#general` are looked up. */
export interface Surroundings {
  world: World;
  guild: Guild | undefined;
}

/**
 * `/remind me in:10m about:a cup of tea` as the person's client would send it: checked against the registered commands, a
 * value reaching up to the next option's name. Quotes keep what is in them.
 */
export function parseLine(line: string, commands: readonly APIApplicationCommand[], where: Surroundings): ParsedLine {
  const [, name = "", rest = ""] = /^\/(\S+)\s*([^]*)$/.exec(line.trim()) ?? [];
  if (name === "") throw new LineError('A command begins with a slash: "/ping".');
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

/** A subcommand's or group's name comes first where the declaration has some; options where it has none. */
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
  if (!branch) throw new LineError(`${path} goes on with one of: ${listOf(branches.map(({ name }) => name))}.`);
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
  for (const { name, required } of declared) {
    if (required && !given.has(name))
      throw new LineError(`${path} needs the option "${name}", as in ${path} ${name}:…`);
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

function splitOptions(text: string, names: readonly string[], path: string): Map<string, string> {
  const given = new Map<string, string>();
  const pattern = new RegExp(`(?:^|\\s)(${names.map(RegExp.escape).join("|")}):`, "gu");
  const starts = names.length > 0 ? [...text.matchAll(pattern)] : [];
  const stray = text.slice(0, starts[0]?.index ?? text.length).trim();
  if (stray !== "") throw new LineError(`${path} has no option for "${stray}". It knows: ${listOf(names)}.`);
  for (const [index, start] of starts.entries()) {
    const value = text.slice(start.index + start[0].length, starts[index + 1]?.index ?? text.length).trim();
    given.set(start[1] ?? "", /^"([^]*)"$/.exec(value)?.[1] ?? value);
  }
  return given;
}

function readValue(text: string, option: APIApplicationCommandOption, where: Surroundings): string | number | boolean {
  const wrong = (what: string) => new LineError(`The option "${option.name}" takes ${what}, not "${text}".`);
  if ("choices" in option && option.choices && option.choices.length > 0) {
    const choice = option.choices.find(({ name, value }) => name === text || String(value) === text);
    if (!choice) throw wrong(`one of: ${listOf(option.choices.map(({ name }) => name))}`);
    return choice.value;
  }
  switch (option.type) {
    case Type.String:
      return text;
    case Type.Integer:
      if (!/^-?\d+$/.test(text)) throw wrong("a whole number");
      return Number(text);
    case Type.Number:
      if (text === "" || !Number.isFinite(Number(text))) throw wrong("a number");
      return Number(text);
    case Type.Boolean:
      if (!/^(true|false)$/i.test(text)) throw wrong("true or false");
      return text.toLowerCase() === "true";
    default: {
      const id = findEntity(text, option.type, where);
      if (id === undefined) throw wrong(entityNames[option.type] ?? "something else");
      return id;
    }
  }
}

const entityNames: Partial<Record<Type, string>> = {
  [Type.User]: "a person, as @name or an id",
  [Type.Channel]: "a channel, as #name or an id",
  [Type.Role]: "a role, as @name or an id",
  [Type.Mentionable]: "a person or role, as @name or an id",
  [Type.Attachment]: "a file, which a line cannot carry",
};

function findEntity(text: string, type: Type, { world, guild }: Surroundings): string | undefined {
  const id = /^<[@#][!&]?(\d+)>$/.exec(text)?.[1] ?? (isSnowflake(text) ? text : undefined);
  if (id !== undefined) return id;
  const name = text.replace(/^[@#]/, "").toLowerCase();
  const isNamed = (...names: (string | null | undefined)[]) => names.some((one) => one?.toLowerCase() === name);
  const users = () => [...world.users.values()].find((user) => isNamed(user.username, user.global_name))?.id;
  const roles = () => [...(guild?.roles.values() ?? [])].find((role) => isNamed(role.name))?.id;
  if (type === Type.User) return users();
  if (type === Type.Role) return roles();
  if (type === Type.Mentionable) return users() ?? roles();
  if (type === Type.Channel) return [...(guild?.channels.values() ?? [])].find((channel) => isNamed(channel.name))?.id;
  return undefined;
}
