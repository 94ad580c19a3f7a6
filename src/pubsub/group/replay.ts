import type { GroupContext } from "./context.ts";
import { listDeadLetters, removeDeadLetters } from "./dead-letters.ts";

export interface ReplayOptions {
  /** How many dead letters, the oldest first. Ignored with `ids`. Default: 10. */
  count?: number;
  /** Only these, among the oldest 1,000. Default: all of the page. */
  ids?: readonly string[];
}

export interface ReplayResult {
  replayed: number;
  /** Dead letters at which a handler threw again. They are kept. */
  failed: number;
}

/** Runs handlers with dead letters, and deletes those that were handled. */
export async function replay(
  { pubsub, name, handlers, reader }: GroupContext,
  { count = 10, ids }: ReplayOptions = {},
): Promise<ReplayResult> {
  const letters = await listDeadLetters(pubsub, name, { count: ids ? 1_000 : count });
  const wanted = letters.filter(({ id }) => !ids || ids.includes(id));
  const done: string[] = [];
  for (const { id, message } of wanted) {
    if ((await handlers.run(message, reader)).length === 0) done.push(id);
  }
  await removeDeadLetters(pubsub, name, done);
  return { replayed: done.length, failed: wanted.length - done.length };
}
