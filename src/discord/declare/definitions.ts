import type { Parameters } from "../custom-id.ts";
import type { Guard } from "../guards/guard.ts";
import type { Behaviour, Registration } from "./command.ts";
import type { CommandInteraction } from "./interactions.ts";
import type { AnyOption, CheckedOptions } from "./option.ts";
import type { ModalField, ModalFields } from "./values.ts";

// The arguments of a kit's functions, where they are more than a declaration.

/** The description of a command, in Discord's own fields. */
export interface Descriptions {
  /** 1 to 100 characters. */
  description: string;
  description_localizations?: Registration["name_localizations"];
}

/** The guards of a handler. A tuple, as the kit infers it, tells what they ensure. */
export type Guards<Services> = readonly Guard<Services>[];

/** A slash command or subcommand. */
export type CallableDefinition<
  Services,
  Options extends readonly AnyOption[],
  Loaded,
  Asked extends Guards<Services>,
> = Descriptions &
  Behaviour<CommandInteraction<Options>, Services, Loaded, Asked> & { options?: Options & CheckedOptions<Options> };

/** The values for a pattern: no argument for one without parameters. */
export type ValuesOf<Pattern extends string> = keyof Parameters<Pattern> extends never
  ? []
  : [values: Parameters<Pattern>];

/** The parts of a form that differ from its declaration when it is shown, by field: `{ name: { value: "Ada" } }`. */
export type Fill<Fields extends ModalFields> = { [Name in keyof Fields]?: Partial<Fields[Name] & ModalField> };
