import type {
  ApplicationIntegrationType,
  EntryPointCommandHandlerType,
  InteractionContextType,
  LocalizationMap,
} from "discord-api-types/v10";
import type { Answer } from "../answer.ts";
import type { Cooldown } from "../guards/cooldown.ts";
import type { EnsuredBy, Guard } from "../guards/guard.ts";
import type { PermissionName } from "../permissions.ts";
import type {
  CommandInteraction,
  EntryPointInteraction,
  MessageCommandInteraction,
  UserCommandInteraction,
} from "./interactions.ts";
import type { Option } from "./option.ts";

/** The result of a handler: its answer, or nothing once it has edited or deferred. */
export type Handled = Answer | undefined | void;

/** A handler and how it is run: the same for commands, components and modals. */
export interface Behaviour<
  Interaction,
  Services,
  Loaded = undefined,
  Guards extends readonly Guard<Services>[] = readonly Guard<Services>[],
> {
  /** Whether its messages, a deferral and a failure included, are for the person's eyes only. Default: false. */
  ephemeral?: boolean;
  /** Asked one after the other before the handler; the first refusal is the answer. Default: none. */
  guards?: Guards;
  /** How often it may be used. Default: no limit. */
  cooldown?: Cooldown<Interaction & EnsuredBy<Guards>>;
  /**
   * Whether it runs once for an interaction, however often that is delivered: a duplicate gets the first answer again. While
   * the store of answers does not respond, the handler is refused. Default: false.
   */
  once?: boolean;
  /**
   * Reads what the handler needs, in the same round trip as cooldown and duplicate check. It may run for a duplicate too, so
   * it must only read.
   */
  load?(interaction: Interaction & EnsuredBy<Guards>, services: Services): Promise<Loaded>;
  /** Returns the answer. An error that it throws reaches the person as a message with a reference. */
  run(interaction: Interaction & EnsuredBy<Guards>, services: Services, loaded: Loaded): Handled | Promise<Handled>;
}

/** The registration of a command besides its name, in Discord's own fields. */
export interface Registration {
  name_localizations?: LocalizationMap;
  /**
   * The permissions of those who see it, unless a server's moderators decide otherwise. An empty list: administrators only.
   * Default: no restriction.
   */
  default_member_permissions?: readonly PermissionName[];
  /** Where it is shown. Default: everywhere. */
  contexts?: readonly InteractionContextType[];
  /** Who may install it. Default: as the application's installation settings say. */
  integration_types?: readonly ApplicationIntegrationType[];
  nsfw?: boolean;
}

interface Described {
  description: string;
  description_localizations?: LocalizationMap;
}

/** A slash command or subcommand: both have options and a handler. */
export interface Callable<Services> extends Described, Behaviour<CommandInteraction, Services, unknown> {
  options?: readonly Option<Services>[];
}

export interface Subcommand<Services> extends Callable<Services> {
  kind: "subcommand";
  name_localizations?: LocalizationMap;
}

export interface SubcommandGroup<Services> extends Described {
  kind: "group";
  name_localizations?: LocalizationMap;
  subcommands: Readonly<Record<string, Subcommand<Services>>>;
}

export interface SlashCommand<Services> extends Callable<Services>, Registration {
  kind: "slash";
  name: string;
}

/** A slash command of subcommands and groups, by name. It has no handler itself. */
export interface CommandTree<Services> extends Described, Registration {
  kind: "tree";
  name: string;
  subcommands: Readonly<Record<string, Subcommand<Services> | SubcommandGroup<Services>>>;
}

/** A command in the menu of a person. */
export interface UserCommand<Services> extends Registration, Behaviour<UserCommandInteraction, Services, unknown> {
  kind: "user";
  name: string;
}

/** A command in the menu of a message. */
export interface MessageCommand<Services>
  extends Registration,
    Behaviour<MessageCommandInteraction, Services, unknown> {
  kind: "message";
  name: string;
}

/**
 * The command that starts the application's activity. With `handler` 2 (DISCORD_LAUNCH_ACTIVITY) Discord answers it itself.
 */
export interface EntryPoint<Services>
  extends Described,
    Registration,
    Behaviour<EntryPointInteraction, Services, unknown> {
  kind: "entry-point";
  name: string;
  handler: EntryPointCommandHandlerType;
}

export type Command<Services> =
  | SlashCommand<Services>
  | CommandTree<Services>
  | UserCommand<Services>
  | MessageCommand<Services>
  | EntryPoint<Services>;
