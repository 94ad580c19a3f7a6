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

/** Returns the place in an address of the page: `/channels/<server or @me>/<channel>?person=<person>`. */
export function readPlace({ pathname, search }: Pick<URL, "pathname" | "search">): Place {
  const person = new URLSearchParams(search).get("person");
  const channel = /^\/channels\/[^/]+\/(\d+)/.exec(pathname)?.[1];
  return { ...(person && { person }), ...(channel && { channel }) };
}

/** Returns the address of the page at a place. */
export function addressOf(place: Place, world: WorldView | undefined): string {
  const { channel, person } = place;
  const query = person ? `?${new URLSearchParams({ person })}` : "";
  if (channel === undefined) return `/${query}`;
  const guild = world?.guilds.find(({ channels }) => channels.some(({ id }) => id === channel));
  return `/channels/${guild?.id ?? "@me"}/${channel}${query}`;
}

/** Returns the query of a request to the server: `?person=…&channel=…`. */
export function writePlace({ person, channel }: Place, more: Readonly<Record<string, string>> = {}): string {
  return `?${new URLSearchParams({ ...(person && { person }), ...(channel && { channel }), ...more })}`;
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
