import { describe, expect, it } from "vitest";
import { readDuration } from "../../../../src/bot/duration.ts";
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
  [{ in: "2 days" }, "2026-03-30T11:00:00Z"],
  [{ at: "18:30" }, "2026-03-28T17:30:00Z"],
  [{ at: "9.15" }, "2026-03-29T07:15:00Z"],
  [{ at: "2026-12-24 18:00" }, "2026-12-24T17:00:00Z"],
  [{ every: "day 9:00" }, "2026-03-29T07:00:00Z"],
  [{ every: "weekday 18:30" }, "2026-03-30T16:30:00Z"],
  [{ every: "Mondays 7:15" }, "2026-03-30T05:15:00Z"],
  [{ every: "sunday" }, "2026-03-29T07:00:00Z"],
  [{ every: "hour" }, "2026-03-28T12:00:00Z"],
  [{ every: "0 9 1 * *" }, "2026-04-01T07:00:00Z"],
  [{ every: "day 9:00", at: "18:30" }, "2026-03-28T17:30:00Z"],
])("%j is %s", (typed, expected) => {
  expect(due(typed)).toBe(expected);
});

it("goes by the clocks of the zone when they change", () => {
  expect(due({ at: "2:30" })).toBe("2026-03-29T01:00:00Z");
  expect(due({ at: "3:30" })).toBe("2026-03-29T01:30:00Z");
  expect(due({ at: "2:30" }, at("2026-10-24T20:00:00Z"))).toBe("2026-10-25T00:30:00Z");
});

describe("what is no length of time", () => {
  it.each(["", "10", "soon", "-5m", "0s", "1,5"])("%j", (text) => {
    expect(readDuration(text)).toBeUndefined();
  });
});
