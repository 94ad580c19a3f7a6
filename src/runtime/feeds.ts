import type { WakeHandler } from "../jobs/index.ts";
import { matchesChannel } from "../pubsub/index.ts";
import type { Feeds } from "./feature.ts";
import type { Invocation } from "./invocation.ts";

/** A tick delivers a message that the publishing invocation has not delivered by then. */
const safetyMs = 15_000;

/** How an invocation delivers feeds. */
export interface FeedWork {
  /** Called when a message leaves, and when it is on the bus. */
  onPublishing(channel: string): void;
  onPublished(channel: string): void;
  /** The work behind each feed's wake-up. */
  readonly wakes: Readonly<Record<string, WakeHandler>>;
}

/**
 * Delivers the messages that this invocation publishes to a feed's channels, under `waitUntil`. A wake-up that leaves with the
 * message has a tick deliver it, should this invocation end before. Messages that a feed's handler publishes are delivered in the
 * same round of work.
 * Cost: 1 command in the message's request, and 4 when all is delivered, in 1 round trip; what the feed's work costs.
 */
export function createFeedWork(services: () => Invocation, feeds: Feeds): FeedWork {
  /** When the wake-up is set for, by feed, until it is taken back. */
  const wakeAt = new Map<string, number>();
  /** Feeds that are being delivered, and whether more was published meanwhile. */
  const delivering = new Map<string, { again: boolean }>();
  const namesFor = (channel: string): string[] =>
    [...feeds].flatMap(([name, { channels }]) => (matchesChannel(channels, channel) ? [name] : []));

  /** Returns when to deliver what still waits, in epoch milliseconds; `undefined` when nothing does. */
  async function deliver(name: string): Promise<number | undefined> {
    const run = { again: true };
    delivering.set(name, run);
    let next: number | undefined;
    try {
      while (run.again) {
        run.again = false;
        next = await feeds.get(name)?.open(services()).work({ budget: services() });
      }
    } finally {
      delivering.delete(name);
    }
    return next;
  }

  async function deliverPublished(name: string): Promise<void> {
    const next = await deliver(name);
    const at = wakeAt.get(name);
    if (next !== undefined || at === undefined) return;
    wakeAt.delete(name);
    const { jobs, coordination } = services();
    // An instance that works is a member.
    await Promise.all([jobs.unwake(name, at), coordination.heartbeat()]);
  }

  return {
    onPublishing(channel) {
      // A delivery under way is guarded by its wake-up, or by the claim of it.
      for (const name of namesFor(channel).filter((one) => !delivering.has(one))) {
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
        else services().waitUntil(deliverPublished(name));
      }
    },
    wakes: Object.fromEntries(
      [...feeds.keys()].map((name): [string, WakeHandler] => [
        name,
        // This invocation delivers it already.
        async () => (delivering.has(name) ? services().clock.now() + safetyMs : deliver(name)),
      ]),
    ),
  };
}
