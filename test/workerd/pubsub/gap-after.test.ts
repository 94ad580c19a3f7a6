import { expect, it } from "vitest";
import { gapAfter, type Page } from "../../../src/pubsub/reader.ts";

const entry = (streamId: string) => ({ streamId, message: undefined });
/** Asked for after 5, the fifth message; 6 to 9 were trimmed. */
const page: Page = {
  entries: [entry("10-0"), entry("11-0")],
  cursor: { id: "11-0", ordinal: 11 },
  gap: { after: "5-0", before: "10-0", missed: 4 },
  isFull: false,
};

it.each([
  ["is the page's where the place is still the same", { id: "5-0", ordinal: 5 }, page.gap],
  ["is what is left of it where another poll has read on", { id: "7-0", ordinal: 7 }, [7, 2]],
  ["is nothing where another poll has read all of it", { id: "9-0", ordinal: 9 }, undefined],
  ["is nothing where another poll has read past it", { id: "10-0", ordinal: 10 }, undefined],
  ["has an unknown size where the place has no number", { id: "7-0", ordinal: undefined }, [7, undefined]],
])("a gap %s", (_how, place, expected) => {
  const left = Array.isArray(expected) ? { after: `${expected[0]}-0`, before: "10-0", missed: expected[1] } : expected;
  expect(gapAfter(place, page)).toEqual(left);
});
