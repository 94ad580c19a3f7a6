import { expect, it } from "vitest";
import { gapAfter, type Page } from "../../../src/pubsub/reader.ts";
import { RedisReplyError } from "../../../src/redis/index.ts";
import { createRecorder, createScript, createTestIsolate, fieldsWith, fill } from "./support.ts";

it("reports how many messages are missing when the cursor was trimmed", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const { handler, data } = createRecorder();
  const gaps: unknown[] = [];
  pubsub.subscribe("all", handler);
  pubsub.onGap((gap) => gaps.push(gap.missed));
  await pubsub.publish("all", 0);
  await pubsub.poll();
  for (let index = 1; index <= 10; index++) await pubsub.publish("all", index);
  await isolate.database.raw("XTRIM", "t:b:main", "MAXLEN", 3);
  await pubsub.poll();
  expect([data(), gaps]).toEqual([[8, 9, 10], [7]]);
  expect(isolate.events).toMatchObject([{ type: "gap", reader: "invocation", missed: 7 }]);
  await pubsub.publish("all", 11);
  await pubsub.poll();
  expect([data().length, gaps.length]).toEqual([4, 1]);
});

it("reports no gap when the cursor's entry was the last one trimmed", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const { handler, data } = createRecorder();
  pubsub.subscribe("all", handler);
  await pubsub.publish("all", 0);
  await pubsub.poll();
  await isolate.database.raw("XTRIM", "t:b:main", "MAXLEN", 0);
  await pubsub.poll();
  await pubsub.publish("all", 1);
  await pubsub.poll();
  expect([data(), isolate.events]).toEqual([[1], []]);
});

it("reports a gap to an invocation that began with an empty bus, and after everything was trimmed", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  pubsub.subscribe("all", () => {});
  await pubsub.poll();
  for (let index = 0; index < 5; index++) await pubsub.publish("all", index);
  await isolate.database.raw("XTRIM", "t:b:main", "MAXLEN", 2);
  await pubsub.poll();
  for (let index = 0; index < 5; index++) await pubsub.publish("all", index);
  await isolate.database.raw("XTRIM", "t:b:main", "MAXLEN", 0);
  await pubsub.poll();
  await pubsub.publish("all", 9);
  await pubsub.poll();
  expect(isolate.events).toMatchObject([{ missed: 3 }, { missed: 5 }]);
  expect(pubsub.stats()).toMatchObject({ gaps: 2, missed: 8 });
});

it("reports a gap of unknown size when the bus was deleted and made anew", async () => {
  const isolate = createTestIsolate({ isolateHandlers: { all: () => {} } });
  const pubsub = isolate.invocation();
  for (let index = 0; index < 5; index++) await pubsub.publish("all", index);
  await pubsub.poll();
  await isolate.database.raw("DEL", "t:b:main");
  await pubsub.publish("all", 1);
  await pubsub.poll();
  expect(isolate.events).toMatchObject([{ type: "gap", reader: "isolate", missed: undefined }]);
});

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

it.each([
  [1, false],
  [2, true],
])("may have more where a page is full: of pages of 2, %i", async (count, hasMore) => {
  const isolate = createTestIsolate({ pageSize: 2, isolateHandlers: { all: () => {} } });
  const pubsub = isolate.invocation();
  await pubsub.publish("all", 0);
  await pubsub.poll();
  await fill(isolate.database, count);
  expect(await pubsub.poll()).toEqual({ delivered: count, hasMore });
});

it("begins at the end of the bus where the server does not tell about streams", async () => {
  const { redis, sent } = createScript(([name]) => {
    if (name === "XINFO") throw new RedisReplyError("XINFO", "ERR unknown command");
    return name === "XREVRANGE" ? [["7-0", []]] : null;
  });
  const pubsub = createTestIsolate({ redis, isolateHandlers: { all: () => {} } }).invocation();
  for (let polls = 0; polls < 2; polls++) await pubsub.poll();
  expect(sent.slice(1)).toEqual([
    ["XREVRANGE", "t:b:main", "+", "-", "COUNT", 1],
    ["XREAD", "COUNT", 101, "STREAMS", "t:b:main", "6-18446744073709551615"],
  ]);
});

it.each([
  ["still the oldest", "8-0", "9-0", 9, 2],
  ["the oldest but one, as another was trimmed meanwhile", "9-0", "10-0", 10, 2],
  ["known by the last, as the oldest are trimmed", "10-0", "9-0", 9, 2],
  ["not known, as all that was read is trimmed", "11-0", "12-0", 12, undefined],
])("counts what it missed where the first message of a page is %s", async (_which, firstId, lastId, added, missed) => {
  const info = (first: string, last: string, count: number) => [
    "length",
    count - Number(first.split("-")[0]) + 1,
    "entries-added",
    count,
    "last-generated-id",
    last,
    "first-entry",
    [first, []],
  ];
  const infos = [info("5-0", "5-0", 5), info(firstId, lastId, added)];
  const fields = fieldsWith({});
  const read = [["t:b:main", ["8-0", "9-0"].map((id) => [id, fields])]];
  const { redis } = createScript(([name]) => (name === "XINFO" ? infos.shift() : name === "XREAD" ? read : null));
  const isolate = createTestIsolate({ redis, isolateHandlers: { all: () => {} } });
  for (let polls = 0; polls < 2; polls++) await isolate.invocation().poll();
  expect(isolate.events).toEqual([{ type: "gap", reader: "isolate", after: "5-0", before: "8-0", missed }]);
});
