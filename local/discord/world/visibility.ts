import { type APIMessage, MessageFlags, PermissionFlagsBits } from "discord-api-types/v10";
import { permissionsIn } from "./permissions.ts";
import { findChannel, type World } from "./world.ts";

/** Returns whether a person may look at a channel: by permissions, or because it is their own direct messages or group. */
export function canView(world: World, userId: string, channelId: string): boolean {
  const place = findChannel(world, channelId);
  if (!place) return false;
  const { channel, guild } = place;
  if (!guild) return channel.id === world.groupChannel.id || world.directChannels.get(userId)?.id === channel.id;
  return (BigInt(permissionsIn(guild, userId, channel)) & PermissionFlagsBits.ViewChannel) !== 0n;
}

/** Returns whether a person in the channel sees the message: an ephemeral one is for one person. */
export function isShownTo(world: World, userId: string | undefined, { id, flags }: APIMessage): boolean {
  const isEphemeral = ((flags ?? 0) & MessageFlags.Ephemeral) !== 0;
  return !isEphemeral || (userId !== undefined && world.privateTo.get(id) === userId);
}
