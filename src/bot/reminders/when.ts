import { nextOccurrence, type Recurrence, RecurrenceError } from "../../jobs/index.ts";
import { createWallClock } from "../../platform/index.ts";
import { readLater, withinYear } from "../duration.ts";
import { quoted } from "../quoted.ts";
import { readTime } from "./time.ts";

/** When something is due and whether it repeats, or what is wrong with what a person typed; both in sentences for them. */
export type When = { dueAt: number; every?: Recurrence; note?: string } | { problem: string };

export interface Typed {
  in?: string | undefined;
  at?: string | undefined;
  every?: string | undefined;
  /** The time zone of all three, as `readZone` returns it. */
  zone: string;
  now: number;
}

/**
 * Reads `in:10m`, `at:18:30` and `every:weekday 9:00`: either `in` or `at`, or `every` with or without one of them. The first time is
 * within a year. `readDuration` documents which lengths of time are accepted, `readTime` which times, `readEvery` which rhythms.
 */
export function readWhen({ in: after, at, every, zone, now }: Typed): When {
  if (after !== undefined && at !== undefined) return { problem: "Use `in` or `at`, not both." };
  if (after === undefined && at === undefined && every === undefined) {
    return { problem: "Say when: `in:10m`, `at:18:30` or `every:day 9:00`." };
  }
  const recurrence = every === undefined ? undefined : readEvery(every, zone);
  if (recurrence && "problem" in recurrence) return recurrence;
  let first: When = { dueAt: now };
  if (after !== undefined) first = readLater(after, { zone, now });
  else if (at !== undefined) first = readAt(at, { zone, now });
  else if (recurrence) first = withinYear(nextOccurrence(recurrence, now), { zone, now });
  return "problem" in first ? first : { ...first, ...(recurrence && { every: recurrence }) };
}

// --- Internal helpers ---

/**
 * `18:30` or `9.15` is the next such time, today or tomorrow; `2026-12-24 18:00` is on that day. Of a time that the clocks show
 * twice, the first counts; one that they skip is refused.
 */
function readAt(text: string, { zone, now }: Pick<Typed, "zone" | "now">): When {
  const time = readTime(text);
  if ("problem" in time) return time;
  const clock = createWallClock(zone);
  const today = Math.floor(clock.read(now) / day) * day;
  let wall = (time.date ?? today) + time.sinceMidnight;
  if (time.date === undefined && clock.find(wall).instant <= now) wall += day;
  const found = clock.find(wall);
  if (found.instant <= now) return { problem: `${quoted(text)} is in the past.` };
  if (found.shown === "never") {
    const before = clock.read(found.changeAt - 1) + 1;
    const after = clock.read(found.changeAt);
    return {
      problem: `There is no ${hoursOf(wall)} on ${dateOf(wall)} in ${zone}: the clocks go forward from ${hoursOf(before)} to ${hoursOf(after)}. Try \`${dateOf(after)} ${hoursOf(after)}\`.`,
    };
  }
  const due = withinYear(found.instant, { zone, now });
  if ("problem" in due || found.shown === "once") return due;
  return { ...due, note: `The clocks go back on that day and show ${hoursOf(wall)} twice. This is the first time.` };
}

const day = 24 * 60 * 60_000;
const dateOf = (wall: number): string => new Date(wall).toISOString().slice(0, 10);
const hoursOf = (wall: number): string => new Date(wall).toISOString().slice(11, 16);

const days: ReadonlyMap<string, string> = new Map(
  Object.entries({
    day: "*",
    weekday: "1-5",
    weekend: "6,0",
    monday: "1",
    tuesday: "2",
    wednesday: "3",
    thursday: "4",
    friday: "5",
    saturday: "6",
    sunday: "0",
  }),
);

/** `hour`, `day 9:00`, `weekday 18:30`, `monday 7:15` (9:00 when there is no time), or a cron expression of five fields. */
function readEvery(text: string, zone: string): Recurrence | { problem: string } {
  const words = text.trim().toLowerCase().split(/\s+/);
  const [first = "", ...rest] = words;
  const time = rest.join(" ") || "9:00";
  const onDay = days.get(first.replace(/s$/, ""));
  let cron = text.trim();
  if (/^hours?$/.test(first) && words.length === 1) cron = "0 * * * *";
  else if (onDay !== undefined && !time.includes("-")) {
    const read = readTime(time);
    if ("problem" in read) return read;
    const minutes = read.sinceMidnight / 60_000;
    cron = `${minutes % 60} ${Math.floor(minutes / 60)} * * ${onDay}`;
  } else if (words.length !== 5) {
    return {
      problem: `${quoted(text)} is not a way to repeat. Try \`day 9:00\`, \`weekday 18:30\`, \`monday 7:15\`, \`hour\`, or a cron expression such as \`0 9 1 * *\`.`,
    };
  }
  try {
    nextOccurrence({ cron, zone }, 0);
    return { cron, zone };
  } catch (error) {
    if (!(error instanceof RecurrenceError)) throw error;
    return {
      problem: error.cause
        ? `${quoted(text)} is not a cron expression. Its five fields are minute, hour, day of the month, month and day of the week, such as \`0 9 1 * *\`.`
        : `${quoted(text)} never comes: there is no such date.`,
    };
  }
}
