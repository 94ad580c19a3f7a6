import { expect, it } from "vitest";
import {
  addAll,
  addDuration,
  addNumber,
  boundsMs,
  histogramOf,
  numberOf,
  partsOf,
  readTally,
  series,
  seriesOf,
  type Tally,
  writeTally,
} from "../../../src/metrics/tally.ts";
import { latencyBoundsMs } from "../../../src/web/status/fleet-status.ts";

it("names series, and takes their names apart", () => {
  expect([series("a"), series("a", "b|c"), series("a", "b", "c|d|e")]).toEqual(["a", "a|b/c", "a|b|c/d/e"]);
  expect([partsOf("a"), partsOf("a|b|c"), partsOf("")]).toEqual([["a"], ["a", "b", "c"], [""]]);
});

it("has the bounds that the dashboard shows", () => {
  expect(boundsMs).toEqual([5, 10, 25, 50, 100, 250, 500, 1_000, 2_500]);
  expect(latencyBoundsMs).toEqual(boundsMs);
});

it("adds durations to the bucket of the first bound that they do not pass", () => {
  const tally: Tally = new Map();
  for (const ms of [0, 5, 5.6, 10, 10.1, 2_500, 2_501]) addDuration(tally, "a", ms);
  expect(tally.get("a")).toEqual([5_032, 2, 2, 1, 0, 0, 0, 0, 0, 1, 1]);
  expect(histogramOf(tally, "a")).toEqual({ buckets: [2, 2, 1, 0, 0, 0, 0, 0, 1, 1], count: 7, sumMs: 5_032 });
});

it("reads a series that was never counted, or is of the other kind, as nothing", () => {
  const tally: Tally = new Map<string, number | number[]>([
    ["number", 4],
    ["histogram", [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ]);
  const empty = { buckets: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], count: 0, sumMs: 0 };
  expect([numberOf(tally, "number"), numberOf(tally, "histogram"), numberOf(tally, "none")]).toEqual([4, 0, 0]);
  expect([histogramOf(tally, "number"), histogramOf(tally, "none")]).toEqual([empty, empty]);
  addNumber(tally, "histogram", 3);
  addDuration(tally, "number", 3);
  expect([numberOf(tally, "histogram"), histogramOf(tally, "number").count]).toEqual([3, 1]);
});

it("adds numbers and histograms up, series by series", () => {
  const tally: Tally = new Map<string, number | number[]>([
    ["a", 1],
    ["h", [10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2]],
  ]);
  const more: Tally = new Map<string, number | number[]>([
    ["a", 2],
    ["b", 3],
    ["h", [5, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1]],
    ["new", [7, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]],
  ]);
  addAll(tally, more);
  expect(writeTally(tally)).toEqual({
    a: 3,
    b: 3,
    h: [15, 2, 1, 0, 0, 0, 0, 0, 0, 0, 3],
    new: [7, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
  });
  expect(more.get("h")).toEqual([5, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
  addAll(tally, new Map([["h", [1, 1]]]));
  expect(tally.get("h")).toEqual([16, 3, 1, 0, 0, 0, 0, 0, 0, 0, 3]);
  expect(histogramOf(new Map([["h", []]]), "h")).toEqual({ buckets: [], count: 0, sumMs: 0 });
});

it("finds the series of a name with their labels, and none whose name only begins alike", () => {
  const tally: Tally = new Map([
    ["a|x|y", 1],
    ["ab|x", 1],
    ["a", 1],
  ]);
  expect(seriesOf(tally, "a")).toEqual([
    { labels: ["x", "y"], key: "a|x|y" },
    { labels: [], key: "a" },
  ]);
});

it("reads back what it wrote", () => {
  const written = { a: 1, b: 0.5, h: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] };
  expect(Object.fromEntries(readTally(written) ?? [])).toEqual(written);
});

it.each([
  null,
  undefined,
  7,
  "a",
  [],
  { a: "1" },
  { a: null },
  { a: Number.NaN },
  { a: 1, h: [1, 2] },
  { h: Array.from({ length: 12 }, () => 0) },
  { h: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, "11"] },
  { h: { length: 11 } },
])("reads no counts in %j", (value) => {
  expect(readTally(value)).toBeUndefined();
});
