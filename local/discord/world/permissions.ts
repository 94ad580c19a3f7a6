import { type APIChannel, type APIOverwrite, OverwriteType, PermissionFlagsBits } from "discord-api-types/v10";
import type { Guild } from "./world.ts";

const all = Object.values(PermissionFlagsBits).reduce((bits, bit) => bits | bit, 0n);

/**
 * What a member may do in a channel, or in the guild at large, as a string of bits: base permissions, then the channel's
 * overwrites; a thread has those of the channel it is in.
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
  const parent = channel && "thread_metadata" in channel ? channels.get(channel.parent_id ?? "") : undefined;
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
