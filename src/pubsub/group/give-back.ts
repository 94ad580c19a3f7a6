import type { Message } from "../message.ts";
import type { GroupContext } from "./context.ts";

/**
 * Gives back messages that no handler handled: this was no delivery. They count as read `idleMs` ago: after `retryMs` a worker claims
 * them.
 * Cost: 1 command, 1 round trip, for messages that were delivered as often; 0 for no message.
 */
export async function giveBack(
  { pubsub, name, consumer, state }: GroupContext,
  messages: readonly Message[],
  deliveriesOf: (streamId: string) => number,
  idleMs: number,
): Promise<void> {
  const byDeliveries = Map.groupBy(
    messages.map(({ streamId }) => streamId),
    deliveriesOf,
  );
  await Promise.all(
    [...byDeliveries].map(([deliveries, ids]) =>
      pubsub.exec(
        "XCLAIM",
        pubsub.keys.stream,
        name,
        consumer,
        0,
        ...ids,
        "IDLE",
        idleMs,
        "RETRYCOUNT",
        deliveries - 1,
        "JUSTID",
      ),
    ),
  );
  for (const { streamId } of messages) state.pending.delete(streamId);
}
