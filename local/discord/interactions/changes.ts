import type { Context } from "../context.ts";
import type { InteractionRecord } from "./record.ts";

/** Wakes everything that waits for a change of the record. */
export function notify(record: InteractionRecord): void {
  for (const listener of record.changed) listener();
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
