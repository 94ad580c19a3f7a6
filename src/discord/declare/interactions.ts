import type {
  APIApplicationCommandInteraction,
  APIMessage,
  APIMessageComponentInteraction,
  APIModalSubmitInteraction,
} from "discord-api-types/v10";
import type { AnyParameters } from "../custom-id.ts";
import type { Person } from "../entities.ts";
import type { Interaction } from "../interaction/interaction.ts";
import type { AnyOption, OptionValues } from "./option.ts";
import type { ComponentKind, ComponentValues, ModalFields, ModalValues } from "./values.ts";

// The interaction as each kind of handler gets it: typed by the handler's declaration.

type CommandBase = Interaction<APIApplicationCommandInteraction>;

export type CommandInteraction<Options extends readonly AnyOption[] = readonly AnyOption[]> = CommandBase & {
  /** The options' values by name. */
  readonly options: OptionValues<Options>;
};

export type UserCommandInteraction = CommandBase & {
  /** The person in whose menu the command was chosen. */
  readonly target: Person;
};

export type MessageCommandInteraction = CommandBase & {
  /** The message in whose menu the command was chosen. */
  readonly target: APIMessage;
};

export type EntryPointInteraction = CommandBase;

export type ComponentInteraction<
  Params = AnyParameters,
  Kind extends ComponentKind = ComponentKind,
> = Interaction<APIMessageComponentInteraction> & {
  /** The parameters in the custom_id. */
  readonly params: Params;
  /** The chosen values; empty for a button. */
  readonly values: ComponentValues[Kind];
  /** The message with the component. */
  readonly message: APIMessage;
};

export type ModalInteraction<
  Params = AnyParameters,
  Fields extends ModalFields = ModalFields,
> = Interaction<APIModalSubmitInteraction> & {
  /** The parameters in the custom_id. */
  readonly params: Params;
  /** The fields' values by name. */
  readonly fields: ModalValues<Fields>;
  /** The message whose button opened the form; undefined when a command did. */
  readonly message: APIMessage | undefined;
};
