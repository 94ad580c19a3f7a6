import { expect, it } from "vitest";
import { compareIds, idBefore } from "../../../src/pubsub/stream-id.ts";

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
