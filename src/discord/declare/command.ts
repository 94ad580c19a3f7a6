import type {
  ApplicationIntegrationType,
  EntryPointCommandHandlerType,
  InteractionContextType,
  LocalizationMap,
} from "discord-api-types/v10";
import type { Answer } from "../answer.ts";
import type { Cooldown } from "../guards/cooldown.ts";
import type { Guard } from "../guards/guard.ts";
import type { PermissionName } from "../permissions.ts";
import type {
  CommandInteraction,
  EntryPointInteraction,
  MessageCommandInteraction,
  UserCommandInteraction,
} from "./interactions.ts";
import type { Option } from "./option.ts";

/** What a handler gives: its answer, or nothing once it has edited or deferred. */
export type Handled = Answer | undefined | void;

/** How a handler is run; the same for everything that has one. */
export interface Behaviour<Interaction, Services, Loaded = undefined> {
  /** Its messages, a deferral and a failure included, are for the person's eyes only. */
  ephemeral?: boolean;
  /** Asked one after the other before the handler; the first that answers is the answer. */
  guards?: readonly Guard<Services>[];
  cooldown?: Cooldown;
  /**
   * Runs once for an interaction, however often it is delivered: a duplicate gets the first answer again. Where that
   * cannot be known, because Redis does not answer, it is refused.
   */
  once?: boolean;
  /**
   * What the handler needs, read in the same round trip as the check for a duplicate. It may run for a duplicate too, so it
   * only reads.
   */
  load?(interaction: Interaction, services: Services): Promise<Loaded>;
  /** Returns the answer; what it throws reaches the person as a message with a reference. */
  run(interaction: Interaction, services: Services, loaded: Loaded): Handled | Promise<Handled>;
}

/** What Discord keeps of a command besides its name, in Discord's own fields. */
export interface Registration {
  name_localizations?: LocalizationMap;
  /** Who sees it unless a server's moderators decide otherwise; none in the list: administrators only. */
  default_member_permissions?: readonly PermissionName[];
  /** Where it is shown; everywhere when left out. */
  contexts?: readonly InteractionContextType[];
  /** Who may install it; servers when left out. */
  integration_types?: readonly ApplicationIntegrationType[];
  nsfw?: boolean;
}

interface Described {
  description: string;
  description_localizations?: LocalizationMap;
}

/** A slash command, or a subcommand, that can be called. */
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

/** A slash command of subcommands and groups, by name; it cannot be called itself. */
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

/** What starts the application's activity; with `handler` 2 (DISCORD_LAUNCH_ACTIVITY) Discord answers it itself. */
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
