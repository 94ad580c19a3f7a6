/** The times that a cron expression stands for. */
export interface CronPattern {
  /** Whether its hour is `*`. */
  readonly isHourly: boolean;
  /** Returns the first of its times at or after a wall time, or undefined where there is none in 400 years. */
  from(wall: number): number | undefined;
}

/**
 * Reads a cron expression: minute, hour, day of the month, month, day of the week; with six fields the second comes first, with seven
 * the year last. Throws a `TypeError` that names the field that cannot be read.
 *
 * A field is `*` or `?` for all, or a list of numbers and ranges: `1,15`, `9-17`. A range, and `*`, may have a step: `0-30/5`. Months and
 * days of the week have English names of three letters; Sunday is 0 and 7. `L` is the last day of the month, `LW` its last weekday,
 * `15W` the weekday nearest to the 15th in that month; `FRI#2` is the second Friday, `FRI#L` the last. Where both days are given,
 * either will do, unless a `+` before the day of the week asks for both. `@yearly`, `@monthly`, `@weekly`, `@daily` and `@hourly` stand
 * for such expressions.
 *
 * @example
 * readCron("0 9 1 * *").from(Date.UTC(2027, 0, 2)); // Date.UTC(2027, 1, 1, 9)
 */
export function readCron(text: string): CronPattern {
  const typed = text.trim().toLowerCase();
  const fields = (nicknames.get(typed) ?? typed).replaceAll("?", "*").split(/\s+/);
  if (fields.length < 5 || fields.length > 7) throw new TypeError("a cron expression has five, six or seven fields");
  if (fields.length === 5) fields.unshift("0");
  const [second = "", minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = "", year = "*"] = fields;

  const seconds = readNumbers(second, { name: "second", least: 0, most: 59 });
  const minutes = readNumbers(minute, { name: "minute", least: 0, most: 59 });
  const hours = readNumbers(hour, { name: "hour", least: 0, most: 23 });
  const months = readNumbers(month, { name: "month", least: 1, most: 12, words: monthNames });
  const years = year === "*" ? undefined : new Set(readNumbers(year, { name: "year", least: 1, most: 9_999 }));
  const isDay = readDays(dayOfMonth, dayOfWeek);

  /** The first time of a day at or after another, both in milliseconds since midnight. */
  function timeFrom(ms: number): number | undefined {
    for (const hour of hours) {
      if ((hour + 1) * hourMs <= ms) continue;
      for (const minute of minutes) {
        const start = hour * hourMs + minute * minuteMs;
        if (start + minuteMs <= ms) continue;
        const second = seconds.find((second) => start + second * 1_000 >= ms);
        if (second !== undefined) return start + second * 1_000;
      }
    }
    return undefined;
  }

  return {
    isHourly: hour === "*",
    from(wall) {
      const first = new Date(wall).getUTCFullYear();
      for (let year = first; year <= first + 400; year++) {
        if (years?.has(year) === false) continue;
        for (const month of months) {
          const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
          for (let day = 1; day <= last; day++) {
            const midnight = Date.UTC(year, month - 1, day);
            if (midnight + dayMs <= wall || !isDay({ day, last, weekday: new Date(midnight).getUTCDay() })) continue;
            const time = timeFrom(wall - midnight);
            if (time !== undefined) return midnight + time;
          }
        }
      }
      return undefined;
    },
  };
}

// --- Internal helpers ---

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const monthNames = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const dayNames = "sun mon tue wed thu fri sat".split(" ");

const nicknames: ReadonlyMap<string, string> = new Map([
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
  ["@monthly", "0 0 1 * *"],
  ["@weekly", "0 0 * * 0"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@hourly", "0 * * * *"],
]);

interface Field {
  name: string;
  least: number;
  most: number;
  /** Names of its values, from the least. */
  words?: readonly string[];
}

/** A day of a month that has `last` days. */
interface Day {
  day: number;
  last: number;
  /** From 0, Sunday. */
  weekday: number;
}

type Rule = (day: Day) => boolean;

/** Returns the values of a list in ascending order. */
const readNumbers = (list: string, field: Field): number[] =>
  [...new Set(list.split(",").flatMap((part) => readPart(part, field)))].toSorted((a, b) => a - b);

/** Returns the values of a number, a range, or a range with a step; `*` is the whole range. */
function readPart(part: string, { name, least, most, words = [] }: Field): number[] {
  const form = /^(\d+|[a-z]+)(?:-(\d+|[a-z]+)(?:\/(\d+))?)?$/;
  const [, low = "", high = low, step = "1"] = form.exec(part.replace(/^\*/, `${least}-${most}`)) ?? [];
  const valueOf = (text: string): number =>
    words.includes(text) ? least + words.indexOf(text) : Number(text || "none");
  const [from, to, by] = [valueOf(low), valueOf(high), Number(step)];
  if (!(from >= least && from <= to && to <= most && by >= 1 && by <= most - least + 1)) {
    throw new TypeError(`the ${name} of a cron expression cannot be "${part}"`);
  }
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);
}

function readDays(dayOfMonth: string, dayOfWeek: string): Rule {
  const isBoth = dayOfWeek.startsWith("+");
  const weekdays = isBoth ? dayOfWeek.slice(1) : dayOfWeek;
  const inMonth = anyOf(dayOfMonth.split(",").map(readDayOfMonth));
  const inWeek = anyOf(weekdays.split(",").map(readDayOfWeek));
  return isBoth || dayOfMonth === "*" || weekdays === "*"
    ? (day) => inMonth(day) && inWeek(day)
    : (day) => inMonth(day) || inWeek(day);
}

const anyOf =
  (rules: readonly Rule[]): Rule =>
  (day) =>
    rules.some((rule) => rule(day));

function readDayOfMonth(part: string): Rule {
  const field = { name: "day of the month", least: 1, most: 31 };
  if (part === "l") return ({ day, last }) => day === last;
  if (part === "lw") return (at) => at.day === nearestWeekday(at.last, at);
  if (/^\d+w$/.test(part)) {
    const [wanted = 0] = readPart(part.slice(0, -1), field);
    return (at) => at.day === nearestWeekday(wanted, at);
  }
  const days = new Set(readPart(part, field));
  return ({ day }) => days.has(day);
}

function readDayOfWeek(part: string): Rule {
  const [, list = part, nth = "any"] = /^([^#]+?)#?(l|(?<=#)[1-5])$/.exec(part) ?? [];
  const field = { name: "day of the week", least: 0, most: 7, words: dayNames };
  const days = new Set(readPart(list.replace("-sun", "-7"), field).map((day) => day % 7));
  return ({ day, last, weekday }) => {
    if (!days.has(weekday)) return false;
    return nth === "any" || (nth === "l" ? day + 7 > last : Math.ceil(day / 7) === Number(nth));
  };
}

/** The day from Monday to Friday that is nearest to a day, in the same month. */
function nearestWeekday(wanted: number, { day, last, weekday }: Day): number | undefined {
  if (wanted > last) return undefined;
  switch ((((weekday + wanted - day) % 7) + 7) % 7) {
    case 6:
      return wanted === 1 ? 3 : wanted - 1;
    case 0:
      return wanted === last ? wanted - 2 : wanted + 1;
    default:
      return wanted;
  }
}
