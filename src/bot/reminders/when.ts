import { nextOccurrence, type Recurrence, RecurrenceError } from "../../jobs/index.ts";
import { readDuration } from "../duration.ts";

/** When something is due and whether it repeats, or what is wrong with what a person typed. */
export type When = { dueAt: number; every?: Recurrence } | { problem: string };

export interface Typed {
  in?: string | undefined;
  at?: string | undefined;
  every?: string | undefined;
  /** An IANA name: the time zone of `at` and `every`. */
  zone: string;
  now: number;
}

const second = 1_000;
const year = 366 * 24 * 60 * 60 * second;

/** Reads `in:10m`, `at:18:30` and `every:weekday 9:00`: either `in` or `at`, or `every` with or without one of them. */
export function readWhen({ in: after, at, every, zone, now }: Typed): When {
  if (after !== undefined && at !== undefined) return { problem: "Use `in` or `at`, not both." };
  if (after === undefined && at === undefined && every === undefined) {
    return { problem: "Say when: `in:10m`, `at:18:30` or `every:day 9:00`." };
  }
  const recurrence = every === undefined ? undefined : readEvery(every, zone);
  if (recurrence && "problem" in recurrence) return recurrence;
  const first = after !== undefined ? readIn(after, now) : at !== undefined ? readAt(at, zone, now) : undefined;
  if (first && "problem" in first) return first;
  const dueAt = first?.dueAt ?? (recurrence ? nextOccurrence(recurrence, now) : now);
  return { dueAt, ...(recurrence && { every: recurrence }) };
}

// --- Internal helpers ---

function readIn(text: string, now: number): When {
  const ms = readDuration(text);
  if (ms === undefined)
    return { problem: `\`${shown(text)}\` is not a length of time. Try \`10m\`, \`1h30m\` or \`2 days\`.` };
  if (ms < second) return { problem: "That is less than a second away." };
  if (ms > year) return { problem: "That is more than a year away. Reminders are kept for a year at most." };
  return { dueAt: now + ms };
}

/** `18:30` is the next such time, today or tomorrow; `2026-12-24 18:00` is on that day. */
function readAt(text: string, zone: string, now: number): When {
  const problem = `\`${shown(text)}\` is not a time. Try \`18:30\` or \`2026-12-24 18:00\`.`;
  const [, date, hour, minute] = /^\s*(?:(\d{4}-\d{2}-\d{2})[ T]+)?(\d{1,2})[:.](\d{2})\s*$/.exec(text) ?? [];
  if (hour === undefined || minute === undefined) return { problem };
  const cron =
    date === undefined ? `${Number(minute)} ${Number(hour)} * * *` : `${date}T${hour.padStart(2, "0")}:${minute}:00`;
  try {
    const dueAt = nextOccurrence({ cron, zone }, now);
    return dueAt - now > year
      ? { problem: "That is more than a year away. Reminders are kept for a year at most." }
      : { dueAt };
  } catch (error) {
    if (!(error instanceof RecurrenceError)) throw error;
    return { problem: date === undefined ? problem : `\`${shown(text)}\` is in the past, or does not exist.` };
  }
}

const days: Readonly<Record<string, string>> = {
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
};

/** `hour`, `day 9:00`, `weekday 18:30`, `monday 7:15`, or a cron expression of five fields. */
function readEvery(text: string, zone: string): Recurrence | { problem: string } {
  const words = text.trim().toLowerCase().split(/\s+/);
  const [first = "", time = "9:00"] = words;
  const [, hour, minute] = /^(\d{1,2})[:.](\d{2})$/.exec(time) ?? [];
  const day = days[first.replace(/s$/, "")];
  let cron = text.trim();
  if (first === "hour" && words.length === 1) cron = "0 * * * *";
  else if (day !== undefined && words.length <= 2 && hour !== undefined && minute !== undefined) {
    cron = `${Number(minute)} ${Number(hour)} * * ${day}`;
  } else if (words.length !== 5) {
    return {
      problem: `\`${shown(text)}\` is not a rhythm. Try \`day 9:00\`, \`weekday 18:30\`, \`monday 7:15\`, \`hour\`, or a cron expression such as \`0 9 1 * *\`.`,
    };
  }
  try {
    nextOccurrence({ cron, zone }, 0);
    return { cron, zone };
  } catch (error) {
    if (!(error instanceof RecurrenceError)) throw error;
    return { problem: `\`${shown(text)}\` never comes: ${shown(error.message)}` };
  }
}

const shown = (text: string): string => text.replaceAll("`", "'").slice(0, 100);
