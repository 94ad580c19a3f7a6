import type { ChannelView, GuildView, WorldView } from "../../protocol.ts";

/** Who looks, and where: the page's address holds both. */
export interface Place {
  /** A user's id. Default: the first of the world's people. */
  person?: string;
  /** A channel's id. Default: the first text channel. */
  channel?: string;
}

const categoryType = 4;
const voiceType = 2;

export function readPlace(search: string): Place {
  const query = new URLSearchParams(search);
  const person = query.get("person");
  const channel = query.get("channel");
  return { ...(person && { person }), ...(channel && { channel }) };
}

/** Returns the query of a page or of a request: `?person=…&channel=…`. */
export function writePlace({ person, channel }: Place, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({ ...(person && { person }), ...(channel && { channel }), ...more });
  return `?${query}`;
}

/** Returns the channel of a place and its server, or the person's first text channel. */
export function findChannel(
  { guilds, directs }: WorldView,
  { channel: id }: Place,
): { channel?: ChannelView; guild?: GuildView } {
  const all = [
    ...guilds.flatMap((guild) => guild.channels.map((channel) => ({ channel, guild }))),
    ...directs.map((channel) => ({ channel })),
  ];
  return all.find(({ channel }) => channel.id === id) ?? all.find(({ channel }) => isText(channel)) ?? {};
}

export const isCategory = ({ type }: ChannelView): boolean => type === categoryType;

export const isVoice = ({ type }: ChannelView): boolean => type === voiceType;

const isText = (channel: ChannelView): boolean => !isCategory(channel) && !isVoice(channel);
