import { InvalidChannelError } from "./errors.ts";

/** Names of the channels that the bot itself uses. Any other name is as good. */
export const channels = {
  /** For every isolate. */
  all: "all",
  guild: (guildId: string) => `guild.${guildId}`,
  user: (userId: string) => `user.${userId}`,
  /** The leader's notices to every instance. */
  coordination: "coordination",
  /** Entries that L1 caches must forget. */
  invalidations: "cache.invalidations",
  /** A feed's posts on their way to one channel of Discord. */
  delivery: (channelId: string) => `delivery.${channelId}`,
} as const;

/**
 * The channels and patterns that only this bot's isolates publish to, since they act on what they hear there. Each with what
 * another system does in their place.
 */
export const internalChannels: Readonly<Record<string, string>> = {
  [channels.coordination]: "give an order with /broadcast",
  [channels.invalidations]: "have a feature of the bot call cache.invalidate",
  [channels.delivery("*")]: "publish to the channel feed.<topic>, and Discord's channels that follow the topic get it",
};

/** Returns whether a name is a pattern: `*` matches any run of characters, dots included, as with PSUBSCRIBE. */
export const isPattern = (text: string): boolean => text.includes("*");

/** Returns whether a name has 1 to 128 visible ASCII characters without `*`. */
export const isChannel = (name: string): boolean => /^[\x21-\x29\x2b-\x7e]{1,128}$/.test(name);

/** Returns the channel. Throws `InvalidChannelError` for a text that is none. */
export function checkChannel(channel: string): string {
  if (!isChannel(channel)) throw new InvalidChannelError(channel);
  return channel;
}

/** Returns the pattern. Throws `InvalidChannelError` unless it has 1 to 128 visible ASCII characters. */
export function checkPattern(pattern: string): string {
  if (!/^[\x21-\x7e]{1,128}$/.test(pattern)) throw new InvalidChannelError(pattern);
  return pattern;
}

/** Returns whether a channel's name or a pattern matches a channel. Takes time proportional to their lengths. */
export function matchesChannel(pattern: string, channel: string): boolean {
  if (!isPattern(pattern)) return pattern === channel;
  const [head = "", ...rest] = pattern.split("*");
  const tail = rest.pop() ?? "";
  if (!channel.startsWith(head) || !channel.endsWith(tail)) return false;
  let from = head.length;
  for (const piece of rest) {
    const at = channel.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  // The head, the pieces and the tail do not overlap.
  return from <= channel.length - tail.length;
}
