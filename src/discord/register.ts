import { path } from "../platform/index.ts";
import type { CommandBody } from "./declare/command-body.ts";
import type { DiscordRest } from "./send/client.ts";
import { DiscordApiError } from "./send/errors.ts";

/** One step of a reconciliation. */
export type Change =
  | { action: "create"; command: CommandBody }
  | { action: "update"; id: string; command: CommandBody; differences: readonly Difference[] }
  | { action: "delete"; id: string; command: CommandBody };

/** A field whose declaration differs from the registered one. */
export interface Difference {
  /** `options.question.max_length` */
  path: string;
  before: unknown;
  after: unknown;
}

/** A command as Discord lists it. */
export type RegisteredCommand = CommandBody & { id: string };

/** Discord refused a command. The message names each field, and the reason. */
export class RegistrationError extends Error {
  override readonly name = "RegistrationError";
}

const entryPoint = 4;

/**
 * Returns the commands that Discord has: the global ones, or those of a server.
 * Cost: 1 request to Discord.
 */
export const listCommands = (rest: DiscordRest, guildId?: string): Promise<RegisteredCommand[]> =>
  rest.get(pathOf(rest, guildId), { query: { with_localizations: true } });

/**
 * Returns the changes after which Discord has the declared commands. Both sides are normalized first, so that defaults, what
 * Discord chooses for a field that is left out, and the order of unordered lists make no difference. The entry-point command
 * that Discord makes for activities stays, unless one is declared.
 */
export function compareCommands(
  declared: readonly CommandBody[],
  registered: readonly RegisteredCommand[],
  isGuild = false,
): Change[] {
  const keyOf = ({ type = 1, name }: Partial<CommandBody>) => `${type} ${name}`;
  const known = new Map(registered.map((command) => [keyOf(command), command]));
  const names = new Set(declared.map(keyOf));
  const changes = declared.flatMap((declaration): Change[] => {
    const command = isGuild ? forGuild(declaration) : declaration;
    const before = known.get(keyOf(command));
    if (!before) return [{ action: "create", command }];
    const differences = compare(normalize(withoutChosen(before, command, isGuild)), normalize(command));
    return differences.length === 0 ? [] : [{ action: "update", id: before.id, command, differences }];
  });
  const gone = registered.filter((command) => !names.has(keyOf(command)) && command.type !== entryPoint);
  return [...changes, ...gone.map((command): Change => ({ action: "delete", id: command.id, command }))];
}

/**
 * Applies one change. A creation is an upsert, so that an update keeps the command's id and permissions. Throws a
 * `RegistrationError` that names the fields when Discord refuses.
 * Cost: 1 request to Discord.
 */
export async function applyChange(rest: DiscordRest, change: Change, guildId?: string): Promise<void> {
  const commands = pathOf(rest, guildId);
  try {
    if (change.action === "delete") await rest.delete(`${commands}${path`/${change.id}`}`);
    else await rest.post(commands, { body: change.command, isRepeatable: true });
  } catch (cause) {
    if (!(cause instanceof DiscordApiError) || cause.status !== 400) throw cause;
    const fields = cause.fields.map(({ path, message }) => `\n  ${named(change.command, path)}: ${message}`).join("");
    throw new RegistrationError(`Discord refuses ${titleOf(change.command)}: ${cause.code}${fields}`, { cause });
  }
}

/** Returns a command's name for people: `/poll`, `"Quote" (message)`. */
export const titleOf = ({ type, name }: CommandBody): string =>
  type === 1 ? `/${name}` : `"${name}" (${{ 2: "user", 3: "message", 4: "entry point" }[type] ?? type})`;

// --- Internal helpers ---

const pathOf = ({ applicationId }: DiscordRest, guildId?: string): string =>
  guildId === undefined
    ? path`/applications/${applicationId}/commands`
    : path`/applications/${applicationId}/guilds/${guildId}/commands`;

/** Contexts and installation belong to global commands; Discord refuses them in a server's. */
function forGuild({ contexts: _contexts, integration_types: _types, ...command }: CommandBody): CommandBody {
  return command;
}

/** The `contexts` that Discord has been seen to list for a command that declares none. */
const chosenContexts = ["", "0,1", "0,1,2"];

/**
 * Returns a registered command without the fields that Discord chose. Where a global command leaves `integration_types`
 * out, the application's installation settings decide; where it leaves `contexts` out, Discord lists none, or its default.
 */
function withoutChosen(before: CommandBody, declared: CommandBody, isGuild: boolean): CommandBody {
  const { contexts, integration_types: types, ...rest } = before;
  if (isGuild) return rest;
  const isDeclared = (name: string) => declared[name] !== undefined && declared[name] !== null;
  const listed = Array.isArray(contexts) ? contexts.toSorted((a, b) => Number(a) - Number(b)).join() : "";
  return {
    ...rest,
    ...((isDeclared("contexts") || !chosenContexts.includes(listed)) && { contexts }),
    ...(isDeclared("integration_types") && { integration_types: types }),
  };
}

type Tree = { [key: string]: unknown };

/** The values that Discord fills in, or that mean the same as a field that is left out. */
const defaults: Tree = {
  description: "",
  nsfw: false,
  required: false,
  autocomplete: false,
  default_member_permissions: null,
  name_localizations: null,
  description_localizations: null,
  contexts: null,
  integration_types: [0],
  options: [],
  choices: [],
  channel_types: [],
  file_types: [],
};
/** Fields that only Discord sets, and older forms of others. */
const ignored = new Set([
  "id",
  "application_id",
  "guild_id",
  "version",
  "default_permission",
  "dm_permission",
  "name_localized",
  "description_localized",
]);
/** Lists whose order has no meaning. */
const unordered = new Set(["contexts", "integration_types", "channel_types", "file_types"]);

/** Returns a body without defaults and Discord's own fields. Options and choices keep their order, which people see. */
function normalize(value: Tree): Tree {
  const entries = Object.entries(value).flatMap(([key, field]): [string, unknown][] => {
    if (ignored.has(key) || field === undefined || field === null) return [];
    const plain = normalizeField(key, field);
    return isSame(plain, defaults[key]) ? [] : [[key, plain]];
  });
  return Object.fromEntries(entries);
}

function normalizeField(key: string, field: unknown): unknown {
  if (Array.isArray(field)) {
    // Discord keeps extensions in lower case.
    const items = field.map((item: unknown) =>
      isTree(item) ? normalize(item) : key === "file_types" ? String(item).toLowerCase() : item,
    );
    return unordered.has(key)
      ? items.toSorted((a, b) => Number(a) - Number(b) || String(a).localeCompare(String(b)))
      : items;
  }
  if (!isTree(field)) return field;
  return Object.keys(field).length === 0 ? null : field;
}

function compare(before: Tree, after: Tree, path = ""): Difference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const at = path === "" ? key : `${path}.${key}`;
    const [old, fresh] = [before[key], after[key]];
    if (isSame(old, fresh)) return [];
    if (isNamedList(old) && isNamedList(fresh)) return compareLists(old, fresh, at);
    if (isTree(old) && isTree(fresh)) return compare(old, fresh, at);
    return [{ path: at, before: old, after: fresh }];
  });
}

/** Compares options and choices by name. Only where all are equal is another order a difference. */
function compareLists(before: readonly Tree[], after: readonly Tree[], path: string): Difference[] {
  const find = (list: readonly Tree[], name: unknown) => list.find((one) => one["name"] === name);
  const names = [...new Set([...before, ...after].map((one) => one["name"]))];
  const inner = names.flatMap((name) => {
    const [old, fresh] = [find(before, name), find(after, name)];
    const at = `${path}.${String(name)}`;
    return old && fresh ? compare(old, fresh, at) : [{ path: at, before: old, after: fresh }];
  });
  if (inner.length > 0) return inner;
  const order = (list: readonly Tree[]) => list.map((one) => one["name"]).join(", ");
  return [{ path: `${path} (order)`, before: order(before), after: order(after) }];
}

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);
const isNamedList = (value: unknown): value is Tree[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => isTree(one) && "name" in one);

function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  }
  if (!isTree(one) || !isTree(other)) return one === other;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => isSame(one[key], other[key]));
}

/** Returns `options.0.choices.3.name` with the names for its numbers: `options.0 "colour".choices.3 "Red".name`. */
function named(command: CommandBody, path: string): string {
  let at: unknown = command;
  return path
    .split(".")
    .map((key) => {
      at = isTree(at) || Array.isArray(at) ? (at as Tree)[key] : undefined;
      return /^\d+$/.test(key) && isTree(at) && "name" in at ? `${key} "${String(at["name"])}"` : key;
    })
    .join(".");
}
