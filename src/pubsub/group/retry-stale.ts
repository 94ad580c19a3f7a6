import type { Entry } from "../message.ts";
import type { PollResult } from "../poller.ts";
import { flush } from "./acknowledge.ts";
import { claimStale, type Stale } from "./claim-stale.ts";
import { type GroupContext, isReply } from "./context.ts";
import { giveUp, handleAll } from "./handle.ts";

/**
 * Handles stale messages, those delivered least first, so that one that always fails comes after one that was given back untried.
 * Gives up those with too many deliveries, and acknowledges what is done.
 */
export async function retryStale(group: GroupContext): Promise<PollResult> {
  const { pubsub, reader, state, maxDeliveries, pageSize } = group;
  const now = pubsub.clock.now();
  const { claimed, ids, trimmed } = await claimStale(group).catch((error: unknown) => {
    if (isReply(error, "NOGROUP")) return none;
    throw error;
  });
  if (ids.length < pageSize) forgetSettled(group, now);
  const [first] = trimmed;
  if (first !== undefined) {
    pubsub.reportGap({ reader, after: first, before: trimmed.at(-1) ?? first, missed: trimmed.length });
  }
  for (const id of trimmed) state.pending.delete(id);
  const entries: Entry[] = [];
  const deliveriesOf = new Map(claimed.map(({ entry, deliveries }) => [entry.streamId, deliveries]));
  const givingUp: Promise<void>[] = [];
  for (const { entry, deliveries } of claimed.toSorted((a, b) => a.deliveries - b.deliveries)) {
    state.pending.set(entry.streamId, now);
    // Every worker that had it died: handlers that throw are counted elsewhere.
    if (deliveries > maxDeliveries && entry.message) {
      givingUp.push(giveUp(group, entry.message, deliveries - 1, "every worker that handled it died"));
    } else {
      entries.push(entry);
    }
  }
  await Promise.all(givingUp);
  const delivered = await handleAll(group, entries, (streamId) => deliveriesOf.get(streamId) ?? 1);
  await flush(group);
  return { delivered, hasMore: ids.length === pageSize };
}

// --- Internal helpers ---

const none: Stale = { claimed: [], ids: [], trimmed: [] };

/**
 * A message read long ago is stale, and pending anew if this worker claims it; or it was acknowledged with a lost reply, or
 * claimed by another worker.
 */
function forgetSettled({ state, retryMs }: GroupContext, now: number): void {
  for (const [id, readAt] of state.pending) if (readAt <= now - retryMs) state.pending.delete(id);
}
