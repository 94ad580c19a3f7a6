import type { Context } from "../context.ts";
import type { InteractionRecord } from "./record.ts";

/** Tells a change of the record, and wakes everything that waits for it. */
export function notify({ emit }: Context, record: InteractionRecord): void {
  emit({ type: "interaction", record });
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
