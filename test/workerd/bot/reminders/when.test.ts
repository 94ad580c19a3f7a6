import { expect, it } from "vitest";
import { readWhen } from "../../../../src/bot/reminders/when.ts";

// In Berlin, 2026-03-28 is the day before clocks go forward at 2:00; 2026-10-25 the day they go back at 3:00.

const at = (text: string) => Date.parse(text);
const zone = "Europe/Berlin";
const now = at("2026-03-28T11:00:00Z");
const due = (typed: Omit<Parameters<typeof readWhen>[0], "zone" | "now">, from = now) => {
  const when = readWhen({ ...typed, zone, now: from });
  return "dueAt" in when ? new Date(when.dueAt).toISOString().replace(".000", "") : when.problem;
};

it.each([
  [{ in: "10m" }, "2026-03-28T11:10:00Z"],
  [{ in: "1h30m" }, "2026-03-28T12:30:00Z"],
  [{ in: "2 days" }, "2026-03-30T10:00:00Z"],
  [{ at: "18:30" }, "2026-03-28T17:30:00Z"],
  [{ at: "9.15" }, "2026-03-29T07:15:00Z"],
  [{ at: "2026-12-24 18:00" }, "2026-12-24T17:00:00Z"],
  [{ at: "6pm" }, "2026-03-28T17:00:00Z"],
  [{ at: "12:30 AM" }, "2026-03-28T23:30:00Z"],
  [{ at: "2026-12-24 12 p.m." }, "2026-12-24T11:00:00Z"],
  [{ every: "day 9:15 pm" }, "2026-03-28T20:15:00Z"],
  [{ every: "day 9:00" }, "2026-03-29T07:00:00Z"],
  [{ every: "weekday 18:30" }, "2026-03-30T16:30:00Z"],
  [{ every: "Mondays 7:15" }, "2026-03-30T05:15:00Z"],
  [{ every: "sunday" }, "2026-03-29T07:00:00Z"],
  [{ in: "1 month" }, "2026-04-28T10:00:00Z"],
  [{ in: "1 year" }, "2027-03-28T10:00:00Z"],
  [{ every: "day 2:30" }, "2026-03-29T01:00:00Z"],
  [{ every: "hour" }, "2026-03-28T12:00:00Z"],
  [{ every: "0 9 1 * *" }, "2026-04-01T07:00:00Z"],
  [{ every: "day 9:00", at: "18:30" }, "2026-03-28T17:30:00Z"],
])("%j is %s", (typed, expected) => {
  expect(due(typed)).toBe(expected);
});

it("takes a time that the clocks show twice as the first, and says so", () => {
  const note = "The clocks go back on that day and show 02:30 twice. This is the first time.";
  const typed = { zone, now: at("2026-10-24T20:00:00Z") };
  const dueAt = at("2026-10-25T00:30:00Z");
  expect(readWhen({ ...typed, at: "2:30" })).toEqual({ dueAt, note });
  expect(readWhen({ ...typed, at: "2026-10-25 02:30" })).toEqual({ dueAt, note });
  // Between the two, the first has passed.
  expect(due({ at: "2:30" }, dueAt)).toBe("2026-10-26T01:30:00Z");
});

it.each([
  ["18:30", "2026-03-28T17:29:59.999Z", "2026-03-28T17:30:00Z"],
  ["18:30", "2026-03-28T17:30:00.000Z", "2026-03-29T16:30:00Z"],
  ["0:00", "2026-03-28T22:59:59.999Z", "2026-03-28T23:00:00Z"],
  ["3:30", "2026-03-28T11:00:00Z", "2026-03-29T01:30:00Z"],
  ["2:30", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"],
  ["2028-02-29T9:00", "2027-06-01T00:00:00Z", "2028-02-29T08:00:00Z"],
  ["2027-03-28 12:00", "2026-03-28T11:00:00Z", "2027-03-28T10:00:00Z"],
])("%s, asked for at %s, is %s", (text, from, expected) => {
  expect(due({ at: text }, at(from))).toBe(expected);
});

const noTime = "is not a time";
it.each([
  [{}, "Say when"],
  [{ in: "1m", at: "9:00" }, "not both"],
  [{ in: "1 year 1s" }, "more than a year away"],
  [{ at: "" }, "That is not a time. Try `18:30`"],
  [{ at: "noon" }, noTime],
  [{ at: "9" }, noTime],
  [{ at: "9:5" }, noTime],
  [{ at: "9:00 please" }, noTime],
  [{ at: "-9:00" }, noTime],
  [{ at: "2026-12-24" }, noTime],
  [{ at: "24.12.2026 18:00" }, noTime],
  [{ at: "2026-12-24 18:00Z" }, noTime],
  [{ at: "13:00 pm" }, "with am and pm, hours go from 1 to 12"],
  [{ at: "0 am" }, "with am and pm, hours go from 1 to 12"],
  [{ every: "day at 9:00" }, "`at 9:00` is not a time"],
  [{ at: "24:00" }, "a day ends at 23:59"],
  [{ at: "2026-12-24 24:00" }, "a day ends at 23:59"],
  [{ at: "25:99" }, "hours go from 0 to 23 and minutes from 0 to 59"],
  [{ at: "24:01" }, "`24:01` is not a time: hours go from 0 to 23"],
  [{ at: "23:60" }, "minutes from 0 to 59"],
  [{ at: "2027-02-29 09:00" }, "`2027-02-29 09:00` does not exist: February 2027 has 28 days."],
  [{ at: "2026-04-31 09:00" }, "April 2026 has 30 days"],
  [{ at: "2026-04-00 09:00" }, "April 2026 has 30 days"],
  [{ at: "2026-13-01 09:00" }, "months go from 1 to 12"],
  [{ at: "2026-00-01 09:00" }, "months go from 1 to 12"],
  [{ at: "2020-01-01 10:00" }, "`2020-01-01 10:00` is in the past."],
  [{ at: "2026-03-28 12:00" }, "is in the past"],
  [{ at: "2027-03-28 12:01" }, "more than a year away"],
  [{ at: "9999-12-31 23:59" }, "more than a year away"],
  [
    { at: "2026-03-29 2:30" },
    "There is no 02:30 on 2026-03-29 in Europe/Berlin: the clocks go forward from 02:00 to 03:00. Try `2026-03-29 03:00`.",
  ],
  [{ at: "2:30" }, "There is no 02:30 on 2026-03-29 in Europe/Berlin"],
  [{ every: "blue moon" }, "is not a way to repeat"],
  [{ every: "constructor 9:00" }, "is not a way to repeat"],
  [{ every: "day 2026-12-24T9:00" }, "is not a way to repeat"],
  [{ every: "day 24:00" }, "a day ends at 23:59"],
  [{ every: "day 9" }, "`9` is not a time"],
  [{ every: "61 * * * *" }, "is not a cron expression. Its five fields are"],
  [{ every: "0 0 30 2 *" }, "never comes"],
  [{ every: "0 0 29 2 *" }, "more than a year away"],
  [{ every: "day 9:00", in: "soon" }, "is not a length of time"],
])("%j is refused: %s", (typed, problem) => {
  expect(due(typed)).toContain(problem);
});
