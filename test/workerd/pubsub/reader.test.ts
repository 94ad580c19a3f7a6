import { expect, it } from "vitest";
import { gapAfter, type Page } from "../../../src/pubsub/reader.ts";
import { RedisReplyError } from "../../../src/redis/index.ts";
import { createFakeClock } from "../../support/clock.ts";
import type { Database } from "../../support/database.ts";
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
  expect(pubsub.stats()).toMatchObject({ gaps: 1, missed: 1 });
});

it.each<[string, (raw: Database["raw"]) => Promise<unknown>, number | undefined]>([
  ["was deleted", (raw) => raw("DEL", "t:b:main"), undefined],
  ["was emptied", (raw) => raw("XTRIM", "t:b:main", "MAXLEN", 0), 2],
  ["lost its newest messages", (raw) => loseNewest(raw), undefined],
])("reports once that a bus %s behind the cursor, before anything comes after it", async (_what, lose, missed) => {
  let forgotten = 0;
  const isolate = createTestIsolate({ isolateHandlers: { all: () => {} }, onMissed: () => void (forgotten += 1) });
  const { database, events } = isolate;
  const pubsub = isolate.invocation();
  await pubsub.publish("all", 0);
  await pubsub.poll();
  await pubsub.publish("all", 1);
  await pubsub.poll();
  expect([forgotten, events]).toEqual([1, []]);
  await pubsub.publish("all", 2);
  await pubsub.publish("all", 3);
  await lose(database.raw);
  expect(await database.cost(() => pubsub.poll())).toEqual({ requests: 2, XREAD: 1, XINFO: 1 });
  expect(events).toMatchObject([{ type: "gap", reader: "isolate", missed }]);
  expect(forgotten).toBe(2);
  // Nobody asks or tells again.
  expect(await database.cost(() => pubsub.poll())).toEqual({ requests: 1, XREAD: 1 });
  await pubsub.publish("all", 4);
  await pubsub.poll();
  expect([events.length, forgotten, pubsub.stats().delivered]).toEqual([1, 2, 2]);
});

it("reports nothing where the bus ended as it should, or lost nothing but what was read", async () => {
  const clock = createFakeClock(Date.now());
  const isolate = createTestIsolate({ clock, isolateHandlers: { all: () => {} } });
  const { database } = isolate;
  const pubsub = isolate.invocation();
  await pubsub.poll();
  await pubsub.publish("all", 0);
  await pubsub.poll();
  await database.raw("XTRIM", "t:b:main", "MAXLEN", 0);
  expect(await database.cost(() => pubsub.poll())).toEqual({ requests: 2, XREAD: 1, XINFO: 1 });
  expect(await database.cost(() => pubsub.poll())).toEqual({ requests: 1, XREAD: 1 });
  await pubsub.publish("all", 1);
  await pubsub.poll();
  await database.raw("DEL", "t:b:main");
  await clock.advance(24 * 3_600_000 + 60_000);
  expect(await database.cost(() => pubsub.poll())).toEqual({ requests: 1, XREAD: 1 });
  expect([isolate.events, pubsub.stats().delivered]).toEqual([[], 2]);
});

/** What a failover leaves: the first message alone, in a stream that does not know the others. */
async function loseNewest(raw: Database["raw"]): Promise<unknown> {
  const [first] = (await raw("XRANGE", "t:b:main", "-", "+")) as [[id: string, fields: string[]]];
  await raw("DEL", "t:b:main");
  return raw("XADD", "t:b:main", first[0], ...first[1]);
}

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
  ["is its last message where another poll has read up to it", { id: "8-0", ordinal: 8 }, [8, 1]],
  ["is nothing where another poll has read all of it", { id: "9-0", ordinal: 9 }, undefined],
  ["is nothing where another poll has read past it", { id: "10-0", ordinal: 10 }, undefined],
  ["has an unknown size where the place has no number", { id: "7-0", ordinal: undefined }, [7, undefined]],
])("a gap %s", (_how, place, expected) => {
  const left = Array.isArray(expected) ? { after: `${expected[0]}-0`, before: "10-0", missed: expected[1] } : expected;
  expect(gapAfter(place, page)).toEqual(left);
});

it("says nothing of the size of what is left of a gap whose size is not known", () => {
  const gap = { after: "5-0", before: "10-0", missed: undefined };
  expect(gapAfter({ id: "7-0", ordinal: 7 }, { ...page, gap })).toEqual({ ...gap, after: "7-0" });
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

const unknownCommand = () => new RedisReplyError("XINFO", "ERR unknown command");

it.each([
  [[["7-0", []]], "6-18446744073709551615"],
  [null, "0-0"],
])("begins at the end of the bus where the server does not tell about streams: %j", async (last, before) => {
  const { redis, sent } = createScript(([name]) => {
    if (name === "XINFO") throw unknownCommand();
    return name === "XREVRANGE" ? last : null;
  });
  const pubsub = createTestIsolate({ redis, isolateHandlers: { all: () => {} } }).invocation();
  for (let polls = 0; polls < 2; polls++) await pubsub.poll();
  expect(sent.slice(1)).toEqual([
    ["XREVRANGE", "t:b:main", "+", "-", "COUNT", 1],
    ["XREAD", "COUNT", 101, "STREAMS", "t:b:main", before],
  ]);
});

/** The reply of XINFO STREAM. */
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

it.each([
  ["still the oldest", "8-0", "9-0", 9, 2],
  ["the oldest but one, as another was trimmed meanwhile", "9-0", "10-0", 10, 2],
  ["known by the last, as the oldest are trimmed", "10-0", "9-0", 9, 2],
  ["not known, as all that was read is trimmed", "11-0", "12-0", 12, undefined],
])("counts what it missed where the first message of a page is %s", async (_which, firstId, lastId, added, missed) => {
  const infos = [info("5-0", "5-0", 5), info(firstId, lastId, added)];
  const fields = fieldsWith({});
  const read = [["t:b:main", ["8-0", "9-0"].map((id) => [id, fields])]];
  const { redis } = createScript(([name]) => (name === "XINFO" ? infos.shift() : name === "XREAD" ? read : null));
  const isolate = createTestIsolate({ redis, isolateHandlers: { all: () => {} } });
  for (let polls = 0; polls < 2; polls++) await isolate.invocation().poll();
  expect(isolate.events).toEqual([{ type: "gap", reader: "isolate", after: "5-0", before: "8-0", missed }]);
});

/** Makes an isolate whose polls get these pages of ids, and answers to XINFO. An answer that is an error is thrown. */
function createReader(pages: string[][], infos: unknown[], options: { retentionMs?: number } = {}) {
  const { redis, sent } = createScript(([name]) => {
    const answer = name === "XINFO" ? infos.shift() : undefined;
    if (answer instanceof Error) throw answer;
    if (name === "XREVRANGE") return [["1-0", []]];
    return answer ?? [["t:b:main", pages.shift()?.map((id) => [id, fieldsWith({ i: id })]) ?? []]];
  });
  const isolate = createTestIsolate({ redis, isolateHandlers: { all: () => {} }, ...options });
  return { sent, isolate, poll: () => isolate.invocation().poll() };
}

it("counts what it missed once it knows its number, and not before", async () => {
  const pages = [["1-0", "2-0"], ["5-0"], ["7-0", "8-0"], ["11-0"], ["13-0"]];
  const { isolate, poll } = createReader(pages, [
    unknownCommand(),
    info("5-0", "5-0", 5),
    info("7-0", "8-0", 8),
    new RedisReplyError("XINFO", "ERR no such key"),
    info("13-0", "13-0", 13),
  ]);
  for (let polls = 0; polls < 6; polls++) await poll();
  expect(isolate.events).toEqual(
    [
      { after: "2-0", before: "5-0", missed: undefined },
      { after: "5-0", before: "7-0", missed: 1 },
      { after: "8-0", before: "11-0", missed: undefined },
      { after: "11-0", before: "13-0", missed: undefined },
    ].map((gap) => ({ type: "gap", reader: "isolate", ...gap })),
  );
});

it.each([
  [1_000, 3],
  [1_001, undefined],
])("takes a bus for ended where two messages are further apart than it keeps them: by %i ms", async (ms, missed) => {
  const first = `${5_000 + ms}-0`;
  const after = ["length", 1, "entries-added", 9, "last-generated-id", first, "first-entry", [first, []]];
  const before = ["length", 1, "entries-added", 5, "last-generated-id", "5000-0"];
  const { isolate, poll } = createReader([[first]], [before, after], { retentionMs: 1_000 });
  for (let polls = 0; polls < 2; polls++) await poll();
  expect(isolate.events).toEqual([{ type: "gap", reader: "isolate", after: "5000-0", before: first, missed }]);
});

it("fails where Redis does not answer, and asks nothing else instead", async () => {
  const { sent, poll } = createReader([["3-0"]], [new Error("no answer"), info("1-0", "1-0", 1), new Error("none")]);
  await expect(poll()).rejects.toThrow("no answer");
  expect(sent).toHaveLength(1);
  await poll();
  await expect(poll()).rejects.toThrow("none");
});

it("takes an empty reply for no messages", async () => {
  const { redis } = createScript(() => null);
  const pubsub = createTestIsolate({ redis }).invocation();
  expect([await pubsub.recent(2), await pubsub.group("feeds").deadLetters()]).toEqual([[], []]);
});
