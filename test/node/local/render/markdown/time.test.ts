import { expect, it } from "vitest";
import { formatDistance, formatTime } from "../../../../../local/render/markdown/time.ts";

const minute = 60;
const [hour, day] = [60 * minute, 86_400];

it.each([
  [0, "now"],
  [0.4, "now"],
  [1, "in 1 second"],
  [-1, "1 second ago"],
  [59, "in 59 seconds"],
  [59.6, "in 1 minute"],
  [-minute, "1 minute ago"],
  [119, "in 1 minute"],
  [hour - 1, "in 59 minutes"],
  [hour, "in 1 hour"],
  [day - 1, "in 23 hours"],
  [day, "tomorrow"],
  [-2 * day, "2 days ago"],
  [30 * day - 1, "in 29 days"],
  [30 * day, "next month"],
  [365 * day - 1, "in 12 months"],
  [365 * day, "next year"],
  [-3 * 365 * day, "3 years ago"],
])("a distance of %d seconds is %s", (seconds, words) => {
  expect(formatDistance(seconds * 1_000)).toBe(words);
  expect(formatTime(5_000 + seconds * 1_000, "R", 5_000)).toBe(words);
});

it.each(["t", "T", "d", "D", "f", "F", "s", "S"])("style %s has its own shape", (style) => {
  const styles = ["t", "T", "d", "D", "f", "F", "s", "S"];
  const all = styles.map((one) => formatTime(Date.UTC(2026, 5, 1, 12, 30, 45), one, 0));
  expect(new Set(all).size).toBe(styles.length);
  expect(all[styles.indexOf(style)]).toMatch(/\d/);
});

it("shows a time of an unknown style as a date with its time", () => {
  const at = Date.UTC(2026, 5, 1, 12, 30, 45);
  expect(formatTime(at, "?", 0)).toBe(formatTime(at, "f", 0));
});
