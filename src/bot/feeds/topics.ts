import type { Invocation } from "../../runtime/index.ts";

// Who follows which topic: by topic, for whoever delivers, and by server, for whoever asks what is followed there.

/** A channel that follows a topic. */
export interface Follower {
  topic: string;
  channelId: string;
  guildId: string;
}

type Services = Pick<Invocation, "redis" | "config">;

/** Topics are channels of the bus, under this name. */
export const feedChannel = (topic: string): string => `feed.${topic}`;

/** What is wrong with a topic's name, for people; nothing when it is fine. */
export const problemWithTopic = (topic: string): string | undefined =>
  /^[a-z\d][a-z\d.-]{0,49}$/.test(topic)
    ? undefined
    : "A topic is called by 1 to 50 small letters, digits, dots or dashes, such as `releases` or `shop.orders`.";

/** Has a channel follow a topic; doing it again changes nothing. 2 commands in 1 round trip. */
export async function follow(services: Services, { topic, channelId, guildId }: Follower): Promise<void> {
  const { redis, keys } = open(services);
  await Promise.all([
    redis.sadd(keys.server(guildId), entryOf(topic, channelId)),
    redis.hset(keys.topic(topic), { [channelId]: guildId }),
  ]);
}

/** Says whether the channel followed it. 2/1. */
export async function unfollow(services: Services, { topic, channelId, guildId }: Follower): Promise<boolean> {
  const { redis, keys } = open(services);
  const [wasListed, didFollow] = await Promise.all([
    redis.srem(keys.server(guildId), entryOf(topic, channelId)),
    redis.hdel(keys.topic(topic), channelId),
  ]);
  return wasListed === 1 || didFollow === 1;
}

/** What a server's channels follow, by topic. 1/1. */
export async function followedIn(services: Services, guildId: string): Promise<Follower[]> {
  const { redis, keys } = open(services);
  const entries = await redis.smembers(keys.server(guildId));
  return entries.toSorted().map((entry) => {
    const [topic = "", channelId = ""] = entry.split(" ");
    return { topic, channelId, guildId };
  });
}

/** The channels that follow a topic, in all servers. 1/1. */
export async function followersOf(services: Services, topic: string): Promise<Follower[]> {
  const { redis, keys } = open(services);
  const flat = await redis.exec<string[]>(["HGETALL", keys.topic(topic)]);
  return flat.flatMap((channelId, index) =>
    index % 2 === 0 ? [{ topic, channelId, guildId: flat[index + 1] ?? "" }] : [],
  );
}

/**
 * May this server publish to the topic? It belongs to the first that does, so that nobody speaks to another server's
 * followers; topics with a dot in their name belong to nobody on Discord, and are for HTTP alone. 1/1, or 0.
 */
export async function ownTopic(services: Services, topic: string, guildId: string): Promise<boolean> {
  if (topic.includes(".")) return false;
  const { redis, keys } = open(services);
  const owner = await redis.set(keys.owner(topic), guildId, { nx: true, get: true });
  return owner === null || owner === guildId;
}

// --- Internal helpers ---

const entryOf = (topic: string, channelId: string): string => `${topic} ${channelId}`;

const open = ({ redis, config: { keyPrefix } }: Services) => ({
  redis: redis.commands,
  keys: {
    topic: (topic: string) => `${keyPrefix}f:${topic}`,
    server: (guildId: string) => `${keyPrefix}fg:${guildId}`,
    owner: (topic: string) => `${keyPrefix}fo:${topic}`,
  },
});
