import { quoted } from "../quoted.ts";

/** A time of day in milliseconds since midnight, with its date as the epoch milliseconds of that midnight in UTC. */
export interface TimeOfDay {
  date?: number;
  sinceMidnight: number;
}

/**
 * Reads `18:30`, `9.15`, `6:30 pm` and `2026-12-24 18:00`: from 0:00 to 23:59, on days that the calendar has. Returns what is
 * wrong with any other text, as a sentence for the person.
 */
export function readTime(text: string): TimeOfDay | { problem: string } {
  const { date, hour = "", minute, half } = form.exec(text.trim())?.groups ?? {};
  if ((minute ?? half) === undefined) return { problem: `${quoted(text)} is not a time. ${examples}` };
  const wrong = wrongTime(Number(hour), Number(minute ?? 0), half !== undefined);
  if (wrong) return { problem: `${quoted(text)} is not a time: ${wrong}` };
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0);
  const sinceMidnight = (hours * 60 + Number(minute ?? 0)) * 60_000;
  if (date === undefined) return { sinceMidnight };
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  const noDate = wrongDate(year, month, day);
  if (noDate) return { problem: `${quoted(text)} does not exist: ${noDate}` };
  return { date: Date.UTC(year, month - 1, day), sinceMidnight };
}

// --- Internal helpers ---

const form =
  /^(?:(?<date>\d{4}-\d{1,2}-\d{1,2})(?:\s+|\s*T\s*))?(?<hour>\d{1,2})(?:[:.](?<minute>\d{2}))?(?:\s*(?<half>[ap])\.?m\.?)?$/i;
const examples = "Try `18:30` or `2026-12-24 18:00`.";

function wrongTime(hour: number, minute: number, isHalf: boolean): string | undefined {
  if (isHalf && (hour < 1 || hour > 12)) return `with am and pm, hours go from 1 to 12. ${examples}`;
  if (hour === 24 && minute === 0) return "a day ends at 23:59. Midnight is 0:00 on the next day.";
  if (hour > 23 || minute > 59) return `hours go from 0 to 23 and minutes from 0 to 59. ${examples}`;
  return undefined;
}

function wrongDate(year: number, month: number, day: number): string | undefined {
  if (month < 1 || month > 12) return `months go from 1 to 12. ${examples}`;
  const last = new Date(Date.UTC(year, month, 0));
  if (day >= 1 && day <= last.getUTCDate()) return undefined;
  const name = last.toLocaleString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
  return `${name} has ${last.getUTCDate()} days.`;
}
