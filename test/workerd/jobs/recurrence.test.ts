import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextOccurrence, RecurrenceError } from "../../../src/jobs/index.ts";

const at = (text: string) => Date.parse(text);
const iso = (ms: number) => new Date(ms).toISOString().replace(".000", "");

/** Returns the occurrences in a time: those after its beginning, up to its end. */
function occurrences(cron: string, zone: string, from: number, to: number): number[] {
  const times: number[] = [];
  for (let next = nextOccurrence({ cron, zone }, from); next <= to; next = nextOccurrence({ cron, zone }, next)) {
    times.push(next);
  }
  return times;
}

// Berlin: forward at 2:00 on 2027-03-28, back at 3:00 on 2026-10-25. New York: 2026-03-08 and 2026-11-01, at 2:00.
// Lord Howe: half an hour, forward at 2:00 on 2026-10-04, back at 2:00 on 2026-04-05.
it.each([
  ["Europe/Berlin", "0 2,14 * * *", "2027-03-28", ["2027-03-28T01:00:00Z", "2027-03-28T12:00:00Z"]],
  ["Europe/Berlin", "0,30 2 * * *", "2026-10-25", ["2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z"]],
  ["Europe/Berlin", "*/30 2 * * *", "2026-10-25", ["2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z"]],
  ["Europe/Berlin", "0,30 2 * * *", "2027-03-28", ["2027-03-28T01:00:00Z"]],
  ["Europe/Berlin", "0 2,3 * * *", "2027-03-28", ["2027-03-28T01:00:00Z"]],
  ["Europe/Berlin", "0 2-3 * * *", "2026-10-25", ["2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z"]],
  ["Europe/Berlin", "30 2 * * *", "2027-03-28", ["2027-03-28T01:00:00Z"]],
  [
    "Europe/Berlin",
    "15,45 1-3 * * 0",
    "2027-03-28",
    ["00:15", "00:45", "01:00", "01:15", "01:45"].map((time) => `2027-03-28T${time}:00Z`),
  ],
  ["America/New_York", "30 1,2 * * *", "2026-03-08", ["2026-03-08T06:30:00Z", "2026-03-08T07:00:00Z"]],
  ["America/New_York", "30 1,2 * * *", "2026-11-01", ["2026-11-01T05:30:00Z", "2026-11-01T07:30:00Z"]],
  [
    "Australia/Lord_Howe",
    "15,45 1,2 * * *",
    "2026-10-04",
    ["2026-10-03T14:45:00Z", "2026-10-03T15:15:00Z", "2026-10-03T15:30:00Z", "2026-10-03T15:45:00Z"],
  ],
  ["Australia/Lord_Howe", "45 1 * * *", "2026-04-05", ["2026-04-04T14:45:00Z"]],
])("in %s, `%s` runs once each on %s", (zone, cron, day, expected) => {
  const noon = at(`${day}T12:00:00Z`);
  const shown = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" });
  const all = occurrences(cron, zone, noon - 86_400_000, noon + 86_400_000);
  expect(all.filter((time) => shown.format(time) === day).map(iso)).toEqual(expected);
});

it.each([
  ["Europe/Berlin", "*/30 * * * *", "2026-10-24T23:30:00Z", 7],
  ["Europe/Berlin", "*/30 * * * *", "2027-03-27T23:30:00Z", 7],
  ["America/St_Johns", "0 * * * *", "2026-11-01T02:30:00Z", 4],
  ["Europe/Berlin", "0 */30 * * * *", "2026-10-24T23:30:00Z", 7],
  ["Europe/Berlin", "0 30 * * * *", "2026-10-24T23:30:00Z", 4],
  ["Europe/Berlin", "@hourly", "2026-10-24T23:00:00Z", 4],
])("in %s, `%s` goes on every time the clocks show it (from %s)", (zone, cron, from, count) => {
  const times = occurrences(cron, zone, at(from) - 1, at(from) + 3 * 3_600_000 + 1);
  expect(times).toHaveLength(count);
  expect(new Set(times.slice(1).map((time, index) => time - (times[index] ?? 0))).size).toBe(1);
});

it("counts the second and its milliseconds as after their occurrence", () => {
  const daily = { cron: "0 9 * * *", zone: "UTC" };
  expect(iso(nextOccurrence(daily, at("2026-01-01T08:59:59.999Z")))).toBe("2026-01-01T09:00:00Z");
  expect(iso(nextOccurrence(daily, at("2026-01-01T09:00:00Z")))).toBe("2026-01-02T09:00:00Z");
  expect(iso(nextOccurrence(daily, at("2026-01-01T09:00:00.001Z")))).toBe("2026-01-02T09:00:00Z");
  const hourly = { cron: "0 * * * *", zone: "UTC" };
  expect(iso(nextOccurrence(hourly, at("2026-01-01T08:59:59.999Z")))).toBe("2026-01-01T09:00:00Z");
  expect(iso(nextOccurrence(hourly, at("2026-01-01T09:00:00Z")))).toBe("2026-01-01T10:00:00Z");
});

it("keeps a zone that is an offset", () => {
  expect(iso(nextOccurrence({ cron: "0 9 * * *", zone: "-03:30" }, at("2026-07-01T00:00:00Z")))).toBe(
    "2026-07-01T12:30:00Z",
  );
});

it("runs right after a day that a zone left out", () => {
  const every = { cron: "0 9 * * *", zone: "Pacific/Apia" };
  const first = nextOccurrence(every, at("2011-12-30T00:00:00Z"));
  expect([iso(first), iso(nextOccurrence(every, first))]).toEqual(["2011-12-30T10:00:00Z", "2011-12-30T19:00:00Z"]);
});

it.each(["2027-01-01T00:00:00", "0 9 * *", "1,5h", ""])("refuses %j, which is no pattern", (cron) => {
  expect(() => nextOccurrence({ cron, zone: "UTC" }, 0)).toThrow(RecurrenceError);
});

describe("beside a slow reference that looks at every minute", () => {
  const zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC", "America/St_Johns"];
  /** Days around which some zone changes its clocks, and one on which none does. */
  const days = [
    "2026-03-07",
    "2026-03-28",
    "2026-04-04",
    "2026-07-01",
    "2026-10-03",
    "2026-10-24",
    "2026-10-31",
    "2027-03-27",
  ];

  const field = (least: number, most: number) => {
    const number = fc.integer({ min: least, max: most });
    const range = fc.tuple(number, number).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
    const one = fc.oneof(
      number.map(String),
      range,
      fc.integer({ min: 1, max: 20 }).map((step) => `*/${Math.min(step, most)}`),
    );
    return fc.array(one, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(","));
  };
  const minutes = field(0, 59);
  const hours = fc.oneof({ weight: 4, arbitrary: field(0, 5) }, { weight: 1, arbitrary: fc.constant("*") });
  const cron = fc
    .tuple(minutes, hours, fc.constantFrom("*", "*", "0", "6,0", "1-5"))
    .map(([m, h, d]) => `${m} ${h} * * ${d}`);

  const isIn = (text: string, value: number): boolean =>
    text.split(",").some((part) => {
      const [, step] = /^\*\/(\d+)$/.exec(part) ?? [];
      if (part === "*" || step !== undefined) return value % Number(step ?? 1) === 0;
      const [from = 0, to = from] = part.split("-").map(Number);
      return value >= from && value <= to;
    });

  /** Walks the wall times minute by minute, and the instants with them. */
  function reference(expression: string, zone: string, from: number, to: number): number[] {
    const [minute = "", hour = "", , , weekday = ""] = expression.split(" ");
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      dateStyle: "short",
      timeStyle: "short",
    });
    const wallAt = (instant: number) => Date.parse(`${format.format(instant)} UTC`);
    const matches = (wall: number) => {
      const date = new Date(wall);
      return isIn(minute, date.getUTCMinutes()) && isIn(hour, date.getUTCHours()) && isIn(weekday, date.getUTCDay());
    };
    const times: number[] = [];
    let seen = wallAt(from - 86_400_000);
    for (let instant = from - 86_400_000; instant <= to; instant += 60_000) {
      const wall = wallAt(instant);
      let isDue = hour === "*" && matches(wall);
      for (; seen < wall; ) {
        seen += 60_000;
        if (hour !== "*" && matches(seen)) isDue = true;
      }
      if (isDue && instant > from) times.push(instant);
    }
    return times;
  }

  it("gives the same times", () => {
    const world = fc.record({
      cron,
      zone: fc.constantFrom(...zones),
      day: fc.constantFrom(...days),
      minute: fc.integer({ min: 0, max: 1_439 }),
    });
    fc.assert(
      fc.property(world, ({ cron, zone, day, minute }) => {
        const from = at(`${day}T00:00:00Z`) + minute * 60_000;
        const to = from + 2 * 86_400_000;
        expect(occurrences(cron, zone, from, to).map(iso)).toEqual(reference(cron, zone, from, to).map(iso));
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
