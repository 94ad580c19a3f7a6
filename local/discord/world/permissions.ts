import { type APIChannel, type APIOverwrite, OverwriteType, PermissionFlagsBits } from "discord-api-types/v10";
import type { Guild } from "./world.ts";

const all = Object.values(PermissionFlagsBits).reduce((bits, bit) => bits | bit, 0n);

/**
 * Returns a member's permissions in a channel, or without one in the guild, as Discord sends them: base permissions,
 * then the channel's overwrites. A thread has the overwrites of its parent channel. Returns `"0"` for a user who is not
 * a member.
 * @see https://docs.discord.com/developers/topics/permissions#permission-overwrites
 */
export function permissionsIn(
  { guild, roles, members, channels }: Guild,
  userId: string,
  channel?: APIChannel,
): string {
  const member = members.get(userId);
  if (!member) return "0";
  if (guild.owner_id === userId) return String(all);
  const own = [guild.id, ...member.roles];
  let bits = own.reduce((sum, id) => sum | BigInt(roles.get(id)?.permissions ?? 0), 0n);
  if (bits & PermissionFlagsBits.Administrator) return String(all);
  const byId: ReadonlyMap<string | null | undefined, APIChannel> = channels;
  const parent = channel && "thread_metadata" in channel ? byId.get(channel.parent_id) : undefined;
  const place = parent ?? channel;
  const overwrites: APIOverwrite[] = (place && "permission_overwrites" in place && place.permission_overwrites) || [];
  const ofEveryone = overwrites.filter(({ id }) => id === guild.id);
  const ofRoles = overwrites.filter(({ id, type }) => type === OverwriteType.Role && member.roles.includes(id));
  const ofMember = overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === userId);
  for (const layer of [ofEveryone, ofRoles, ofMember]) {
    for (const { deny } of layer) bits &= ~BigInt(deny);
    for (const { allow } of layer) bits |= BigInt(allow);
  }
  return String(bits);
}
