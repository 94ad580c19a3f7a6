import { expect, it } from "vitest";
import { createWallClock } from "../../../src/platform/index.ts";

const at = (text: string) => Date.parse(text);
const find = (zone: string, wall: string) => {
  const { shown, instant } = createWallClock(zone).find(at(`${wall}Z`));
  return `${shown} ${new Date(instant).toISOString()}`;
};

it.each([
  ["UTC", "2027-03-28T02:30", "once 2027-03-28T02:30:00.000Z"],
  ["-03:30", "2027-03-28T02:30", "once 2027-03-28T06:00:00.000Z"],
  ["Asia/Kolkata", "2027-03-28T02:30", "once 2027-03-27T21:00:00.000Z"],
  ["Europe/Berlin", "2027-03-28T01:59:59.999", "once 2027-03-28T00:59:59.999Z"],
  ["Europe/Berlin", "2027-03-28T02:00", "never 2027-03-28T01:00:00.000Z"],
  ["Europe/Berlin", "2027-03-28T02:59:59.999", "never 2027-03-28T01:00:00.000Z"],
  ["Europe/Berlin", "2027-03-28T03:00", "once 2027-03-28T01:00:00.000Z"],
  ["Europe/Berlin", "2026-10-25T01:59:59.999", "once 2026-10-24T23:59:59.999Z"],
  ["Europe/Berlin", "2026-10-25T02:00", "twice 2026-10-25T00:00:00.000Z"],
  ["Europe/Berlin", "2026-10-25T02:59:59.999", "twice 2026-10-25T00:59:59.999Z"],
  ["Europe/Berlin", "2026-10-25T03:00", "once 2026-10-25T02:00:00.000Z"],
  ["Australia/Lord_Howe", "2026-10-04T02:15", "never 2026-10-03T15:30:00.000Z"],
  ["Australia/Lord_Howe", "2026-04-05T01:45", "twice 2026-04-04T14:45:00.000Z"],
  ["Asia/Beirut", "2026-10-24T23:30", "twice 2026-10-24T20:30:00.000Z"],
  ["Pacific/Apia", "2011-12-30T12:00", "never 2011-12-30T10:00:00.000Z"],
])("in %s, %s is shown %s", (zone, wall, expected) => {
  expect(find(zone, wall)).toBe(expected);
});

it("reads what the clocks show, to the millisecond", () => {
  const berlin = createWallClock("Europe/Berlin");
  expect(berlin.read(at("2026-07-01T12:00:00.123Z"))).toBe(at("2026-07-01T14:00:00.123Z"));
  expect(berlin.read(at("1965-07-01T12:00:00.123Z"))).toBe(at("1965-07-01T13:00:00.123Z"));
});

it.each([
  ["2026-10-24T01:00:00Z", "2026-10-25T01:00:00Z"],
  ["2026-10-25T00:59:59.999Z", "2026-10-25T01:00:00Z"],
  ["2026-10-24T00:59:59.999Z", undefined],
  ["2026-10-25T01:00:00Z", undefined],
])("finds the change of the clocks within a day after %s", (instant, expected) => {
  const change = createWallClock("Europe/Berlin").changeAfter(at(instant));
  expect(change).toBe(expected === undefined ? undefined : at(expected));
});

it("throws for a zone that Intl does not know", () => {
  expect(() => createWallClock("Europe/Atlantis")).toThrow(RangeError);
});
