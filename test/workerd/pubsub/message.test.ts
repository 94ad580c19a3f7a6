import { expect, it } from "vitest";
import { channels } from "../../../src/pubsub/index.ts";
import { pairsOf, readEntries, readMessage } from "../../../src/pubsub/message.ts";
import { createFakeClock } from "../../support/clock.ts";
import { createDatabase } from "../../support/database.ts";
import { createRecorder, createTestIsolate, fieldsWith, pendingOf } from "./support.ts";

it.each([0, "", "123", false, null, [], { id: "1100000000000000013" }])("carries %j unchanged", async (value) => {
  const pubsub = createTestIsolate().invocation();
  const { handler, data } = createRecorder();
  pubsub.subscribe("all", handler);
  await pubsub.poll();
  await pubsub.publish("all", value);
  await pubsub.poll();
  expect(data()).toEqual([value]);
});

it("delivers a message with its type, time and source", async () => {
  const database = createDatabase();
  const [one, two] = ["one", "two"].map((source) => createTestIsolate({ database, source }).invocation());
  const { got, handler } = createRecorder();
  two?.subscribe(channels.guild("7"), handler);
  await two?.poll();
  const before = Date.now();
  const published = await one?.publish("guild.7", { topic: "tea" }, { type: "renamed", id: "m1" });
  await two?.poll();
  expect(got).toEqual([
    {
      id: "m1",
      streamId: published?.streamId,
      channel: "guild.7",
      type: "renamed",
      data: { topic: "tea" },
      time: expect.any(Number),
      source: "one",
    },
  ]);
  expect(Math.abs((got[0]?.time ?? 0) - before)).toBeLessThan(5_000);
});

it.each<[string, string[]]>([
  ["fields of another system", ["hello", "world"]],
  ["no channel", fieldsWith({ c: null })],
  ["a pattern as its channel", fieldsWith({ c: "guild.*" })],
  ["a channel with a space", fieldsWith({ c: "a b" })],
  ["no id", fieldsWith({ i: null })],
  ["an empty id", fieldsWith({ i: "" })],
  ["an id that fills the memory", fieldsWith({ i: "x".repeat(10_000) })],
  ["no type", fieldsWith({ t: null })],
  ["an endless type", fieldsWith({ t: "x".repeat(129) })],
  ["no data", fieldsWith({ d: null })],
  ["data that is cut off", fieldsWith({ d: '{"a":' })],
  ["data that is no JSON", fieldsWith({ d: "NaN" })],
  ["no source", fieldsWith({ s: null })],
])("reports and skips, in every reader, an entry with %s", async (_name, fields) => {
  const heard = createRecorder();
  const isolate = createTestIsolate({ isolateHandlers: { "*": heard.handler } });
  const pubsub = isolate.invocation();
  const readers = [createRecorder(), createRecorder(), createRecorder()] as const;
  const [own, audit, feeds] = readers;
  const [subscriber, group] = [pubsub.subscriber("audit"), pubsub.group("feeds")];
  pubsub.subscribe("*", own.handler);
  subscriber.subscribe("*", audit.handler);
  group.subscribe("*", feeds.handler);
  const { streamId } = await pubsub.publish("all", "before");
  await pubsub.poll();
  await subscriber.poll();
  await group.poll();
  const where = await isolate.database.raw("XADD", "t:b:main", "*", ...fields);
  await pubsub.publish("all", "after");
  await pubsub.poll();
  await subscriber.poll();
  await group.work();
  for await (const { data } of pubsub.messages(["*"], { after: streamId })) {
    expect(data).toBe("after");
    break;
  }
  for (const { data } of [heard, own, audit]) expect(data()).toEqual(["after"]);
  expect(feeds.data()).toEqual(["before", "after"]);
  // Once by each that read it: the isolate with its invocation, the subscriber, the group, the follower.
  expect(isolate.events).toEqual([1, 2, 3, 4].map(() => ({ type: "unreadable", where })));
  expect(await pendingOf(isolate.database)).toBe(0);
  // Two each by the invocation, the subscriber and the group's work; one by the group's first poll, and by the follower.
  expect(isolate.state.counters.polls).toBe(8);
});

it("leaves out entries that are gone, and reports those without fields", () => {
  const reported: unknown[] = [];
  const context = { clock: { now: () => 5 }, report: (event: unknown) => void reported.push(event) };
  const entries = readEntries(context, [null, ["1-0", null], ["2-0", fieldsWith({ d: "7" })]]);
  expect(entries).toMatchObject([
    { streamId: "1-0", message: undefined },
    { streamId: "2-0", message: { data: 7 } },
  ]);
  expect(reported).toEqual([{ type: "unreadable", where: "1-0" }]);
});

it("takes an id of 256 characters and a type of 128", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const { got, handler } = createRecorder();
  pubsub.subscribe("all", handler);
  await pubsub.poll();
  await pubsub.publish("all", 1, { id: "i".repeat(256), type: "t".repeat(128) });
  await pubsub.poll();
  expect(got.map(({ id, type }) => [id.length, type.length])).toEqual([[256, 128]]);
  expect(isolate.events).toEqual([]);
});

it.each([
  [60_000, 60_000],
  [60_001, 0],
])("takes the server's clock to be %i ms ahead for a message's time: %i", (ahead, expected) => {
  const now = 1_800_000_000_000;
  const fields = pairsOf(fieldsWith({}));
  expect(readMessage(`${now + ahead}-0`, fields, now)?.time).toBe(now + expected);
});

it("never gives a message a time that is still to come", async () => {
  const clock = createFakeClock(Date.now());
  const isolate = createTestIsolate({ clock });
  const pubsub = isolate.invocation();
  const { got, handler } = createRecorder();
  pubsub.subscribe("all", handler);
  await pubsub.poll();
  await isolate.database.raw("XADD", "t:b:main", "99999999999999999-1", ...fieldsWith({}));
  // The server goes on from there.
  await pubsub.publish("all", 2);
  await pubsub.poll();
  expect(got.map(({ data }) => data)).toEqual([1, 2]);
  for (const { time } of got) expect(time).toBeLessThanOrEqual(clock.now());
  expect(pubsub.stats().lagMs).toBe(0);
});

it("names the key when publishing and reading fail since the bus has another type", async () => {
  const isolate = createTestIsolate({ isolateHandlers: { all: () => {} } });
  await isolate.database.raw("RPUSH", "t:b:main", "x");
  const pubsub = isolate.invocation();
  const follower = pubsub.steps(["all"], { after: "1-1" });
  for (const call of [
    () => pubsub.publish("all", 1),
    () => pubsub.publishOnce("all", 1, { key: "k" }),
    () => pubsub.poll(),
    () => pubsub.hear(),
    () => pubsub.group("feeds").poll(),
    () => pubsub.subscriber("audit").poll(),
    () => follower.next(),
  ]) {
    await expect(call()).rejects.toThrow(/The key "t:b:main" holds a value that the bus did not write/);
  }
  expect(isolate.events).toEqual([]);
  await isolate.database.raw("DEL", "t:b:main");
  await pubsub.publish("all", 1);
});
