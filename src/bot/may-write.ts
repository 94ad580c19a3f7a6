import { type BaseInteraction, hasPermissions } from "../discord/index.ts";

/**
 * Returns whether the person may write in the channel of an interaction, as far as that tells: outside servers the bot cannot
 * write either, so that it is false there.
 */
export const mayWriteHere = ({ member, raw }: BaseInteraction): boolean =>
  hasPermissions(
    member?.permissions,
    "ViewChannel",
    threadTypes.has(raw.channel?.type) ? "SendMessagesInThreads" : "SendMessages",
  );

// --- Internal helpers ---

/** https://docs.discord.com/developers/resources/channel#channel-object-channel-types */
const threadTypes: ReadonlySet<unknown> = new Set([10, 11, 12]);
