import { expect, it } from "vitest";
import {
  dollars,
  duration,
  instant,
  number,
  percent,
  quantile,
  relative,
  shownJson,
} from "../../../../src/web/dashboard/format.ts";
import { latency, now } from "../status/support.ts";

it("writes numbers, dollars and instants as people read them", () => {
  expect([number(1_234.5), number(999), dollars(0.416), dollars(12)]).toEqual(["1,235", "999", "$0.42", "$12.00"]);
  expect(instant(now)).toBe("2026-06-10 12:00:30");
});

it.each([
  [0, "0 %"],
  [0.0049, "0.5 %"],
  [0.0999, "10.0 %"],
  [0.1, "10 %"],
  [0.415, "42 %"],
  [1, "100 %"],
])("writes the share %d as %s", (share, text) => {
  expect(percent(share)).toBe(text);
});

it.each([
  [-5, "0 ms"],
  [999, "999 ms"],
  [1_000, "1.0 s"],
  [9_949, "9.9 s"],
  [10_000, "10 s"],
  [119_000, "119 s"],
  [120_000, "2 min"],
  [7_199_999, "120 min"],
  [7_200_000, "2 h"],
  [172_799_999, "48 h"],
  [172_800_000, "2 d"],
])("writes %d milliseconds as %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

it.each([
  [1_001, "in 1.0 s"],
  [1_000, "just now"],
  [-999, "just now"],
  [-1_000, "1.0 s ago"],
  [-300_000, "5 min ago"],
  [300_000, "in 5 min"],
])("writes a time %d milliseconds from now as %s", (ms, text) => {
  expect(relative(now + ms, now)).toBe(text);
});

it("names the bucket that holds a share of the durations", () => {
  const some = latency({ 0: 5, 3: 4, 9: 1 });
  expect([0.5, 0.51, 0.9, 0.91].map((share) => quantile(some, share))).toEqual([
    "≤ 5 ms",
    "≤ 50 ms",
    "≤ 50 ms",
    "> 2.5 s",
  ]);
  expect([quantile(latency(), 0.5), quantile(latency({ 8: 1 }), 1)]).toEqual(["", "≤ 2.5 s"]);
});

it("cuts JSON off after 2,000 characters, and says how long it is", () => {
  expect([shownJson({ a: [1] }), shownJson(undefined)]).toEqual(['{\n "a": [\n  1\n ]\n}', "null"]);
  expect(shownJson("x".repeat(1_998))).toBe(`"${"x".repeat(1_998)}"`);
  expect(shownJson("x".repeat(1_999))).toBe(`"${"x".repeat(1_999)} … (2,001 characters)`);
});
