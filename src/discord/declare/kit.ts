import { type Callback, showModal } from "../answer.ts";
import { type AnyParameters, customId, type Parameters } from "../custom-id.ts";
import type { EventType, WebhookEvent, WebhookEventHandler } from "../events/event.ts";
import type { EnsuredBy, Guard } from "../guards/guard.ts";
import { checkModal } from "./check-modal.ts";
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
import type {
  CommandInteraction,
  ComponentInteraction,
  EntryPointInteraction,
  MessageCommandInteraction,
  ModalInteraction,
  UserCommandInteraction,
} from "./interactions.ts";
import type { Modal } from "./modal.ts";
import { modalBody } from "./modal-body.ts";
import type { AnyOption, CheckedName, CheckedOptions, Option } from "./option.ts";
import type { ComponentKind, ModalField, ModalFields } from "./values.ts";

/** What a command says of itself, in Discord's own fields. */
interface Descriptions {
  /** 1 to 100 characters. */
  description: string;
  description_localizations?: Registration["name_localizations"];
}

type Guards<Services> = readonly Guard<Services>[];

type CallableDefinition<
  Services,
  Options extends readonly AnyOption[],
  Loaded,
  Asked extends Guards<Services>,
> = Descriptions &
  Behaviour<CommandInteraction<Options>, Services, Loaded, Asked> & { options?: Options & CheckedOptions<Options> };

type Fill<Fields extends ModalFields> = { [Name in keyof Fields]?: Partial<Fields[Name] & ModalField> };

/**
 * The functions that declare what a bot consists of, for handlers that get `Services`. Each gives back plain data: the
 * declaration and its handler, which `createRouter` takes and `register` reads.
 */
export function createKit<Services>() {
  return {
    /** A slash command that can be called; its options' values are typed by what is declared. */
    command: <
      const Name extends string,
      const Options extends readonly Option<Services, EnsuredBy<Asked>>[] = readonly [],
      Loaded = undefined,
      const Asked extends Guards<Services> = Guards<Services>,
    >(
      definition: { name: Name & CheckedName<Name> } & Registration &
        CallableDefinition<Services, Options, Loaded, Asked>,
    ): SlashCommand<Services> => ({ ...(definition as unknown as SlashCommand<Services>), kind: "slash" }),

    /** A slash command of subcommands, each a file of its own if you like: `{ add: …, list: … }`. */
    commandTree: <const Name extends string>(
      definition: { name: Name & CheckedName<Name> } & Omit<CommandTree<Services>, "kind" | "name">,
    ): CommandTree<Services> => ({ ...definition, kind: "tree" }),

    subcommand: <
      const Options extends readonly Option<Services, EnsuredBy<Asked>>[] = readonly [],
      Loaded = undefined,
      const Asked extends Guards<Services> = Guards<Services>,
    >(
      definition: CallableDefinition<Services, Options, Loaded, Asked> & Pick<Registration, "name_localizations">,
    ): Subcommand<Services> => ({ ...(definition as unknown as Subcommand<Services>), kind: "subcommand" }),

    subcommandGroup: (definition: Omit<SubcommandGroup<Services>, "kind">): SubcommandGroup<Services> => ({
      ...definition,
      kind: "group",
    }),

    /** A command in the menu of a person; 1 to 32 characters, any case, spaces too. */
    userCommand: <Loaded = undefined, const Asked extends Guards<Services> = Guards<Services>>(
      definition: { name: string } & Registration & Behaviour<UserCommandInteraction, Services, Loaded, Asked>,
    ): UserCommand<Services> => ({ ...(definition as unknown as UserCommand<Services>), kind: "user" }),

    /** A command in the menu of a message; 1 to 32 characters, any case, spaces too. */
    messageCommand: <Loaded = undefined, const Asked extends Guards<Services> = Guards<Services>>(
      definition: { name: string } & Registration & Behaviour<MessageCommandInteraction, Services, Loaded, Asked>,
    ): MessageCommand<Services> => ({ ...(definition as unknown as MessageCommand<Services>), kind: "message" }),

    /** The command that opens the application's activity, answered here. */
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
     * What answers a button or menu. `id` is a pattern such as `poll/vote/:choice<int>`; the function `id` in what comes back
     * builds a custom_id from values.
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

    /** A form and what happens with what is entered. `show` gives the answer that opens it. */
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
      checkModal(id, title, fields);
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

    /** What happens when Discord reports an event, such as the application being added somewhere. */
    event: <const Type extends EventType>(definition: {
      type: Type;
      run(event: WebhookEvent<Type>, services: Services): Promise<void> | void;
    }): WebhookEventHandler<Services> => definition,
  };
}

// --- Internal helpers ---

/** No argument for a pattern without parameters. */
type ValuesOf<Pattern extends string> = keyof Parameters<Pattern> extends never ? [] : [values: Parameters<Pattern>];

/** The form's fields with what is already known in them. */
function filled<Fields extends ModalFields>(fields: Fields, fill: Fill<Fields> | undefined): ModalFields {
  if (!fill) return fields;
  const merged = Object.entries(fields).map(([name, field]) => [name, { ...field, ...fill[name] }]);
  return Object.fromEntries(merged) as ModalFields;
}
