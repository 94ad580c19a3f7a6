import { DiscordRateLimitError, isForbidden } from "../../discord/index.ts";
import { BudgetSpentError, path, reasonOf, sha256, toHex } from "../../platform/index.ts";
import { type Attempt, channels, type Group, type Message, MessagePutOffError } from "../../pubsub/index.ts";
import type { Invocation } from "../../runtime/index.ts";
import { createEnding, type End } from "./ending.ts";
import { forgetFailures, keepFailure } from "./failed-deliveries.ts";
import { isFollowing } from "./followings.ts";
import { messageFor } from "./post.ts";
import { type Delivery, spread } from "./spread.ts";
import { feedChannel, nameOf } from "./topics.ts";

/**
 * Makes the workers that deliver posts to the channels that follow a topic. A post is spread first, as one message for each channel:
 * each delivery is then tried, given up and listed apart from the others.
 * Cost: what `spread` costs; 1 command more for a delivery that waited.
 */
export function openDeliveries(services: Invocation): Group {
  const group = services.pubsub.group("feeds", { maxDeliveries, retryMs, concurrency: 6 });
  const end = createEnding(services);
  group.subscribe(feedChannel("*"), (message) => spread(services, message));
  group.subscribe(channels.delivery("*"), (message, attempt) => deliver(services, message, attempt, end));
  return group;
}

// --- Internal helpers ---

const maxDeliveries = 5;
/** A following is asked for again before a post that was spread longer ago than this. */
const freshMs = 10_000;
/** Within the time that Discord remembers a nonce. */
const retryMs = 45_000;

async function deliver(
  services: Invocation,
  { id, time, data: delivery }: Message,
  attempt: Attempt,
  end: End,
): Promise<void> {
  if (!isDelivery(delivery)) throw new TypeError("this message is no delivery of a post");
  const { topic, channelId, guildId, data } = delivery;
  // It may have ended since the post was spread: a person unfollowed, or Discord refused another post.
  const isOld = attempt.count > 1 || services.clock.now() - time > freshMs;
  const forget = async () => (attempt.count > 1 ? forgetFailures(services, guildId, [id]) : undefined);
  if (isOld && !(await isFollowing(services, delivery))) return forget();
  try {
    // Discord makes one message of all that carry the same nonce within some minutes.
    const body = { ...messageFor(nameOf(topic), data), nonce: await nonceOf(id), enforce_nonce: true };
    await services.discord.post(path`/channels/${channelId}/messages`, { body, isRepeatable: true, isFresh: true });
    await forget();
  } catch (error) {
    if (isForbidden(error)) {
      await Promise.all([end(delivery, error), forget()]);
      return;
    }
    const reason = reasonOf(error);
    if (isUnsent(error)) throw new MessagePutOffError(reason, { cause: error });
    const at = services.clock.now();
    await keepFailure(services, { ...delivery, id, tries: attempt.count, reason, at, isGivenUp: attempt.isLast });
    throw error;
  }
}

/** The bus may hold what another version, or a hand, put there. */
function isDelivery(data: unknown): data is Delivery {
  const { topic, channelId, guildId } = Object(data) as Partial<Record<string, unknown>>;
  return [topic, channelId, guildId].every((one) => typeof one === "string");
}

/** Returns whether Discord's limits, or the invocation's, left no room for the message. */
const isUnsent = (error: unknown): boolean =>
  error instanceof DiscordRateLimitError || (error instanceof Error && error.cause instanceof BudgetSpentError);

/** At most 25 characters, the same for the same delivery. https://docs.discord.com/developers/resources/message#create-message */
const nonceOf = async (id: string): Promise<string> => toHex((await sha256(id)).slice(0, 12));
