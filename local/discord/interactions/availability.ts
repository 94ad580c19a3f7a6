import { type APIApplicationCommand, InteractionContextType, PermissionFlagsBits } from "discord-api-types/v10";
import { permissionsIn } from "../world/permissions.ts";
import type { Sender } from "./build.ts";
import { contextOf } from "./build.ts";
import { LineError } from "./line-error.ts";

/** Throws a `LineError` for a command that the person's client would not offer in this channel. */
export function checkAvailable(command: APIApplicationCommand, sender: Sender): void {
  const name = command.type === 1 ? `/${command.name}` : `"${command.name}"`;
  const where = contextOf(sender);
  const places = { 0: "servers", 1: "direct messages with the bot", 2: "private channels without the bot" };
  const contexts = command.contexts ?? [InteractionContextType.Guild, InteractionContextType.BotDM];
  if (!contexts.includes(where)) throw new LineError(`${name} is not available in ${places[where]}.`);
  const installations: number[] = command.integration_types ?? [0];
  const installed = sender.isUserInstall ? 1 : 0;
  if (where !== InteractionContextType.BotDM && !installations.includes(installed)) {
    throw new LineError(
      `${name} is not available where ${installed === 1 ? "a user" : "a server"} installed the application.`,
    );
  }
  const needed = command.default_member_permissions;
  if (!sender.guild || needed === null || needed === undefined) return;
  const held = BigInt(permissionsIn(sender.guild, sender.user.id, sender.channel));
  const bits = BigInt(needed) === 0n ? PermissionFlagsBits.Administrator : BigInt(needed);
  if ((held & bits) !== bits) throw new LineError(`${sender.user.username} lacks the permissions to use ${name} here.`);
}

/** Returns how the command is offered to a person who also installed the application; `undefined` when it is not. */
export function offerOf(command: APIApplicationCommand, sender: Sender): { isUserInstall: boolean } | undefined {
  for (const isUserInstall of [false, true]) {
    try {
      checkAvailable(command, { ...sender, isUserInstall: isUserInstall || sender.isUserInstall });
      return { isUserInstall: isUserInstall || sender.isUserInstall };
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
    }
  }
  return undefined;
}
