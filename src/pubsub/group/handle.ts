import { isRemembered, remember } from "../memory.ts";
import type { Entry, Message } from "../message.ts";
import type { GroupContext } from "./context.ts";
import { bury } from "./dead-letters.ts";
import { inLanes } from "./lanes.ts";

/**
 * Runs handlers: messages of one channel in turn, channels side by side. Messages without a handler are done. Returns
 * how many messages reached a handler.
 */
export async function handleAll(
  group: GroupContext,
  entries: readonly Entry[],
  deliveriesOf: (streamId: string) => number,
): Promise<number> {
  const wanted: Message[] = [];
  for (const { streamId, message } of entries) {
    if (message && group.handlers.has(message.channel)) wanted.push(message);
    else group.state.done.add(streamId);
  }
  const outcomes = await inLanes(
    wanted,
    ({ channel }) => channel,
    (message) => handle(group, message, deliveriesOf(message.streamId)),
    group.concurrency,
  );
  return outcomes.filter(Boolean).length;
}

/** Moves a message to the dead letters. Cost: 2 commands, 1 round trip. */
export async function giveUp(
  { pubsub, name, state }: GroupContext,
  message: Message,
  deliveries: number,
  error: unknown,
): Promise<void> {
  await bury(pubsub, name, { message, deliveries, reason: error instanceof Error ? error.message : String(error) });
  state.pending.delete(message.streamId);
  pubsub.state.counters.deadLetters += 1;
  pubsub.report({ type: "dead-letter", group: name, message, deliveries, error });
}

// --- Internal helpers ---

/** Returns whether the message reached a handler. */
async function handle(group: GroupContext, message: Message, deliveries: number): Promise<boolean> {
  const { pubsub, state, handlers, reader, maxDeliveries } = group;
  if (isRemembered(state.memory, message.id)) {
    pubsub.state.counters.duplicates += 1;
    state.done.add(message.streamId);
    return false;
  }
  const failures = await handlers.run(message, reader);
  if (failures.length === 0) {
    remember(state.memory, message.id);
    state.done.add(message.streamId);
  } else if (deliveries >= maxDeliveries) {
    await giveUp(group, message, deliveries, failures[0]);
  }
  return true;
}
