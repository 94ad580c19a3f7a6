import { matchesChannel } from "../pubsub/index.ts";
import type { Feeds } from "./feature.ts";
import type { Invocation } from "./invocation.ts";

/** A tick delivers what the publishing invocation has not delivered by then. */
const safetyMs = 15_000;

/** How an invocation delivers what it publishes. */
export interface FeedHooks {
  onPublishing(channel: string): void;
  onPublished(channel: string): void;
}

/**
 * Delivers what this invocation publishes to a feed's channels, under `waitUntil`. A wake-up that leaves with the message has a
 * tick deliver it, should this invocation end before.
 * Cost: 1 command in the message's request, and 3 when all is delivered; what the feed's work costs.
 */
export function createFeedHooks(services: () => Invocation, feeds: Feeds): FeedHooks {
  const wakeAt = new Map<string, number>();
  const namesFor = (channel: string): string[] =>
    [...feeds].flatMap(([name, { channels }]) => (matchesChannel(channels, channel) ? [name] : []));

  async function deliver(name: string): Promise<void> {
    const next = await workOf(services(), feeds)[name]?.();
    const at = wakeAt.get(name);
    if (next === undefined && at !== undefined) await services().jobs.unwake(name, at);
  }

  return {
    onPublishing(channel) {
      for (const name of namesFor(channel)) {
        const { jobs, clock, waitUntil } = services();
        const at = clock.now() + safetyMs;
        wakeAt.set(name, at);
        waitUntil(jobs.wake(name, at));
      }
    },
    onPublished(channel) {
      for (const name of namesFor(channel)) services().waitUntil(deliver(name));
    },
  };
}

/** Returns the work behind each feed's wake-up, for one invocation. */
export const workOf = (services: Invocation, feeds: Feeds): Record<string, () => Promise<number | undefined>> =>
  Object.fromEntries([...feeds].map(([name, feed]) => [name, () => feed.open(services).work({ left: services.left })]));
