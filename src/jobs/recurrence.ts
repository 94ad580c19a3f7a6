import { Cron, type CronOptions } from "croner";
import { createWallClock } from "../platform/index.ts";
import { RecurrenceError } from "./errors.ts";

/** A cron expression, by the clocks of a time zone. */
export interface Recurrence {
  /**
   * Five fields, or six with seconds; also `@daily` and the like.
   *
   * @see https://croner.56k.guru/usage/pattern/
   */
  cron: string;
  /** IANA name, such as `Europe/Berlin`, or an offset, such as `+02:00`. */
  zone: string;
}

/**
 * Returns the first occurrence after a time; both in epoch milliseconds. Throws `RecurrenceError`.
 *
 * A time that the clocks skip in spring occurs right after the gap, once for all that the gap swallowed; a time that they show twice
 * in autumn occurs the first time. A pattern whose hour is `*` goes on through both: it occurs each time the
 * clocks show its minute, twice in autumn too, and makes up for nothing in spring.
 */
export function nextOccurrence({ cron, zone }: Recurrence, after: number): number {
  let next: number | undefined;
  try {
    next = isHourly(cron) ? nextShown(cron, zone, after) : nextOnce(cron, zone, after);
  } catch (cause) {
    throw new RecurrenceError(`"${cron}" in ${zone}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  if (next === undefined) throw new RecurrenceError(`"${cron}" in ${zone} has no further occurrence`);
  return next;
}

// --- Internal helpers ---

/** Five fields begin with the minute, six and seven with the second. */
function isHourly(cron: string): boolean {
  const fields = cron.trim().split(/\s+/);
  return fields[0]?.toLowerCase() === "@hourly" || /^[*?]$/.test(fields[fields.length > 5 ? 2 : 1] ?? "");
}

function readPattern(cron: string, options: CronOptions): Cron {
  const pattern = new Cron(cron, options);
  // The library also takes a single date.
  if (pattern.getPattern() === undefined) throw new TypeError("a date does not recur");
  return pattern;
}

const nextShown = (cron: string, zone: string, after: number): number | undefined =>
  readPattern(cron, { timezone: zone }).nextRun(new Date(after))?.getTime();

/**
 * The library knows which times a pattern has, but not lists of hours where clocks change. It is asked for wall times, which have no
 * change of clocks, and the zone says when each of them is.
 */
function nextOnce(cron: string, zone: string, after: number): number | undefined {
  const clock = createWallClock(zone);
  const pattern = readPattern(cron, { utcOffset: 0 });
  const shown = clock.read(after);
  const now = clock.find(shown);
  // Shown for the second time: everything up to the change has occurred.
  const wall = now.shown === "twice" && now.instant < after ? clock.read(now.changeAt - 1) : shown;
  const next = pattern.nextRun(new Date(wall));
  return next === null ? undefined : clock.find(next.getTime()).instant;
}
