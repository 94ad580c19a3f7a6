import { createWallClock, reasonOf, type WallClock } from "../platform/index.ts";
import { type CronPattern, readCron } from "./cron.ts";
import { RecurrenceError } from "./errors.ts";

/** A cron expression, by the clocks of a time zone. */
export interface Recurrence {
  /** Five fields, or six with seconds; also `@daily` and the like. `readCron` documents what they may hold. */
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
    const pattern = readCron(cron);
    const clock = createWallClock(zone);
    next = pattern.isHourly ? nextShown(pattern, clock, after + 1) : nextOnce(pattern, clock, after);
  } catch (cause) {
    throw new RecurrenceError(`"${cron}" in ${zone}: ${reasonOf(cause)}`, { cause });
  }
  if (next === undefined) throw new RecurrenceError(`"${cron}" in ${zone} has no further occurrence`);
  return next;
}

// --- Internal helpers ---

const dayMs = 24 * 60 * 60_000;

/** The first instant, from `start` on, at which the clocks show a time of the pattern: again, too, once they went back. */
function nextShown(pattern: CronPattern, clock: WallClock, start: number): number | undefined {
  const shown = clock.read(start);
  const wall = pattern.from(shown);
  const changeAt = clock.changeAfter(start);
  // Until the clocks change, wall time passes as time does.
  if (wall !== undefined && start + wall - shown < (changeAt ?? start + dayMs)) return start + wall - shown;
  if (changeAt !== undefined) return nextShown(pattern, clock, changeAt);
  if (wall === undefined) return undefined;
  const found = clock.find(wall);
  return found.shown === "never" ? nextShown(pattern, clock, found.changeAt) : found.instant;
}

function nextOnce(pattern: CronPattern, clock: WallClock, after: number): number | undefined {
  const shown = clock.read(after);
  const now = clock.find(shown);
  // Shown for the second time: everything up to the change has occurred.
  const wall = now.shown === "twice" && now.instant < after ? clock.read(now.changeAt - 1) : shown;
  const next = pattern.from(wall + 1);
  return next === undefined ? undefined : clock.find(next).instant;
}
