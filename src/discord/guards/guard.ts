import type { Reply } from "../answer.ts";
import type { BaseInteraction, InGuild } from "../interaction/base.ts";
import { hasPermissions, type PermissionName } from "../permissions.ts";

/** The reason why a handler may not run, for the person's eyes only; undefined when it may. */
export type Refused = Reply | undefined;

/**
 * Decides whether a handler may run: returns a refusal, or undefined to allow it. Asked before the handler, and before
 * suggestions, which are empty where it refuses.
 *
 * @example
 * const adultsOnly: Guard<Invocation> = async ({ user }, { sessions }) =>
 *   (await isAdult(user.id, sessions)) ? undefined : "You have to be 18 for this.";
 */
export interface Guard<Services = unknown, Ensured = unknown> {
  (interaction: BaseInteraction, services: Services): Refused | Promise<Refused>;
  /** For types only: the fields that an interaction has once this guard allowed it. */
  readonly ensured?: Ensured;
}

/**
 * The fields that an interaction has once every guard of a tuple allowed it: of a list written in place, or `as const`. A guard
 * that a generic function such as `ownerOnly` makes needs a name first, as TypeScript infers no tuple around such a call.
 */
export type EnsuredBy<Guards> = Guards extends readonly [infer First, ...infer Rest]
  ? (First extends Guard<never, infer Ensured> ? Ensured : unknown) & EnsuredBy<Rest>
  : unknown;

/**
 * Allows a handler in servers only. Its `guildId` is then a string, and its `member` defined. `contexts` hides a command
 * elsewhere; this guard also holds for buttons and forms.
 *
 * @example
 * command({
 *   name: "roles",
 *   description: "Counts the server's roles",
 *   guards: [guildOnly],
 *   run: async ({ guildId }, { entities }) => `${(await entities.roles(guildId)).length} roles`,
 * });
 */
export const guildOnly: Guard<unknown, InGuild> = ({ guildId, member }) =>
  !guildId || member === undefined ? "This works in servers only." : undefined;

/**
 * Returns a guard that allows members who hold all of these permissions in the channel.
 *
 * @example
 * component({ id: "close", guards: [needsPermissions("ManageMessages")], run: () => updateMessage("Closed.") });
 */
export const needsPermissions =
  (...names: readonly PermissionName[]): Guard =>
  ({ member }) =>
    hasPermissions(member?.permissions, ...names) ? undefined : `You need ${listOf(names)} for this.`;

/**
 * Returns a guard that requires the bot itself to hold all of these permissions in the channel. In direct messages
 * Discord names only `AttachFiles`, `EmbedLinks`, `MentionEveryone` and, in the bot's own, `UseExternalEmojis`.
 *
 * @example
 * command({ name: "pin", description: "Pins a message", guards: [botNeedsPermissions("PinMessages")], run });
 */
export const botNeedsPermissions =
  (...names: readonly PermissionName[]): Guard =>
  ({ raw }) =>
    hasPermissions(raw.app_permissions, ...names)
      ? undefined
      : `The bot needs ${listOf(names)} in this channel for this.`;

/**
 * Returns a guard that allows the bot's owners only, by their ids.
 *
 * @example
 * command({ name: "deploy", description: "For us", guards: [ownerOnly(() => ["1100000000000000011"])], run });
 */
export const ownerOnly =
  <Services>(owners: (services: Services) => readonly string[] | Promise<readonly string[]>): Guard<Services> =>
  async ({ user }, services) =>
    (await owners(services)).includes(user.id) ? undefined : "Only the bot's owner can do this.";

// --- Internal helpers ---

/** `ManageGuild` as people read it in Discord: Manage Guild. */
const listOf = (names: readonly PermissionName[]): string =>
  names.map((name) => `**${name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")}**`).join(" and ");
