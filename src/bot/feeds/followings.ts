import type { Invocation } from "../../runtime/index.ts";
import { createKeys } from "../keys.ts";
import { followScript } from "./followings.lua.ts";
import { nameOf, type Topic } from "./topics.ts";

// Followings are kept twice: by topic, to deliver posts, and by server, to list what its channels follow.

/** A channel that follows a topic. */
export interface Following {
  topic: Topic;
  channelId: string;
  guildId: string;
}

/** A following as its server sees it. `ended` says why nothing is posted any more. */
export interface ListedFollowing extends Following {
  ended?: string;
}

export type FeedServices = Pick<Invocation, "redis" | "config">;

/** How many followings a server may have. */
export const maxFollowings = 50;

/**
 * Has a channel follow a topic; doing it again changes nothing, and revives one that ended. Returns false when the server has as
 * many followings as it may.
 * Cost: 5 commands, 1 round trip.
 */
export async function follow(services: FeedServices, { topic, channelId, guildId }: Following): Promise<boolean> {
  const { redis, keys } = open(services);
  const reply = await redis.eval(
    followScript,
    [keys.followings(guildId), keys.topicFollowers(topic)],
    [fieldOf(topic, channelId), channelId, guildId, maxFollowings],
  );
  return reply === 1;
}

/** Has a channel stop following a topic. Cost: 2 commands, 1 round trip. */
export async function unfollow(services: FeedServices, { topic, channelId, guildId }: Following): Promise<void> {
  const { redis, keys } = open(services);
  await Promise.all([
    redis.hdel(keys.followings(guildId), fieldOf(topic, channelId)),
    redis.hdel(keys.topicFollowers(topic), channelId),
  ]);
}

/**
 * Ends the refused followings, and everything else that their channels of this server follow. `reasons` says why, by channel: it
 * stays in the server's list; without a reason the following is forgotten.
 * Cost: 1 command, 1 round trip, and 2 commands for each following, all in 1 round trip.
 */
export async function endFollowings(
  services: FeedServices,
  guildId: string,
  refused: readonly Following[],
  reasons: ReadonlyMap<string, string | undefined>,
): Promise<void> {
  const { redis, keys } = open(services);
  const key = keys.followings(guildId);
  const ending = (await followingsIn(services, guildId)).filter(
    ({ channelId, ended }) => reasons.has(channelId) && !ended,
  );
  // A following that the server's list does not know must not be asked again either.
  const stopping = new Map([...refused, ...ending].map((one) => [fieldOf(one.topic, one.channelId), one]));
  await Promise.all([
    ...ending.map(({ topic, channelId }) => {
      const field = fieldOf(topic, channelId);
      const reason = reasons.get(channelId);
      return reason === undefined ? redis.hdel(key, field) : redis.hset(key, { [field]: reason });
    }),
    ...[...stopping.values()].map(({ topic, channelId }) => redis.hdel(keys.topicFollowers(topic), channelId)),
  ]);
}

/** Returns what a server's channels follow, by topic. Cost: 1 command, 1 round trip. */
export async function followingsIn(services: FeedServices, guildId: string): Promise<ListedFollowing[]> {
  const { redis, keys } = open(services);
  const flat = await redis.exec<string[]>(["HGETALL", keys.followings(guildId)]);
  return pairsOf(flat)
    .flatMap(([field, ended]): ListedFollowing[] => {
      const [topic, channelId] = field.split(" ");
      return topic && channelId ? [{ topic, channelId, guildId, ...(ended !== "" && { ended }) }] : [];
    })
    .toSorted((a, b) => (nameOf(a.topic) < nameOf(b.topic) ? -1 : 1));
}

/** Returns the channels that follow a topic, in all servers, in the order of their ids. Cost: 1 command, 1 round trip. */
export async function followersOf(services: FeedServices, topic: Topic): Promise<Following[]> {
  const { redis, keys } = open(services);
  const flat = await redis.exec<string[]>(["HGETALL", keys.topicFollowers(topic)]);
  return pairsOf(flat)
    .map(([channelId, guildId]) => ({ topic, channelId, guildId }))
    .toSorted((a, b) => (a.channelId < b.channelId ? -1 : 1));
}

/** Returns whether a channel still follows a topic. Cost: 1 command, 1 round trip. */
export async function isFollowing(services: FeedServices, { topic, channelId }: Following): Promise<boolean> {
  const { redis, keys } = open(services);
  return (await redis.hexists(keys.topicFollowers(topic), channelId)) === 1;
}

/** Forgets everything that a server's channels follow. Cost: 3 commands, 2 round trips, and 1 for each following. */
export async function forgetFollowings(services: FeedServices, guildId: string): Promise<void> {
  const { redis, keys } = open(services);
  const all = await followingsIn(services, guildId);
  await Promise.all([
    ...all.map(({ topic, channelId }) => redis.hdel(keys.topicFollowers(topic), channelId)),
    redis.unlink(keys.followings(guildId), keys.failedDeliveries(guildId)),
  ]);
}

// --- Internal helpers ---

const fieldOf = (topic: Topic, channelId: string): string => `${topic} ${channelId}`;

const open = ({ redis, config }: FeedServices) => ({ redis: redis.commands, keys: createKeys(config.keyPrefix) });

/** Pairs of a flat list, as HGETALL gives it. */
const pairsOf = (flat: readonly string[]): [string, string][] =>
  flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ""] as [string, string]] : []));
