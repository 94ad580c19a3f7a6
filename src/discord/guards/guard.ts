import type { Reply } from "../answer.ts";
import type { Interaction } from "../interaction/interaction.ts";
import { hasPermissions, type PermissionName } from "../permissions.ts";

/** Why a handler shall not run, for the person's eyes only; nothing when it may. */
export type Refused = Reply | undefined;

/** Asked before a handler runs. */
export type Guard<Services = unknown> = (interaction: Interaction, services: Services) => Refused | Promise<Refused>;

/** Only in servers. `contexts` keeps the command from being shown elsewhere; this also holds for buttons and forms. */
export const guildOnly: Guard = ({ guildId }) => (guildId === undefined ? "This works in servers only." : undefined);

/** Only for members who may do all of this in the channel. */
export const needsPermissions =
  (...names: readonly PermissionName[]): Guard =>
  ({ member }) =>
    hasPermissions(member?.permissions, ...names) ? undefined : `You need ${listOf(names)} for this.`;

/** Only where the bot itself may do all of this. */
export const botNeedsPermissions =
  (...names: readonly PermissionName[]): Guard =>
  ({ raw }) =>
    hasPermissions(raw.app_permissions, ...names)
      ? undefined
      : `The bot needs ${listOf(names)} in this channel for this.`;

/** Only for the bot's owners, by their ids. */
export const ownerOnly =
  <Services>(owners: (services: Services) => readonly string[] | Promise<readonly string[]>): Guard<Services> =>
  async ({ user }, services) =>
    (await owners(services)).includes(user.id) ? undefined : "Only the bot's owner can do this.";

/** `ManageGuild` as people read it in Discord: Manage Guild. */
const listOf = (names: readonly PermissionName[]): string =>
  names.map((name) => `**${name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")}**`).join(" and ");
