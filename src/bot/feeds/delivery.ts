import { DiscordApiError } from "../../discord/index.ts";
import { path, sha256, toHex } from "../../platform/index.ts";
import { channels, type Group } from "../../pubsub/index.ts";
import type { Invocation } from "../../runtime/index.ts";
import { messageFor } from "./post.ts";
import { type Follower, feedChannel, followersOf, unfollow } from "./topics.ts";

/** One post on its way to one channel. */
export interface Delivery extends Follower {
  data: unknown;
}

/**
 * Makes the workers that deliver posts to the channels that follow a topic. A post is spread first, as one message for each channel:
 * each delivery is then retried, given up and listed apart from the others.
 * Cost: 1 command to read the followers of a post, and 1 for each of them.
 */
export function openDeliveries(invocation: Invocation): Group {
  const { pubsub, discord, log } = invocation;
  const group = pubsub.group("feeds", { maxDeliveries, retryMs });

  group.subscribe(`${feedChannel("")}*`, async ({ id, channel, data }) => {
    const topic = channel.slice(feedChannel("").length);
    const followers = await followersOf(invocation, topic);
    // The ids are derived from the post's, so that a post that is spread twice reaches no channel twice.
    await Promise.all(
      followers.map((follower) =>
        pubsub.publish(channels.delivery(follower.channelId), { ...follower, data } satisfies Delivery, {
          id: `${id}:${follower.channelId}`,
        }),
      ),
    );
  });

  // Deliveries to one channel of Discord share one channel of the bus, so that they keep their order.
  group.subscribe<Delivery>(channels.delivery("*"), async ({ id, data: delivery }) => {
    const { topic, channelId, data } = delivery;
    try {
      // Discord makes one message of all that carry the same nonce within some minutes.
      const body = {
        ...messageFor(topic, data),
        allowed_mentions: { parse: [] },
        nonce: await nonceOf(id),
        enforce_nonce: true,
      };
      await discord.post(path`/channels/${channelId}/messages`, { body, isRepeatable: true });
    } catch (error) {
      if (!(error instanceof DiscordApiError) || error.status !== 404) throw error;
      log("info", "a channel that followed is gone", { topic, channel: channelId });
      await unfollow(invocation, delivery);
    }
  });

  return group;
}

// --- Internal helpers ---

const maxDeliveries = 5;
/** Within the time that Discord remembers a nonce. */
const retryMs = 45_000;

/** At most 25 characters, the same for the same delivery. https://docs.discord.com/developers/resources/message#create-message */
const nonceOf = async (id: string): Promise<string> => toHex((await sha256(id)).slice(0, 12));
