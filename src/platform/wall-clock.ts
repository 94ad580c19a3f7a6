/**
 * The clocks of a time zone. A wall time is what they show, as the epoch milliseconds of the same date and time in UTC: wall times
 * are compared and counted on like any other number, with no change of clocks among them.
 */
export interface WallClock {
  /** Returns the wall time at an instant. */
  read(instant: number): number;
  /** Returns when the clocks show a wall time. */
  find(wall: number): Shown;
  /** Returns the instant at which the clocks change within a day after another, or undefined where they do not. */
  changeAfter(instant: number): number | undefined;
}

/**
 * The first instant at which the clocks show a wall time or a later one: of a time shown twice in autumn the first, and for a
 * time skipped in spring the end of the gap. `changeAt` is the instant at which the clocks change.
 */
export type Shown =
  | { shown: "once"; instant: number }
  | { shown: "twice" | "never"; instant: number; changeAt: number };

const dayMs = 24 * 60 * 60_000;

type Field = "year" | "month" | "day" | "hour" | "minute" | "second";

/**
 * Returns the clocks of a time zone. Throws a `RangeError` for a name that `Intl` does not know.
 *
 * @example
 * const berlin = createWallClock("Europe/Berlin");
 * berlin.find(Date.UTC(2027, 2, 28, 2, 30)); // { shown: "never", instant: …, changeAt: … }
 */
export function createWallClock(zone: string): WallClock {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });

  function read(instant: number): number {
    const fields = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const { year, month, day, hour, minute, second } = fields as Record<Field, number>;
    return Date.UTC(year, month - 1, day, hour, minute, second) + (instant - Math.floor(instant / 1_000) * 1_000);
  }

  const offsetAt = (instant: number): number => read(instant) - instant;

  function changeBetween(early: number, late: number): number {
    const offset = offsetAt(early);
    while (late - early > 1) {
      const middle = Math.floor((early + late) / 2);
      if (offsetAt(middle) === offset) early = middle;
      else late = middle;
    }
    return late;
  }

  return {
    read,
    changeAfter: (instant) =>
      offsetAt(instant) === offsetAt(instant + dayMs) ? undefined : changeBetween(instant, instant + dayMs),
    find(wall) {
      // Every offset is less than a day, and no zone changes its clocks twice in two days.
      const first = wall - offsetAt(wall - dayMs);
      const second = wall - offsetAt(wall + dayMs);
      if (first === second) return { shown: "once", instant: first };
      const changeAt = changeBetween(wall - dayMs, wall + dayMs);
      if (first < changeAt) {
        return second < changeAt ? { shown: "once", instant: first } : { shown: "twice", instant: first, changeAt };
      }
      return second < changeAt ? { shown: "never", instant: changeAt, changeAt } : { shown: "once", instant: second };
    },
  };
}
