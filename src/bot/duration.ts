import { createWallClock } from "../platform/index.ts";
import { quoted } from "./quoted.ts";

/** A length of time: calendar months and days, by the clocks of a zone, and then milliseconds that pass. */
export interface Duration {
  months: number;
  days: number;
  ms: number;
}

/** A time in epoch milliseconds, or what is wrong with what a person typed, as a sentence for them. */
export type Later = { dueAt: number } | { problem: string };

/**
 * Reads a length of time. Returns what is wrong with it where it means nothing or could mean two things.
 *
 * Accepted: whole numbers and decimals (`1.5`, `1,5`), each with a unit, added up: `10m`, `1h30m`, `1h30`, `1,5 h`,
 * `2 days and 4 hours`, `an hour`, `1 month`. Units run from seconds to years, in English, in full or short. Months are whole; a
 * part of a day or a week counts in hours.
 */
export function readDuration(text: string): Duration | { problem: string } {
  const isNot = `${quoted(text)} is not a length of time`;
  // `1h30` is what many people write for `1h30m`.
  const typed = text
    .trim()
    .replace(/^(in\s|\+)\s*/i, "")
    .replace(/^an?\s+/i, "1 ")
    .replace(/(\dh) ?([0-5]\d)$/i, "$1$2m");
  const mistake = mistakes.find(({ pattern }) => pattern.test(typed));
  if (mistake) return { problem: `${isNot}: ${mistake.cure}` };
  if (!whole.test(typed)) return { problem: `${isNot}. ${examples}` };
  const sum: Duration = { months: 0, days: 0, ms: 0 };
  for (const [, number = "", name = ""] of typed.matchAll(parts)) {
    const unit = units.find(({ names }) => names.test(name));
    if (!unit) return { problem: `${isNot}: there is no unit ${quoted(name)}. ${examples}` };
    const count = Number(number.replace(",", "."));
    const days = Math.trunc(count * unit.days);
    sum.months += count * unit.months;
    sum.days += days;
    sum.ms += count * unit.ms + (count * unit.days - days) * day;
  }
  if (!Number.isInteger(sum.months)) {
    return { problem: `${isNot}: months differ in length, so only whole ones count. Try \`1 month 15 days\`.` };
  }
  return { ...sum, ms: Math.round(sum.ms) };
}

/**
 * Returns a time after another, both in epoch milliseconds; `Infinity` beyond what a `Date` can hold. Months and days keep the time
 * that the clocks of the zone show. A month that is too short counts up to its last day; a time that the clocks skip is the end
 * of the gap.
 */
export function addDuration(now: number, { months, days, ms }: Duration, zone: string): number {
  if (months === 0 && days === 0) return now + ms;
  const clock = createWallClock(zone);
  const date = new Date(clock.read(now));
  const dayOfMonth = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(date);
  lastDay.setUTCMonth(date.getUTCMonth() + 1, 0);
  const wall = date.setUTCDate(Math.min(dayOfMonth, lastDay.getUTCDate()) + days);
  return Math.abs(wall) < maxWall ? clock.find(wall).instant + ms : Number.POSITIVE_INFINITY;
}

/**
 * Reads a length of time and returns when it is over, in epoch milliseconds: from a second to a year after `now`. Days, months and
 * years go by the clocks of the zone.
 */
export function readLater(text: string, { zone, now }: { zone: string; now: number }): Later {
  const duration = readDuration(text);
  if ("problem" in duration) return duration;
  const dueAt = addDuration(now, duration, zone);
  if (dueAt < now + 1_000) return { problem: "That is less than a second away." };
  return withinYear(dueAt, { zone, now });
}

/** Returns a time unless it is beyond the same date and time of next year, by the clocks of the zone. */
export const withinYear = (dueAt: number, { zone, now }: { zone: string; now: number }): Later =>
  dueAt <= addDuration(now, { months: 12, days: 0, ms: 0 }, zone)
    ? { dueAt }
    : { problem: "That is more than a year away, and a year is the most." };

// --- Internal helpers ---

const examples = "Try `10m`, `1h30m`, `2 days` or `1 month`.";
const day = 24 * 60 * 60_000;
/** A hundred centuries short of the last `Date`. */
const maxWall = 8.3e15;

const unit = (names: RegExp, length: Partial<Duration>) => ({ names, months: 0, days: 0, ms: 0, ...length });

const units = [
  unit(/^(s|secs?|seconds?)$/i, { ms: 1_000 }),
  unit(/^(m|mins?|minutes?)$/i, { ms: 60_000 }),
  unit(/^(h|hrs?|hours?)$/i, { ms: 3_600_000 }),
  unit(/^(d|days?)$/i, { days: 1 }),
  unit(/^(w|wks?|weeks?)$/i, { days: 7 }),
  unit(/^(mo|mos|mth|mths|months?)$/i, { months: 1 }),
  unit(/^(y|yrs?|years?)$/i, { months: 12 }),
];

const part = String.raw`(\d{1,15}(?:[.,]\d{1,9})?)\s*(\p{L}+)\.?`;
const parts = new RegExp(part, "gu");
const whole = new RegExp(String.raw`^${part}(?:\s*(?:,|&|\band\b)?\s*${part})*$`, "iu");

/** Texts that could be taken for something else, with what to write instead. The first that fits is told. */
const mistakes: readonly { pattern: RegExp; cure: string }[] = [
  { pattern: /\bago\b/i, cure: `it is in the past. ${examples}` },
  { pattern: /[-\u2212\u2013]\s*\d/, cure: `it has a minus sign or a dash in it. ${examples}` },
  { pattern: /\d:\d/, cure: "write `1h30m` or `1m30s`." },
  { pattern: /\d\s*[/\u2044]\s*\d|[\u00BC-\u00BE]/, cure: "write a fraction as a decimal, such as `0.5h`." },
  {
    pattern: /(?<![\d.,])[1-9]\d{0,2}(?:[.,\s'\u2019_]\d{3})+(?!\d)/,
    cure: "`1,500` could be 1500 or 1.5. Write `1500m` or `1.5h`.",
  },
  { pattern: /\d\s*M(?!\p{L})/u, cure: "`M` could be minutes or months. Write `10 min` or `10 months`." },
  { pattern: /^\d[\d.,]*$|\s\d[\d.,]*$/, cure: `a number has no unit. ${examples}` },
];
