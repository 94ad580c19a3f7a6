import { expect, it } from "vitest";
import type { DeadLetterPage } from "../../../../src/pubsub/index.ts";
import { createScript, createTestIsolate, fill } from "../support.ts";

/** A group that has given up as many messages. */
async function createGraveyard(count: number, thrown: unknown = new Error("no such channel")) {
  const isolate = createTestIsolate();
  const fate = { isBroken: true };
  const handled: unknown[] = [];
  const group = isolate.invocation().group("feeds", { maxDeliveries: 1 });
  group.subscribe("*", ({ data }) => {
    if (fate.isBroken) throw thrown;
    handled.push(data);
  });
  await fill(isolate.database, count);
  await group.poll();
  const list = async (page?: DeadLetterPage) => (await group.deadLetters(page)).map(({ message }) => message.data);
  return { ...isolate, group, fate, handled, list };
}

it("lists ten dead letters, the oldest first, and goes on behind the last without listing it again", async () => {
  const { group, list } = await createGraveyard(13);
  expect(await list()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const after = (await group.deadLetters()).at(-1)?.id ?? "";
  expect(await list({ after })).toEqual([11, 12, 13]);
  expect(await list({ after, count: 2 })).toEqual([11, 12]);
  expect(await list({ after: (await group.deadLetters({ after })).at(-1)?.id ?? "" })).toEqual([]);
});

it.each([
  [new Error("x".repeat(400)), "x".repeat(300)],
  ["no such channel", "no such channel"],
])("keeps 300 characters of the reason, also of one that is no error", async (thrown, reason) => {
  const { group } = await createGraveyard(1, thrown);
  expect((await group.deadLetters())[0]?.reason).toBe(reason);
});

it("replays ten dead letters, or those that are named, and keeps the others", async () => {
  const { group, fate, handled, list } = await createGraveyard(13);
  const letters = await group.deadLetters({ count: 20 });
  fate.isBroken = false;
  const ids = [letters[1], letters[12]].flatMap((letter) => (letter ? [letter.id] : []));
  expect(await group.replay({ ids })).toEqual({ replayed: 2, failed: 0 });
  expect([handled, await list({ count: 20 })]).toEqual([
    [2, 13],
    [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  ]);
  expect(await group.replay()).toEqual({ replayed: 10, failed: 0 });
  expect(await list()).toEqual([12]);
});

it("reads the dead letters that are named, wherever they are, and counts all of them", async () => {
  const { database, group, fate, list } = await createGraveyard(13);
  const letters = await group.deadLetters({ count: 20 });
  const ids = [letters[12]?.id ?? "", letters[2]?.id ?? "", "1-1"];
  const cost = await database.cost(async () => expect(await list({ ids })).toEqual([13, 3]));
  expect(cost).toEqual({ requests: 1, XRANGE: 3 });
  expect(await database.cost(async () => expect(await group.deadLetterCount()).toBe(13))).toEqual({
    requests: 1,
    XLEN: 1,
  });
  fate.isBroken = false;
  expect(await group.replay({ after: letters[9]?.id ?? "" })).toEqual({ replayed: 3, failed: 0 });
  expect(await list({ count: 20 })).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

it("keeps a dead letter at which a handler throws again", async () => {
  const { group, list, state } = await createGraveyard(2);
  expect(await group.replay()).toEqual({ replayed: 0, failed: 2 });
  expect([await list(), state.counters.delivered]).toEqual([[1, 2], 4]);
});

it("keeps a dead letter that no handler takes, and does not count it as delivered", async () => {
  const { invocation, list, state } = await createGraveyard(2);
  expect(await invocation().group("feeds").replay()).toEqual({ replayed: 0, failed: 2 });
  expect([await list(), state.counters.delivered]).toEqual([[1, 2], 2]);
});

it("discards the dead letters that are named alone", async () => {
  const { group, list } = await createGraveyard(3);
  const [first] = await group.deadLetters();
  expect(await group.discard([first?.id ?? ""])).toBe(1);
  expect([await group.discard([]), await list()]).toEqual([0, [2, 3]]);
});

it("keeps some 10,000 dead letters for 30 days", async () => {
  const { redis, sent } = createScript(() => [
    ["t:b:main", [["1-0", ["c", "all", "i", "m", "t", "t", "d", "1", "s", "x"]]]],
  ]);
  const group = createTestIsolate({ redis }).invocation().group("feeds", { maxDeliveries: 1 });
  group.subscribe("*", () => Promise.reject(new Error("no")));
  await group.poll();
  expect(sent.slice(1).map((command) => command.slice(0, 5))).toEqual([
    ["XADD", "t:bd:main:feeds", "MAXLEN", "~", 10_000],
    ["PEXPIRE", "t:bd:main:feeds", 30 * 86_400_000],
    ["XACK", "t:b:main", "feeds", "1-0"],
  ]);
});

it("counts no deliveries of a dead letter that does not say how many there were, and reports what is none", async () => {
  const fields = ["c", "all", "i", "m", "t", "t", "d", "1", "s", "x", "b", "1-0", "r", "no", "n", "many"];
  const { redis } = createScript(() => [["2-0", fields], ["3-0", fields.slice(0, 10)], null, ["4-0", null]]);
  const isolate = createTestIsolate({ redis });
  const group = isolate.invocation().group("feeds");
  expect(await group.deadLetters()).toMatchObject([{ id: "2-0", deliveries: 0, reason: "no" }]);
  expect(isolate.events).toEqual([{ type: "unreadable", where: "3-0" }]);
});
