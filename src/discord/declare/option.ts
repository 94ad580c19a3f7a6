import type { APIRole, ChannelType, LocalizationMap } from "discord-api-types/v10";
import type { Attachment, Channel, Mentionable, Person } from "../entities.ts";
import type { AutocompleteInteraction } from "../interaction/base.ts";

/** The fields of every option, in Discord's own names. */
interface OptionBase {
  name: string;
  description: string;
  name_localizations?: LocalizationMap;
  description_localizations?: LocalizationMap;
  required?: boolean;
}

/** One of at most 25 values to choose from. */
export interface Choice<Value extends string | number = string | number> {
  name: string;
  name_localizations?: LocalizationMap;
  value: Value;
}

/**
 * Returns choices for the text typed so far: values, or names with values; those beyond 25 are cut off. The handler's guards
 * are asked before it.
 */
export type Suggest<Value extends string | number, Services, Ensured = unknown> = (
  typed: string,
  interaction: AutocompleteInteraction & Ensured,
  services: Services,
) => Suggestions<Value> | Promise<Suggestions<Value>>;
export type Suggestions<Value extends string | number> = readonly (Value | Choice<Value>)[];

interface StringOption<Services, Ensured> extends OptionBase {
  type: "string";
  choices?: readonly Choice<string>[];
  min_length?: number;
  max_length?: number;
  autocomplete?: Suggest<string, Services, Ensured>;
}
interface NumericOption<Services, Ensured> extends OptionBase {
  type: "integer" | "number";
  choices?: readonly Choice<number>[];
  min_value?: number;
  max_value?: number;
  autocomplete?: Suggest<number, Services, Ensured>;
}
interface ChannelOption extends OptionBase {
  type: "channel";
  channel_types?: readonly ChannelType[];
}
interface AttachmentOption extends OptionBase {
  type: "attachment";
  /** Kinds (`image`, `video`, `audio`) and endings (`.txt`), at most 10. Discord checks the ending only. */
  file_types?: readonly string[];
}
interface PlainOption extends OptionBase {
  type: "boolean" | "user" | "role" | "mentionable";
}

/** An option of a slash command. `type` is the word for Discord's number. */
export type Option<Services, Ensured = unknown> =
  | StringOption<Services, Ensured>
  | NumericOption<Services, Ensured>
  | ChannelOption
  | AttachmentOption
  | PlainOption;

/** An option of any handler. */
export type AnyOption = Option<never, never>;

interface ValueByType {
  string: string;
  integer: number;
  number: number;
  boolean: boolean;
  user: Person;
  channel: Channel;
  role: APIRole;
  mentionable: Mentionable;
  attachment: Attachment;
}
type ValueOf<O> = O extends { choices: readonly Choice<infer Value>[] }
  ? Value
  : O extends { type: infer Type extends keyof ValueByType }
    ? ValueByType[Type]
    : never;

/** The options' values by name; those of options that are not required may be undefined. */
export type OptionValues<Options extends readonly AnyOption[]> = {
  readonly [O in Options[number] as O["name"]]: O extends { required: true } ? ValueOf<O> : ValueOf<O> | undefined;
};

// --- Checks of a declaration by TypeScript ---

export type Mistake<Message extends string> = { mistake: Message };

/** The name itself, or its mistake. Checks lower case and spaces; `checkHandlers` checks the rest of Discord's pattern. */
export type CheckedName<Name extends string> = string extends Name
  ? Name
  : Name extends Lowercase<Name>
    ? Name extends "" | `${string} ${string}`
      ? Mistake<"a name is 1 to 32 letters, digits, - or _">
      : Name
    : Mistake<"a name is in lower case">;

type Five = [unknown, unknown, unknown, unknown, unknown];
type TwentySix = readonly [...Five, ...Five, ...Five, ...Five, ...Five, unknown, ...unknown[]];

type CheckedOption<O> = O extends { name: infer Name extends string }
  ? CheckedName<Name> extends string
    ? O extends { choices: TwentySix }
      ? Mistake<"an option has at most 25 choices">
      : O extends { choices: readonly unknown[]; autocomplete: unknown }
        ? Mistake<"an option has choices or autocomplete, not both">
        : O
    : CheckedName<Name>
  : O;

type Ordered<Options, SawOptional = false> = Options extends readonly [infer First, ...infer Rest]
  ? First extends { required: true }
    ? SawOptional extends true
      ? false
      : Ordered<Rest, SawOptional>
    : Ordered<Rest, true>
  : true;

/** The options themselves, or their mistake. */
export type CheckedOptions<Options extends readonly unknown[]> = Options extends TwentySix
  ? Mistake<"a command has at most 25 options">
  : Ordered<Options> extends true
    ? { [Index in keyof Options]: CheckedOption<Options[Index]> }
    : Mistake<"required options come before the others">;
