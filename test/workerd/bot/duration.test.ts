import { describe, expect, it } from "vitest";
import { readDuration, readLater } from "../../../src/bot/duration.ts";

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];
const length = (months: number, days: number, ms: number) => ({ months, days, ms });

it.each([
  ["30s", length(0, 0, 30 * second)],
  ["10m", length(0, 0, 10 * minute)],
  [" 10 Min. ", length(0, 0, 10 * minute)],
  ["in 10 minutes", length(0, 0, 10 * minute)],
  ["+10m", length(0, 0, 10 * minute)],
  ["1h30m", length(0, 0, 90 * minute)],
  ["1h 30m", length(0, 0, 90 * minute)],
  ["1H30", length(0, 0, 90 * minute)],
  ["1h 05", length(0, 0, 65 * minute)],
  ["1 hr, 30 mins", length(0, 0, 90 * minute)],
  ["an hour", length(0, 0, hour)],
  ["1,5h", length(0, 0, 90 * minute)],
  ["1.5 h", length(0, 0, 90 * minute)],
  ["0,25 h", length(0, 0, 15 * minute)],
  ["0.125h", length(0, 0, 7.5 * minute)],
  ["1.0006s", length(0, 0, 1_001)],
  ["1500m", length(0, 0, 1_500 * minute)],
  ["2 days", length(0, 2, 0)],
  ["2 days and 4 hours", length(0, 2, 4 * hour)],
  ["1.5 days", length(0, 1, 12 * hour)],
  ["2 weeks", length(0, 14, 0)],
  ["1,5w", length(0, 10, 12 * hour)],
  ["1 month", length(1, 0, 0)],
  ["2mo 3d", length(2, 3, 0)],
  ["1 year", length(12, 0, 0)],
  ["0.5 years", length(6, 0, 0)],
])("%j is a length of time", (text, expected) => {
  expect(readDuration(text)).toEqual(expected);
});

it.each([
  ["", "That is not a length of time. Try"],
  ["soon", "`soon` is not a length of time. Try"],
  ["10", "`10` is not a length of time: a number has no unit."],
  ["1h 5", "a number has no unit"],
  ["1,5", "a number has no unit"],
  ["1/2 h", "write a fraction as a decimal"],
  ["½h", "write a fraction as a decimal"],
  ["0x10 m", "there is no unit `x`"],
  ["1e30s", "there is no unit `e`"],
  ["10 parsecs", "there is no unit `parsecs`"],
  ["500ms", "there is no unit `ms`"],
  ["10m ago", "it is in the past"],
  ["-5m", "a minus sign or a dash"],
  ["1h -30m", "a minus sign or a dash"],
  ["1h \u221230m", "a minus sign or a dash"],
  ["10-20m", "a minus sign or a dash"],
  ["1:30", "write `1h30m` or `1m30s`"],
  ["1:30h", "write `1h30m` or `1m30s`"],
  ["1,500m", "`1,500` could be 1500 or 1.5"],
  ["1.500h", "`1,500` could be 1500 or 1.5"],
  ["1 500 m", "`1,500` could be 1500 or 1.5"],
  ["1'500m", "`1,500` could be 1500 or 1.5"],
  ["10M", "could be minutes or months"],
  ["1.2.3h", "is not a length of time. Try"],
  ["10m please", "is not a length of time. Try"],
  ["10m a day", "is not a length of time. Try"],
  ["10m,", "is not a length of time. Try"],
  ["tea in 10m", "is not a length of time. Try"],
  ["Infinity", "is not a length of time. Try"],
  ["NaN h", "is not a length of time. Try"],
  ["∞ h", "is not a length of time. Try"],
  ["1.5 months", "only whole ones count"],
  ["0.3 years", "only whole ones count"],
  ["`10`", "`'10'` is not a length of time. Try"],
])("%j is refused: %s", (text, problem) => {
  expect(readDuration(text)).toEqual({ problem: expect.stringContaining(problem) });
});

const later = (text: string, now: string, zone = "Europe/Berlin") => {
  const read = readLater(text, { zone, now: Date.parse(now) });
  return "problem" in read ? read.problem : new Date(read.dueAt).toISOString().replace(".000", "");
};

describe("a time from now", () => {
  it.each([
    ["1 month", "2027-01-31T08:00:00Z", "2027-02-28T08:00:00Z"],
    ["1 month", "2028-01-31T08:00:00Z", "2028-02-29T08:00:00Z"],
    ["1 month", "2026-12-31T08:00:00Z", "2027-01-31T08:00:00Z"],
    ["1 month", "2027-01-31T23:30:00Z", "2027-02-28T23:30:00Z"],
    ["13 months", "2027-01-31T08:00:00Z", "That is more than a year away, and a year is the most."],
    ["1 month 1 day", "2027-01-31T08:00:00Z", "2027-03-01T08:00:00Z"],
    ["1 year", "2028-02-29T08:00:00Z", "2029-02-28T08:00:00Z"],
    ["6 months", "2027-01-15T08:00:00Z", "2027-07-15T07:00:00Z"],
    ["1 day", "2027-03-27T11:00:00Z", "2027-03-28T10:00:00Z"],
    ["24h", "2027-03-27T11:00:00Z", "2027-03-28T11:00:00Z"],
    ["1 day", "2026-10-24T10:00:00Z", "2026-10-25T11:00:00Z"],
    ["24 hours", "2026-10-24T10:00:00Z", "2026-10-25T10:00:00Z"],
    ["1 week", "2026-10-24T10:00:00Z", "2026-10-31T11:00:00Z"],
    ["1 day 2 hours", "2027-03-27T11:00:00Z", "2027-03-28T12:00:00Z"],
    ["1 day", "2027-03-27T01:30:00Z", "2027-03-28T01:00:00Z"],
    ["1 day", "2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z"],
    ["30m", "2026-10-25T00:45:00Z", "2026-10-25T01:15:00Z"],
  ])("%s from %s is %s", (text, now, expected) => {
    expect(later(text, now)).toBe(expected);
  });

  it("goes by the clocks of the zone", () => {
    expect(later("1 month", "2027-01-31T23:30:00Z", "Asia/Kolkata")).toBe("2027-02-28T23:30:00Z");
    expect(later("1 month", "2027-01-30T23:30:00Z", "Asia/Kolkata")).toBe("2027-02-27T23:30:00Z");
    expect(later("1 month", "2027-01-30T23:30:00Z", "UTC")).toBe("2027-02-28T23:30:00Z");
    expect(later("1 day", "2027-03-27T11:00:00Z", "UTC")).toBe("2027-03-28T11:00:00Z");
  });

  const tooFar = "That is more than a year away, and a year is the most.";
  it.each([
    ["1 second", "2027-01-01T00:00:01Z"],
    ["0.9s", "That is less than a second away."],
    ["0s", "That is less than a second away."],
    ["0 days", "That is less than a second away."],
    ["1 year", "2028-01-01T00:00:00Z"],
    ["12 months", "2028-01-01T00:00:00Z"],
    ["365 days", "2028-01-01T00:00:00Z"],
    ["8760h", "2028-01-01T00:00:00Z"],
    ["31536000s", "2028-01-01T00:00:00Z"],
    ["1 year 1s", tooFar],
    ["366 days", tooFar],
    ["31536001s", tooFar],
    ["31536000.001s", tooFar],
    ["999999999999999 years", tooFar],
    ["999999999999999 days", tooFar],
    ["999999999999999 s", tooFar],
  ])("%s from the new year in UTC is %s", (text, expected) => {
    expect(later(text, "2027-01-01T00:00:00Z", "UTC")).toBe(expected);
  });

  it("is at most a year by the calendar, however long that is", () => {
    // 366 days and an hour: a leap year, whose clocks go back a day earlier.
    expect(later("1 year", "2027-10-30T10:00:00Z")).toBe("2028-10-30T11:00:00Z");
    expect(later("366 days", "2027-10-30T10:00:00Z")).toBe("2028-10-30T11:00:00Z");
    expect(day * 366 + hour).toBe(Date.parse("2028-10-30T11:00:00Z") - Date.parse("2027-10-30T10:00:00Z"));
  });
});
