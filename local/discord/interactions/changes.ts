import type { Context } from "../context.ts";
import { answerWithinMs } from "../limits.ts";
import type { InteractionRecord } from "./record.ts";

/** Tells a change of the record, and wakes everything that waits for it. */
export function notify({ emit }: Context, record: InteractionRecord): void {
  emit({ type: "interaction", record });
  for (const listener of record.changed) listener();
}

/** Resolves once an interaction is answered, and three seconds after it was sent at the latest. */
export async function untilAnswered(context: Context, record: InteractionRecord): Promise<void> {
  const leftMs = record.sentAt + answerWithinMs - context.clock.now();
  if (record.answer.kind === "none" && leftMs > 0) await untilChanged(context, record, leftMs);
}

/** Resolves at the next change of the record, or after `ms` milliseconds. */
export async function untilChanged({ clock }: Context, record: InteractionRecord, ms: number): Promise<void> {
  const done = new AbortController();
  const changed = new Promise<void>((resolve) => {
    const listener = () => {
      record.changed.delete(listener);
      resolve();
    };
    record.changed.add(listener);
  });
  await Promise.race([changed, clock.sleep(ms, done.signal)]);
  done.abort();
}
