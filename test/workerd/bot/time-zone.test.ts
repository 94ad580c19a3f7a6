import { expect, it } from "vitest";
import { noSuchZone, readZone, zonesLike } from "../../../src/bot/time-zone.ts";

it.each([
  ["Europe/Berlin", "Europe/Berlin"],
  ["europe/berlin", "Europe/Berlin"],
  ["EUROPE/BERLIN", "Europe/Berlin"],
  ["  Europe / Berlin ", "Europe/Berlin"],
  ["berlin", "Europe/Berlin"],
  ["new york", "America/New_York"],
  [" New  York\u00A0", "America/New_York"],
  ["America/New York", "America/New_York"],
  ["St. John's", "America/St_Johns"],
  ["são paulo", "America/Sao_Paulo"],
  ["Kolkata", "Asia/Kolkata"],
  ["asia/kolkata", "Asia/Kolkata"],
  ["Asia/Calcutta", "Asia/Calcutta"],
  ["ho chi minh", "Asia/Ho_Chi_Minh"],
  ["kyiv", "Europe/Kyiv"],
  ["us/pacific", "US/Pacific"],
  ["Etc/GMT+2", "Etc/GMT+2"],
  ["UTC", "UTC"],
  ["utc ", "UTC"],
  ["GMT", "UTC"],
  ["z", "UTC"],
  ["UTC+0", "UTC"],
  ["UTC+2", "+02:00"],
  ["utc + 2", "+02:00"],
  ["UTC\u22123", "-03:00"],
  ["GMT-03:30", "-03:30"],
  ["+05:45", "+05:45"],
  ["+0545", "+05:45"],
  ["UTC+14", "+14:00"],
  ["-14:00", "-14:00"],
])("%j is the time zone %s", (text, expected) => {
  expect(readZone(text)).toBe(expected);
  expect(new Intl.DateTimeFormat("en", { timeZone: expected }).format(0)).not.toBe("");
});

it.each([
  "",
  " ",
  "/",
  "Europe",
  "Middle/Earth",
  "EST",
  "BST",
  "IST",
  "PST",
  "CEST",
  "2",
  "UTC+14:01",
  "UTC+25",
  "UTC+2:75",
  "UTC+2 Berlin",
  "UTC+",
  "berlin, please",
  "../etc",
])("%j is not a time zone", (text) => {
  expect(readZone(text)).toBeUndefined();
});

it("reads its own answers as what they are", () => {
  for (const zone of [...Intl.supportedValuesOf("timeZone"), "Asia/Kolkata", "+02:00", "-03:30", "UTC"]) {
    expect(readZone(zone)).toBe(zone);
  }
});

it.each([
  ["Berln", "`Berln` is not a time zone. Did you mean `Europe/Berlin`"],
  ["Europe/Berlni", "Did you mean `Europe/Berlin`"],
  ["New Yrok", "`America/New_York`"],
  ["Angeles", "Did you mean `America/Los_Angeles`?"],
  ["Middle/Earth", "`Middle/Earth` is not a time zone."],
  ["EST", "`EST` is not a time zone. Name a place in it"],
  ["qqbaqq", "`qqbaqq` is not a time zone. Name a place in it"],
  ["", "That is not a time zone. Name a place in it"],
  ["`x`", "`'x'` is not a time zone. Name a place in it"],
])("says of %j what may be meant", (text, expected) => {
  expect(noSuchZone(text)).toContain(expected);
});

it("completes what a person types, with blanks and in any case", () => {
  expect(zonesLike("new y", 25)).toEqual(["America/New_York"]);
  expect(zonesLike("", 25)).toHaveLength(25);
});
