import type { GroupContext } from "./context.ts";

/** Acknowledges messages, and forgets that they are done. Cost: 1 command, 1 round trip; 0 for no message. */
export async function acknowledge({ pubsub, name, state }: GroupContext, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await pubsub.exec<number>("XACK", pubsub.keys.stream, name, ...ids);
  for (const id of ids) {
    state.done.delete(id);
    state.pending.delete(id);
  }
}

/** Acknowledges everything that is done. Cost: 1 command, 1 round trip; 0 when nothing is done. */
export const flush = (group: GroupContext): Promise<void> => acknowledge(group, [...group.state.done]);
