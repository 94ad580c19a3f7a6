import type { PermissionFlagsBits } from "discord-api-types/v10";

export type PermissionName = Exclude<keyof typeof PermissionFlagsBits, "ManageEmojisAndStickers">;

/** The bit of each permission. Names are those of discord-api-types; a test compares them. */
const bits = {
  CreateInstantInvite: 0,
  KickMembers: 1,
  BanMembers: 2,
  Administrator: 3,
  ManageChannels: 4,
  ManageGuild: 5,
  AddReactions: 6,
  ViewAuditLog: 7,
  PrioritySpeaker: 8,
  Stream: 9,
  ViewChannel: 10,
  SendMessages: 11,
  SendTTSMessages: 12,
  ManageMessages: 13,
  EmbedLinks: 14,
  AttachFiles: 15,
  ReadMessageHistory: 16,
  MentionEveryone: 17,
  UseExternalEmojis: 18,
  ViewGuildInsights: 19,
  Connect: 20,
  Speak: 21,
  MuteMembers: 22,
  DeafenMembers: 23,
  MoveMembers: 24,
  UseVAD: 25,
  ChangeNickname: 26,
  ManageNicknames: 27,
  ManageRoles: 28,
  ManageWebhooks: 29,
  ManageGuildExpressions: 30,
  UseApplicationCommands: 31,
  RequestToSpeak: 32,
  ManageEvents: 33,
  ManageThreads: 34,
  CreatePublicThreads: 35,
  CreatePrivateThreads: 36,
  UseExternalStickers: 37,
  SendMessagesInThreads: 38,
  UseEmbeddedActivities: 39,
  ModerateMembers: 40,
  ViewCreatorMonetizationAnalytics: 41,
  UseSoundboard: 42,
  CreateGuildExpressions: 43,
  CreateEvents: 44,
  UseExternalSounds: 45,
  SendVoiceMessages: 46,
  SetVoiceChannelStatus: 48,
  SendPolls: 49,
  UseExternalApps: 50,
  PinMessages: 51,
  BypassSlowmode: 52,
} satisfies Record<PermissionName, number>;

/** Returns the bits of permissions together. They pass 2^53, so that only a BigInt holds them. */
export const permissionBits = (...names: readonly PermissionName[]): bigint =>
  names.reduce((sum, name) => sum | (1n << BigInt(bits[name])), 0n);

/**
 * Returns whether `held`, the digits that Discord sends, includes all of these permissions. Administrators hold every one.
 *
 * @example
 * run: ({ member }) => (hasPermissions(member?.permissions, "BanMembers") ? "You may ban." : "You may not ban.")
 */
export function hasPermissions(held: string | undefined, ...names: readonly PermissionName[]): boolean {
  const bits = BigInt(held ?? 0);
  const needed = permissionBits(...names);
  return (bits & permissionBits("Administrator")) !== 0n || (bits & needed) === needed;
}
