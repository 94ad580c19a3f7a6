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
  /** When the wake-up is set for, by feed, until it is taken back. */
  const wakeAt = new Map<string, number>();
  /** Feeds that are being delivered, and whether more was published meanwhile. */
  const delivering = new Map<string, { again: boolean }>();
  const namesFor = (channel: string): string[] =>
    [...feeds].flatMap(([name, { channels }]) => (matchesChannel(channels, channel) ? [name] : []));

  async function deliverAll(name: string): Promise<void> {
    const run = { again: true };
    delivering.set(name, run);
    let next: number | undefined;
    try {
      while (run.again) {
        run.again = false;
        next = await workOf(services(), feeds)[name]?.();
      }
    } finally {
      delivering.delete(name);
    }
    const at = wakeAt.get(name);
    if (next !== undefined || at === undefined) return;
    wakeAt.delete(name);
    await services().jobs.unwake(name, at);
  }

  return {
    onPublishing(channel) {
      for (const name of namesFor(channel)) {
        const { jobs, clock, waitUntil } = services();
        const at = wakeAt.get(name) ?? clock.now() + safetyMs;
        wakeAt.set(name, at);
        waitUntil(jobs.wake(name, at));
      }
    },
    onPublished(channel) {
      for (const name of namesFor(channel)) {
        const run = delivering.get(name);
        if (run) run.again = true;
        else services().waitUntil(deliverAll(name));
      }
    },
  };
}

/** Returns the work behind each feed's wake-up, for one invocation. */
export const workOf = (services: Invocation, feeds: Feeds): Record<string, () => Promise<number | undefined>> =>
  Object.fromEntries([...feeds].map(([name, feed]) => [name, () => feed.open(services).work({ budget: services })]));
