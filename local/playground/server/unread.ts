import { type APIMessage, ChannelType } from "discord-api-types/v10";
import { canView, findChannel, isShownTo, messagesOf, type World } from "../../discord/index.ts";

export interface UnreadCount {
  unread: number;
  isMentioned: boolean;
}

/** Which messages people have not looked at yet. */
export interface Unread {
  /** Returns the messages in a channel that arrived since the person last looked, and whether any is for the person. */
  of(personId: string, channelId: string): UnreadCount;
  /** The person has seen everything in the channel. */
  read(personId: string, channelId: string): void;
  /** All messages are unread again. */
  clear(): void;
}

/** More are not counted. */
const most = 999;

export function createUnread(world: World): Unread {
  /** The last message seen, by person and channel. */
  const seen = new Map<string, bigint>();

  /** The person's own message, or an answer to the person's own interaction, is no news. */
  const isNews = (personId: string, message: APIMessage): boolean =>
    isShownTo(world, personId, message) &&
    message.author.id !== personId &&
    message.interaction_metadata?.user?.id !== personId;

  return {
    of(personId, channelId) {
      if (!canView(world, personId, channelId)) return { unread: 0, isMentioned: false };
      const after = seen.get(`${personId} ${channelId}`) ?? 0n;
      const fresh: APIMessage[] = [];
      for (const message of [...messagesOf(world, channelId).values()].toReversed()) {
        if (BigInt(message.id) <= after || fresh.length >= most) break;
        if (isNews(personId, message)) fresh.push(message);
      }
      return { unread: fresh.length, isMentioned: fresh.some((message) => isFor(world, personId, message)) };
    },
    read(personId, channelId) {
      const last = [...messagesOf(world, channelId).keys()].at(-1);
      if (last !== undefined) seen.set(`${personId} ${channelId}`, BigInt(last));
    },
    clear: () => seen.clear(),
  };
}

// --- Internal helpers ---

/** A message is for a person when it is a direct one or mentions the person. */
function isFor(world: World, personId: string, message: APIMessage): boolean {
  const place = findChannel(world, message.channel_id);
  if (place?.channel.type === ChannelType.DM) return true;
  const roles = place?.guild?.members.get(personId)?.roles ?? [];
  return (
    message.mention_everyone ||
    message.mentions.some(({ id }) => id === personId) ||
    message.mention_roles.some((id) => roles.includes(id))
  );
}
