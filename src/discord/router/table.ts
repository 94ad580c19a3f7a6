import type { APIApplicationCommandInteraction } from "discord-api-types/v10";
import { commandType, interactionType } from "../constants.ts";
import { type CustomId, createCustomIdIndex } from "../custom-id.ts";
import type { Callable, Command } from "../declare/command.ts";
import type { Component } from "../declare/component.ts";
import { DeclarationError } from "../declare/errors.ts";
import type { Modal } from "../declare/modal.ts";
import type { Option } from "../declare/option.ts";
import type { RawInteraction } from "../interaction/base.ts";
import { descend, type RawOption, rawOptions } from "../interaction/read-options.ts";
import {
  componentEntry,
  type Entry,
  entryPointEntry,
  type Found,
  messageEntry,
  modalEntry,
  slashEntry,
  userEntry,
} from "./entry.ts";

/** A command, component or modal that a kit declared. */
export type Declared<Services> = Command<Services> | Component<Services> | Modal<Services>;

/** A command while it is typed. */
export interface Typed<Services> {
  entry: Entry<Services>;
  declared: readonly Option<Services>[];
  given: readonly RawOption[];
}

export interface Table<Services> {
  readonly entries: readonly Entry<Services>[];
  /** Returns the handler of an interaction, in a number of look-ups that does not grow with the table. */
  find(raw: RawInteraction): { entry: Entry<Services>; found: Found } | undefined;
  /** Returns the command that is being typed, its declared options, and the values typed so far. */
  findTyped(raw: RawInteraction): Typed<Services> | undefined;
}

/** Indexes handlers. Throws a `DeclarationError` where two would answer the same. */
export function createTable<Services>(handlers: readonly Declared<Services>[]): Table<Services> {
  const byPath = new Map<string, { entry: Entry<Services>; callable?: Callable<Services> }>();
  const byComponent = createCustomIdIndex<Entry<Services>>();
  const byModal = createCustomIdIndex<Entry<Services>>();
  const entries: Entry<Services>[] = [];

  function add(type: number, path: string, entry: Entry<Services>, callable?: Callable<Services>): void {
    const key = `${type} ${path}`;
    if (byPath.has(key)) throw new DeclarationError(`Two commands are called "${path}".`);
    entries.push(entry);
    byPath.set(key, callable ? { entry, callable } : { entry });
  }
  function addId(index: typeof byModal, id: CustomId, entry: Entry<Services>): void {
    if (!index.add(id, entry))
      throw new DeclarationError(`Two custom_id patterns match the same ids: "${id.pattern}".`);
    entries.push(entry);
  }
  for (const handler of handlers) {
    if (handler.kind === "component") addId(byComponent, handler.customId, componentEntry(handler));
    else if (handler.kind === "modal") addId(byModal, handler.customId, modalEntry(handler));
    else if (handler.kind === "user") add(commandType.user, handler.name, userEntry(handler));
    else if (handler.kind === "message") add(commandType.message, handler.name, messageEntry(handler));
    else if (handler.kind === "entry-point") add(commandType.entryPoint, handler.name, entryPointEntry(handler));
    else
      for (const [path, callable] of callablesOf(handler)) {
        add(commandType.chatInput, path, slashEntry(`/${path}`, callable), callable);
      }
  }

  function findCommand({ data }: APIApplicationCommandInteraction) {
    const { path, options } = descend(data.name, rawOptions("options" in data ? data.options : undefined));
    const known = byPath.get(`${data.type} ${path}`);
    return known && { entry: known.entry, callable: known.callable, found: { options, params: {} } };
  }

  return {
    entries,
    find(raw) {
      if (raw.type === interactionType.command) return findCommand(raw);
      const index = raw.type === interactionType.component ? byComponent : byModal;
      const hit = index.find((raw.data as { custom_id: string }).custom_id);
      return hit && { entry: hit.entry, found: { options: [], params: hit.params } };
    },
    findTyped(raw) {
      const known = findCommand(raw as unknown as APIApplicationCommandInteraction);
      return known && { entry: known.entry, declared: known.callable?.options ?? [], given: known.found.options };
    },
  };
}

/** Returns the commands among declared handlers. */
export const commandsOf = <Services>(handlers: readonly Declared<Services>[]): Command<Services>[] =>
  handlers.filter((handler) => handler.kind !== "component" && handler.kind !== "modal");

/** Returns the parts of a slash command that can be called, by path: `poll`, `feed add`, `feed topic rename`. */
export function callablesOf<Services>(command: Command<Services>): [path: string, Callable<Services>][] {
  if (command.kind === "slash") return [[command.name, command]];
  if (command.kind !== "tree") return [];
  return Object.entries(command.subcommands).flatMap(([name, branch]): [string, Callable<Services>][] =>
    branch.kind === "subcommand"
      ? [[`${command.name} ${name}`, branch]]
      : Object.entries(branch.subcommands).map(([inner, leaf]) => [`${command.name} ${name} ${inner}`, leaf]),
  );
}
