import type { GroupContext } from "./context.ts";
import { type DeadLetterPage, listDeadLetters, removeDeadLetters } from "./dead-letters.ts";

/** Which dead letters to replay: a page of them, or those that are named. */
export type ReplayOptions = DeadLetterPage;

export interface ReplayResult {
  replayed: number;
  /** Dead letters at which a handler threw again, or that no handler takes. They are kept. */
  failed: number;
}

/** Runs handlers with dead letters, and deletes those that were handled. */
export async function replay(
  { pubsub, name, handlers, reader }: GroupContext,
  page: ReplayOptions = {},
): Promise<ReplayResult> {
  const wanted = await listDeadLetters(pubsub, name, page);
  const done: string[] = [];
  for (const { id, message } of wanted) {
    if (handlers.has(message.channel) && (await handlers.run(message, reader)).length === 0) done.push(id);
  }
  await removeDeadLetters(pubsub, name, done);
  return { replayed: done.length, failed: wanted.length - done.length };
}
