// Over 200 lines, since each kind of handler has its function here, and an example.

import { type Callback, showModal } from "../answer.ts";
import { type AnyParameters, customId, type Parameters } from "../custom-id.ts";
import type { EventType, WebhookEvent, WebhookEventHandler } from "../events/event.ts";
import type { EnsuredBy } from "../guards/guard.ts";
import type {
  Behaviour,
  CommandTree,
  EntryPoint,
  MessageCommand,
  Registration,
  SlashCommand,
  Subcommand,
  SubcommandGroup,
  UserCommand,
} from "./command.ts";
import type { Component } from "./component.ts";
import type { CallableDefinition, Descriptions, Fill, Guards, ValuesOf } from "./definitions.ts";
import type {
  ComponentInteraction,
  EntryPointInteraction,
  MessageCommandInteraction,
  ModalInteraction,
  UserCommandInteraction,
} from "./interactions.ts";
import type { Modal } from "./modal.ts";
import { modalBody } from "./modal-body.ts";
import type { CheckedName, Option } from "./option.ts";
import type { ComponentKind, ModalFields } from "./values.ts";

/**
 * Makes the functions that declare a bot's handlers, for handlers that get `Services`. Each returns plain data, the
 * declaration with its handler: `createRouter` takes it, and registration reads it.
 *
 * A handler that uses its own `id` or `show` has to write its return type, `: Answer`, as TypeScript cannot infer it then.
 *
 * @example
 * const { command, component, modal } = createKit<Invocation>();
 */
export function createKit<Services>() {
  return {
    /**
     * Declares a slash command. The declaration types the options' values.
     *
     * @example
     * const roll = command({
     *   name: "roll",
     *   description: "Rolls a die",
     *   options: [{ type: "integer", name: "sides", description: "How many sides", required: true, min_value: 2 }],
     *   run: ({ options: { sides } }) => `You rolled ${1 + Math.floor(Math.random() * sides)}.`,
     * });
     */
    command: <
      const Name extends string,
      const Options extends readonly Option<Services, EnsuredBy<Asked>>[] = readonly [],
      Loaded = undefined,
      const Asked extends Guards<Services> = Guards<Services>,
    >(
      definition: { name: Name & CheckedName<Name> } & Registration &
        CallableDefinition<Services, Options, Loaded, Asked>,
    ): SlashCommand<Services> => ({ ...(definition as unknown as SlashCommand<Services>), kind: "slash" }),

    /**
     * Declares a slash command of subcommands and groups of them, by name. Each may come from another file.
     *
     * @example
     * const tag = commandTree({ name: "tag", description: "Texts to reuse", subcommands: { show, list } });
     */
    commandTree: <const Name extends string>(
      definition: { name: Name & CheckedName<Name> } & Omit<CommandTree<Services>, "kind" | "name">,
    ): CommandTree<Services> => ({ ...definition, kind: "tree" }),

    /**
     * Declares a subcommand. Its name is its key in `subcommands`.
     *
     * @example
     * const list = subcommand({ description: "Lists the tags", ephemeral: true, run: () => "There are no tags." });
     */
    subcommand: <
      const Options extends readonly Option<Services, EnsuredBy<Asked>>[] = readonly [],
      Loaded = undefined,
      const Asked extends Guards<Services> = Guards<Services>,
    >(
      definition: CallableDefinition<Services, Options, Loaded, Asked> & Pick<Registration, "name_localizations">,
    ): Subcommand<Services> => ({ ...(definition as unknown as Subcommand<Services>), kind: "subcommand" }),

    /**
     * Declares a group of subcommands. Its name is its key in `subcommands`.
     *
     * @example
     * const alias = subcommandGroup({ description: "Other names of tags", subcommands: { add, remove } });
     */
    subcommandGroup: (definition: Omit<SubcommandGroup<Services>, "kind">): SubcommandGroup<Services> => ({
      ...definition,
      kind: "group",
    }),

    /**
     * Declares a command in the menu of a person. Its name has 1 to 32 characters of any case, spaces included.
     *
     * @example
     * const wave = userCommand({ name: "Wave", run: ({ user, target }) => `<@${user.id}> waves at <@${target.id}>.` });
     */
    userCommand: <Loaded = undefined, const Asked extends Guards<Services> = Guards<Services>>(
      definition: { name: string } & Registration & Behaviour<UserCommandInteraction, Services, Loaded, Asked>,
    ): UserCommand<Services> => ({ ...(definition as unknown as UserCommand<Services>), kind: "user" }),

    /**
     * Declares a command in the menu of a message. Its name has 1 to 32 characters of any case, spaces included.
     *
     * @example
     * const count = messageCommand({ name: "Count", run: ({ target }) => `${target.content.length} characters` });
     */
    messageCommand: <Loaded = undefined, const Asked extends Guards<Services> = Guards<Services>>(
      definition: { name: string } & Registration & Behaviour<MessageCommandInteraction, Services, Loaded, Asked>,
    ): MessageCommand<Services> => ({ ...(definition as unknown as MessageCommand<Services>), kind: "message" }),

    /**
     * Declares the command that opens the application's activity, answered by this bot instead of Discord.
     *
     * @example
     * const play = entryPoint({ name: "play", description: "Opens the game", run: () => launchActivity() });
     */
    entryPoint: <Loaded = undefined, const Asked extends Guards<Services> = Guards<Services>>(
      definition: { name: string } & Descriptions &
        Registration &
        Behaviour<EntryPointInteraction, Services, Loaded, Asked>,
    ): EntryPoint<Services> => ({
      ...(definition as unknown as EntryPoint<Services>),
      kind: "entry-point",
      handler: 1,
    }),

    /**
     * Declares the handler of a button or menu. `id` is a pattern such as `poll/vote/:choice<int>`; the `id` of the result
     * is a function that builds a custom_id. Default type: a button.
     *
     * @example
     * const vote = component({
     *   id: "vote/:choice<yes|no>",
     *   run: ({ params: { choice } }) => updateMessage(`You voted ${choice}.`),
     * });
     * const ask = command({
     *   name: "ask",
     *   description: "Asks",
     *   run: () => ({ components: [row(button({ label: "Yes", custom_id: vote.id({ choice: "yes" }) }))] }),
     * });
     */
    component: <
      const Pattern extends string,
      Kind extends ComponentKind = "button",
      Loaded = undefined,
      const Asked extends Guards<Services> = Guards<Services>,
    >(
      definition: { id: Pattern; type?: Kind; defer?: Component<Services>["defer"] } & Behaviour<
        ComponentInteraction<Parameters<Pattern>, Kind>,
        Services,
        Loaded,
        Asked
      >,
    ): Component<Services> & { id(...values: ValuesOf<Pattern>): string } => {
      const compiled = customId(definition.id);
      const { type = "button", defer = "update" } = definition;
      return {
        ...(definition as unknown as Component<Services>),
        kind: "component",
        type,
        defer,
        customId: compiled,
        id: (...[values]) => compiled.build((values ?? {}) as AnyParameters),
      };
    },

    /**
     * Declares a form and the handler of its submission. `show` of the result returns the answer that opens the form: it
     * takes the values of the pattern, and values to fill in. Throws a `DeclarationError` for a form that Discord would
     * refuse.
     *
     * @example
     * const feedback = modal({
     *   id: "feedback",
     *   title: "Feedback",
     *   fields: { words: { type: "text", label: "What do you think?", style: "paragraph" } },
     *   run: ({ fields: { words } }) => ephemeral(`Thank you for ${words.length} characters.`),
     * });
     * const open = command({ name: "feedback", description: "Tell us", run: () => feedback.show() });
     */
    modal: <
      const Pattern extends string,
      const Fields extends ModalFields,
      Loaded = undefined,
      const Asked extends Guards<Services> = Guards<Services>,
    >(
      definition: { id: Pattern; title: string; fields: Fields } & Behaviour<
        ModalInteraction<Parameters<Pattern>, Fields>,
        Services,
        Loaded,
        Asked
      >,
    ): Modal<Services> & { show(...values: [...ValuesOf<Pattern>, fill?: Fill<Fields>]): Callback } => {
      const { id, title, fields } = definition;
      const compiled = customId(id);
      return {
        ...(definition as unknown as Modal<Services>),
        kind: "modal",
        customId: compiled,
        show: (...values) => {
          const given = compiled.count > 0 ? values[0] : {};
          const fill = values[compiled.count > 0 ? 1 : 0] as Fill<Fields> | undefined;
          return showModal(modalBody(compiled.build(given ?? {}), title, filled(fields, fill)));
        },
      };
    },

    /**
     * Declares the handler of a webhook event, such as that the application was added to a server.
     *
     * @example
     * const added = event({
     *   type: "APPLICATION_AUTHORIZED",
     *   run: ({ data: { guild } }, { log }) => log("info", "added", { guild: guild?.id }),
     * });
     */
    event: <const Type extends EventType>(definition: {
      type: Type;
      run(event: WebhookEvent<Type>, services: Services): Promise<void> | void;
    }): WebhookEventHandler<Services> => definition,
  };
}

// --- Internal helpers ---

/** Returns a form's fields with the known values in them. */
function filled<Fields extends ModalFields>(fields: Fields, fill: Fill<Fields> | undefined): ModalFields {
  if (!fill) return fields;
  const merged = Object.entries(fields).map(([name, field]) => [name, { ...field, ...fill[name] }]);
  return Object.fromEntries(merged) as ModalFields;
}
