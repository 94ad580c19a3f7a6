import type {
  APIApplicationCommandInteraction,
  APIMessageComponentInteraction,
  APIModalSubmitInteraction,
} from "discord-api-types/v10";
import type { AnyParameters } from "../custom-id.ts";
import type { Behaviour, Callable, MessageCommand, UserCommand } from "../declare/command.ts";
import type { Component } from "../declare/component.ts";
import type { Modal } from "../declare/modal.ts";
import { entityOf, personOf, type Resolved } from "../entities.ts";
import type { RawInteraction } from "../interaction/base.ts";
import type { Interaction } from "../interaction/interaction.ts";
import { readComponent } from "../interaction/read-component.ts";
import { readFields } from "../interaction/read-fields.ts";
import { type RawOption, readOptions } from "../interaction/read-options.ts";
import type { DeferAs } from "./conversation.ts";

/** A handler of any kind, in the one shape that the router runs. */
export interface Entry<Services> {
  /** For logs and messages: `/poll create`, `Quote`, `poll/vote/:choice<int>`. */
  name: string;
  /** Unique among all handlers, for cooldowns: `/poll create`, `message Quote`, `component poll/vote/:choice<int>`. */
  rule: string;
  kind: "command" | "component" | "modal";
  behaviour: Behaviour<Interaction, Services, unknown>;
  deferAs(raw: RawInteraction): DeferAs;
  /**
   * Returns the fields that the handler gets besides the interaction's own; undefined when the payload does not fit the
   * declaration.
   */
  read(raw: RawInteraction, found: Found): object | undefined;
}

/** The parts of a payload that were read to find its entry. */
export interface Found {
  options: readonly RawOption[];
  params: AnyParameters;
}

const asReply = () => "reply" as const;

export const slashEntry = <Services>(name: string, callable: Callable<Services>): Entry<Services> => ({
  name,
  rule: name,
  kind: "command",
  behaviour: callable,
  deferAs: asReply,
  read(raw, { options }) {
    const values = readOptions(callable.options ?? [], options, dataOf(raw).resolved);
    return values && { options: values };
  },
});

export const userEntry = <Services>(command: UserCommand<Services>): Entry<Services> => ({
  name: command.name,
  rule: `user ${command.name}`,
  kind: "command",
  behaviour: command,
  deferAs: asReply,
  read(raw) {
    const { target_id, resolved } = dataOf(raw);
    const target = personOf(resolved, String(target_id));
    return target && { target };
  },
});

export const messageEntry = <Services>(command: MessageCommand<Services>): Entry<Services> => ({
  name: command.name,
  rule: `message ${command.name}`,
  kind: "command",
  behaviour: command,
  deferAs: asReply,
  read(raw) {
    const { target_id, resolved } = dataOf(raw);
    const target = entityOf(resolved?.messages, target_id);
    return target && { target };
  },
});

export const entryPointEntry = <Services>(
  command: { name: string } & Behaviour<Interaction, Services, unknown>,
): Entry<Services> => ({
  name: command.name,
  rule: `entry-point ${command.name}`,
  kind: "command",
  behaviour: command,
  deferAs: asReply,
  read: () => ({}),
});

export const componentEntry = <Services>(component: Component<Services>): Entry<Services> => ({
  name: component.customId.pattern,
  rule: `component ${component.customId.pattern}`,
  kind: "component",
  behaviour: component,
  deferAs: () => component.defer,
  read(raw, { params }) {
    const { data, message } = raw as APIMessageComponentInteraction;
    const values = readComponent(component.type, data);
    return values && { params, values, message };
  },
});

export const modalEntry = <Services>(modal: Modal<Services>): Entry<Services> => ({
  name: modal.customId.pattern,
  rule: `modal ${modal.customId.pattern}`,
  kind: "modal",
  behaviour: modal,
  deferAs: (raw) => (raw.message ? "update" : "reply"),
  read(raw, { params }) {
    const { data, message } = raw as APIModalSubmitInteraction;
    const fields = readFields(modal.fields, data);
    return fields && { params, fields, message };
  },
});

const dataOf = (raw: RawInteraction): { resolved?: Resolved; target_id?: string } =>
  (raw as APIApplicationCommandInteraction).data as { resolved?: Resolved; target_id?: string };
