import { expect, it } from "vitest";
import { compareIds, idBefore, isStreamId } from "../../../src/pubsub/stream-id.ts";

it("orders stream ids and finds the id right before", () => {
  expect(["10-0", "9-6", "9-5", "9-18446744073709551615", "9-10"].toSorted(compareIds)).toEqual([
    "9-5",
    "9-6",
    "9-10",
    "9-18446744073709551615",
    "10-0",
  ]);
  expect(compareIds("9-5", "9-5")).toBe(0);
  expect(["0-0", "0-1", "5-0", "5-18446744073709551615"].map(idBefore)).toEqual([
    "0-0",
    "0-0",
    "4-18446744073709551615",
    "5-18446744073709551614",
  ]);
});

it("takes the ids that Redis takes: two numbers of 64 bits", () => {
  const largest = "18446744073709551615";
  for (const id of ["0-0", "1767225600000-12", `${largest}-${largest}`]) expect(isStreamId(id), id).toBe(true);
  const others = [
    "",
    "1",
    "1-",
    "-1",
    "1-2-3",
    "1-*",
    "+",
    "(1-1",
    "1-1\n",
    "18446744073709551616-0",
    `1-${"9".repeat(20)}`,
  ];
  for (const text of others) expect(isStreamId(text), text).toBe(false);
});
