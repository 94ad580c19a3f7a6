import type { Invocation } from "../invocation.ts";
import { createFeeds } from "./feeds/feeds.ts";

/** Of the 50 subrequests that a free plan allows an invocation: what is left is for what handlers send. */
const maxRequests = 35;

/**
 * Reads the bus until the deadline: delivers feeds, and has L1 obey what other isolates invalidate. 3 commands a minute when
 * nothing happens; how fast it is when something does: `Pubsub.runPump`.
 */
export async function pump(invocation: Invocation, deadline: number): Promise<void> {
  const { pubsub, log } = invocation;
  invocation.followInvalidations();
  const result = await pubsub.runPump({ deadline, maxRequests, followers: [createFeeds(invocation)] });
  log("debug", "pump", { ...result });
}
