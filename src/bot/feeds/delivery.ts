import { DiscordApiError } from "../../discord/index.ts";
import { sha256, toHex } from "../../platform/index.ts";
import type { Group } from "../../pubsub/index.ts";
import type { Invocation } from "../../runtime/index.ts";
import { messageFor } from "./post.ts";
import { type Follower, feedChannel, followersOf, unfollow } from "./topics.ts";

/** What one following channel is to get. */
export interface Delivery extends Follower {
  data: unknown;
}

/** Deliveries to one channel of Discord are on one channel of the bus: one after the other, in their order. */
const deliveryChannel = (channelId: string): string => `delivery.${channelId}`;

/**
 * The workers that bring what is posted to a topic to every channel that follows it. In two steps, so that each delivery is
 * tried again, given up and looked at on its own. A post costs 1 command to read the followers and 1 for each of them.
 */
export function openDeliveries(invocation: Invocation): Group {
  const { pubsub, discord, log } = invocation;
  const group = pubsub.group("feeds", { maxDeliveries, retryMs });

  group.subscribe(`${feedChannel("")}*`, async ({ id, channel, data }) => {
    const topic = channel.slice(feedChannel("").length);
    const followers = await followersOf(invocation, topic);
    // Under ids of their own: a topic that is spread twice reaches no channel twice.
    await Promise.all(
      followers.map((follower) =>
        pubsub.publish(deliveryChannel(follower.channelId), { ...follower, data } satisfies Delivery, {
          id: `${id}:${follower.channelId}`,
        }),
      ),
    );
  });

  group.subscribe<Delivery>(`${deliveryChannel("")}*`, async ({ id, data: delivery }) => {
    const { topic, channelId, data } = delivery;
    try {
      // Discord makes one message of all that carry the same nonce within some minutes.
      const body = {
        ...messageFor(topic, data),
        allowed_mentions: { parse: [] },
        nonce: await nonceOf(id),
        enforce_nonce: true,
      };
      await discord.post(`/channels/${channelId}/messages`, { body, isRepeatable: true });
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
