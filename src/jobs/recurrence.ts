import { Cron } from "croner";
import { RecurrenceError } from "./errors.ts";

/** Again and again, by a cron expression as the clocks of a time zone show it. */
export interface Recurrence {
  /** Five fields, or six with seconds; also `@daily` and the like. See https://croner.56k.guru/usage/pattern/ */
  cron: string;
  /** IANA name, such as `Europe/Berlin`. */
  zone: string;
}

/**
 * The first time after `after`; both epoch milliseconds. A time that the clocks skip in spring runs right after the gap; one
 * they show twice in autumn runs once. Throws `RecurrenceError`.
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
  if (next === null) throw new RecurrenceError(`"${cron}" in ${zone} never comes again`);
  return next.getTime();
}
