import { Cron } from "croner";
import { RecurrenceError } from "./errors.ts";

/** A cron expression, by the clocks of a time zone. */
export interface Recurrence {
  /**
   * Five fields, or six with seconds; also `@daily` and the like.
   *
   * @see https://croner.56k.guru/usage/pattern/
   */
  cron: string;
  /** IANA name, such as `Europe/Berlin`. */
  zone: string;
}

/**
 * Returns the first occurrence after a time; both in epoch milliseconds. A time that the clocks skip in spring occurs
 * right after the gap; a time that they show twice in autumn occurs once. Throws `RecurrenceError`.
 */
export function nextOccurrence({ cron, zone }: Recurrence, after: number): number {
  let next: Date | null;
  try {
    next = new Cron(cron, { timezone: zone }).nextRun(new Date(after));
  } catch (cause) {
    throw new RecurrenceError(`"${cron}" in ${zone}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  if (next === null) throw new RecurrenceError(`"${cron}" in ${zone} has no further occurrence`);
  return next.getTime();
}
