import { channels, type Message } from "../../pubsub/index.ts";
import type { Invocation } from "../../runtime/index.ts";
import { type Following, followersOf } from "./followings.ts";
import { feedChannel, topicOf } from "./topics.ts";

/** One post on its way to one channel. */
export interface Delivery extends Following {
  data: unknown;
}

/** Channels that one message of a post is spread to. */
const perMessage = 25;

/** The rest of a post that is still to be spread: after which channel, and its text. */
interface Rest {
  after: string;
  postId: string;
  data: unknown;
}

const restType = "rest";

/**
 * Spreads a post: publishes one delivery for each of the next 25 channels that follow its topic, and the rest of the post behind
 * what waits on the bus. A post to many channels thus lets the others pass.
 * Cost: 1 command, 1 round trip to read the followers, 1 and 1 for all that it publishes, for every 25 channels.
 */
export async function spread(services: Invocation, { id, channel, type, data }: Message): Promise<void> {
  const topic = topicOf(channel);
  const rest = type === restType && isRest(data) ? data : { after: "", postId: id, data };
  const followers = (await followersOf(services, topic)).filter(({ channelId }) => channelId > rest.after);
  const next = followers.slice(0, perMessage);
  const last = next.at(-1);
  // The ids are derived from the post's, so that a post that is spread twice reaches no channel twice.
  await Promise.all([
    ...next.map((follower) =>
      services.pubsub.publish(
        channels.delivery(follower.channelId),
        { ...follower, data: rest.data } satisfies Delivery,
        { id: `${rest.postId}:${follower.channelId}` },
      ),
    ),
    last && followers.length > next.length
      ? services.pubsub.publish(feedChannel(topic), { ...rest, after: last.channelId } satisfies Rest, {
          id: `${rest.postId}:after:${last.channelId}`,
          type: restType,
        })
      : undefined,
  ]);
}

// --- Internal helpers ---

/** Other systems may give their posts any type, this one too. */
function isRest(data: unknown): data is Rest {
  const { after, postId } = Object(data) as Partial<Record<string, unknown>>;
  return typeof after === "string" && typeof postId === "string";
}
