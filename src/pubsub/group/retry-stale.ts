import type { PollResult } from "../listener.ts";
import type { Entry } from "../message.ts";
import { flush } from "./acknowledge.ts";
import { claimStale, type Stale } from "./claim-stale.ts";
import { type GroupContext, isReply } from "./context.ts";
import { giveUp, handleAll } from "./handle.ts";

/** After `quietTimes × retryMs` without traffic, stale messages are claimed only that often. */
const quietTimes = 10;

/** Handles stale messages, gives up those with too many deliveries, and acknowledges what is done. */
export async function retryStale(group: GroupContext): Promise<PollResult> {
  const { pubsub, reader, state, maxDeliveries, pageSize } = group;
  const now = pubsub.clock.now();
  state.claimedAt = now;
  const { claimed, ids, trimmed } = await claimStale(group).catch((error: unknown) => {
    if (isReply(error, "NOGROUP")) return none;
    throw error;
  });
  forgetSettled(group, ids, now);
  const [first] = trimmed;
  if (first !== undefined) {
    pubsub.reportGap({ reader, after: first, before: trimmed.at(-1) ?? first, missed: trimmed.length });
  }
  for (const id of trimmed) state.pending.delete(id);
  const entries: Entry[] = [];
  const deliveriesOf = new Map(claimed.map(({ entry, deliveries }) => [entry.streamId, deliveries]));
  const givingUp: Promise<void>[] = [];
  for (const { entry, deliveries } of claimed) {
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

/** Returns when stale messages are worth looking for again, in epoch milliseconds. */
export function retryDueAt({ pubsub, state, retryMs }: GroupContext): number {
  const now = pubsub.clock.now();
  // Only recent messages can be stale and still unclaimed.
  const isQuiet = now - (pubsub.state.pacing.movedAt ?? now) > quietTimes * retryMs;
  const waits = state.pending.size > state.done.size ? 1 : isQuiet ? quietTimes : 2;
  return state.claimedAt + waits * retryMs;
}

// --- Internal helpers ---

const none: Stale = { claimed: [], ids: [], trimmed: [] };

/** A message read long ago that is not stale was acknowledged with a lost reply, or claimed by another worker. */
function forgetSettled({ state, retryMs, pageSize }: GroupContext, staleIds: readonly string[], now: number): void {
  if (staleIds.length >= pageSize) return;
  for (const [id, readAt] of state.pending) {
    if (readAt <= now - retryMs && !staleIds.includes(id)) state.pending.delete(id);
  }
}
