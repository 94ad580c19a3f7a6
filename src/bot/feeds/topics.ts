import type { Invocation } from "../../runtime/index.ts";
import { createKeys } from "../keys.ts";

// Followers are kept twice: by topic, to deliver posts, and by server, to list what its channels follow.

/** A channel that follows a topic. */
export interface Follower {
  topic: string;
  channelId: string;
  guildId: string;
}

type Services = Pick<Invocation, "redis" | "config">;

/** Returns the channel of the bus that carries a topic. */
export const feedChannel = (topic: string): string => `feed.${topic}`;

/** Returns what is wrong with a topic's name, for people; `undefined` when it is fine. */
export const problemWithTopic = (topic: string): string | undefined =>
  /^[a-z\d][a-z\d.-]{0,49}$/.test(topic)
    ? undefined
    : "A topic's name has 1 to 50 lower-case letters, digits, dots or dashes, such as `releases` or `shop.orders`.";

/** Has a channel follow a topic; doing it again changes nothing. Cost: 2 commands, 1 round trip. */
export async function follow(services: Services, { topic, channelId, guildId }: Follower): Promise<void> {
  const { redis, keys } = open(services);
  await Promise.all([
    redis.sadd(keys.serverFollows(guildId), entryOf(topic, channelId)),
    redis.hset(keys.topicFollowers(topic), { [channelId]: guildId }),
  ]);
}

/** Has a channel stop following a topic. Returns whether it followed it. Cost: 2 commands, 1 round trip. */
export async function unfollow(services: Services, { topic, channelId, guildId }: Follower): Promise<boolean> {
  const { redis, keys } = open(services);
  const [wasListed, didFollow] = await Promise.all([
    redis.srem(keys.serverFollows(guildId), entryOf(topic, channelId)),
    redis.hdel(keys.topicFollowers(topic), channelId),
  ]);
  return wasListed === 1 || didFollow === 1;
}

/** Returns what a server's channels follow, by topic. Cost: 1 command, 1 round trip. */
export async function followedIn(services: Services, guildId: string): Promise<Follower[]> {
  const { redis, keys } = open(services);
  const entries = await redis.smembers(keys.serverFollows(guildId));
  return entries.toSorted().map((entry) => {
    const [topic = "", channelId = ""] = entry.split(" ");
    return { topic, channelId, guildId };
  });
}

/** Returns the channels that follow a topic, in all servers. Cost: 1 command, 1 round trip. */
export async function followersOf(services: Services, topic: string): Promise<Follower[]> {
  const { redis, keys } = open(services);
  const flat = await redis.exec<string[]>(["HGETALL", keys.topicFollowers(topic)]);
  return flat.flatMap((channelId, index) =>
    index % 2 === 0 ? [{ topic, channelId, guildId: flat[index + 1] ?? "" }] : [],
  );
}

/**
 * Returns whether a server may publish to a topic. A topic belongs to the first server that publishes to it, so that no other
 * server reaches its followers, and is free again a year after its last post. Topics with a dot in their name are for HTTP alone.
 * Cost: 2 commands, 2 round trips; 1 and 1 for a topic of no server or another one, 0 for a name with a dot.
 */
export async function ownTopic(services: Services, topic: string, guildId: string): Promise<boolean> {
  if (topic.includes(".")) return false;
  const { redis, keys } = open(services);
  const key = keys.topicOwner(topic);
  const owner = await redis.set(key, guildId, { nx: true, get: true, px: ownedMs });
  if (owner === guildId) await redis.pexpire(key, ownedMs);
  return owner === null || owner === guildId;
}

// --- Internal helpers ---

/** How long a topic belongs to a server after its last post: a year. */
const ownedMs = 365 * 86_400_000;

const entryOf = (topic: string, channelId: string): string => `${topic} ${channelId}`;

const open = ({ redis, config }: Services) => ({ redis: redis.commands, keys: createKeys(config.keyPrefix) });
