import { expect, it } from "vitest";
import { type FollowOptions, type Step, UnknownPositionError } from "../../../src/pubsub/index.ts";
import { createFakeClock, settle } from "../../support/clock.ts";
import { createScript, createTestIsolate } from "./support.ts";

it("yields messages until its signal aborts", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const { streamId } = await pubsub.publish("guild.1", 0);
  for (const data of [1, 2, 3, 4]) await pubsub.publish(`guild.${data}`, data);
  const abort = new AbortController();
  const got: unknown[] = [];
  for await (const { data } of pubsub.messages(["guild.*"], { after: streamId, signal: abort.signal })) {
    got.push(data);
    if (got.length === 3) abort.abort();
  }
  expect(got).toEqual([1, 2, 3]);
});

it("refuses to follow from a position ahead of the bus", async () => {
  const pubsub = createTestIsolate().invocation();
  const ahead = "99999999999999-0";
  await expect(pubsub.steps(["all"], { after: ahead }).next()).rejects.toThrow(UnknownPositionError);
});

const entry = (id: string, data: number, channel = "all", messageId = `m${data}`) => [
  id,
  ["c", channel, "i", messageId, "t", "message", "d", String(data), "s", "x"],
];

/** Follows a bus of these pages, from its first message on; afterwards nothing comes. */
function createFollower(
  pages: unknown[][],
  { pageSize = 100, chance = 0, ...options }: FollowOptions & { pageSize?: number; chance?: number } = {},
) {
  const clock = createFakeClock();
  const startedAt = clock.now();
  const polledAt: number[] = [];
  const { sent, redis } = createScript(([name]) => {
    if (name === "XINFO") return ["last-generated-id", "1-0"];
    polledAt.push(clock.now() - startedAt);
    const page = pages.shift();
    return page ? [["t:b:main", page]] : null;
  });
  const isolate = createTestIsolate({ redis, clock, chance: () => chance, pageSize });
  const abort = new AbortController();
  const steps: string[] = [];
  const text = (step: Step) =>
    step.type === "message" ? step.message.data : step.type === "idle" ? step.streamId : "gap";
  const follow = async (from: { after?: string } = { after: "1-0" }) => {
    const patterns = ["guild.*", "all"];
    const following = isolate.invocation().steps(patterns, { ...from, signal: abort.signal, ...options });
    for await (const step of following) steps.push(String(text(step)));
  };
  return { isolate, clock, polledAt, sent, steps, abort, follow };
}

it("looks every 20 s until something comes, then every 250 ms", async () => {
  const { clock, polledAt, steps, abort, follow } = createFollower([
    [entry("1-0", 0)],
    [entry("1-0", 0)],
    [entry("1-0", 0), entry("2-0", 1)],
  ]);
  const following = follow();
  await settle();
  await clock.advance(40_600);
  expect(polledAt).toEqual([0, 20_000, 40_000, 40_250, 40_500]);
  expect(steps).toEqual(["1-0", "1-0", "1", "2-0", "2-0", "2-0"]);
  abort.abort();
  await following;
  expect(clock.sleeping()).toBe(0);
});

it("reads on at once behind a full page, and yields no message twice or of another channel", async () => {
  const { clock, polledAt, steps, abort, follow } = createFollower(
    [
      [entry("1-0", 0), entry("2-0", 1), entry("3-0", 9, "else")],
      [entry("3-0", 9, "else"), entry("4-0", 1)],
      [entry("4-0", 1), entry("5-0", 2)],
    ],
    { pageSize: 2 },
  );
  const following = follow();
  await settle();
  expect([polledAt, steps]).toEqual([
    [0, 0],
    ["1", "3-0", "4-0"],
  ]);
  await clock.advance(250);
  expect([polledAt, steps.slice(3)]).toEqual([
    [0, 0, 250],
    ["2", "5-0"],
  ]);
  abort.abort();
  await following;
});

it.each([
  [6, 1],
  [5, 0],
])("ends before the invocation's requests run out: with %i left it polls %i times", async (left, polls) => {
  const { polledAt, clock, follow } = createFollower([], { left: () => left - polledAt.length });
  const following = follow();
  await settle();
  await clock.advance(20_000);
  await following;
  expect(polledAt).toHaveLength(polls);
});

it.each([
  [0, []],
  [1, ["XINFO"]],
])("looks up a position that is more than a day ahead of the clock, by %i ms", async (ms, looked) => {
  const clock = createFakeClock();
  const end = `${clock.now() + 86_400_000}-0`;
  const { sent, redis } = createScript(([name]) => (name === "XINFO" ? ["last-generated-id", end] : null));
  const pubsub = createTestIsolate({ redis, clock }).invocation();
  const after = `${clock.now() + 86_400_000 + ms}-0`;
  const next = await pubsub
    .steps(["all"], { after })
    .next()
    .catch((error: unknown) => error);
  expect(next instanceof UnknownPositionError).toBe(ms > 0);
  expect(sent.map(([name]) => name).filter((name) => name !== "XREAD")).toEqual(looked);
});

it("follows from the last message of a bus whose clock is ahead", async () => {
  const clock = createFakeClock();
  const end = `${clock.now() + 2 * 86_400_000}-0`;
  const { redis } = createScript(([name]) => (name === "XINFO" ? ["last-generated-id", end] : null));
  const pubsub = createTestIsolate({ redis, clock }).invocation();
  expect(await pubsub.steps(["all"], { after: end }).next()).toEqual({
    done: false,
    value: { type: "idle", streamId: end },
  });
});

it("ends when its pubsub is closed, also with a signal", async () => {
  const clock = createFakeClock();
  const { redis } = createScript(() => null);
  const pubsub = createTestIsolate({ redis, clock }).invocation();
  const following = pubsub.steps(["all"], { after: "1-0", signal: new AbortController().signal });
  await following.next();
  const ending = following.next();
  await settle();
  pubsub.close();
  expect(await ending).toEqual({ done: true, value: undefined });
});

it("looks up to a tenth later by chance", async () => {
  const { clock, polledAt, abort, follow } = createFollower([], { chance: 1 });
  const following = follow();
  await settle();
  await clock.advance(22_000);
  expect(polledAt).toEqual([0, 22_000]);
  abort.abort();
  await following;
});

it("begins at the end of the bus where no position is known, and looks again in 250 ms", async () => {
  const { clock, polledAt, steps, abort, follow } = createFollower([]);
  const following = follow({});
  await settle();
  await clock.advance(500);
  expect([polledAt, steps]).toEqual([
    [0, 250, 500],
    ["1-0", "1-0", "1-0", "1-0"],
  ]);
  abort.abort();
  await following;
});

it("yields and reports what it missed", async () => {
  const { isolate, steps, abort, follow } = createFollower([[entry("5-0", 1)]]);
  const following = follow();
  await settle();
  expect(steps).toEqual(["gap", "1", "5-0"]);
  const gap = { type: "gap", reader: "follower", after: "1-0", before: "5-0", missed: undefined };
  expect([isolate.events, isolate.state.counters.gaps]).toEqual([[gap], 1]);
  abort.abort();
  await following;
});

it("yields messages alone to a caller that asks for no steps", async () => {
  const { redis } = createScript(([name]) =>
    name === "XINFO" ? ["last-generated-id", "1-0"] : [["t:b:main", [entry("1-0", 0), entry("2-0", 7)]]],
  );
  const messages = createTestIsolate({ redis }).invocation().messages(["all"]);
  for await (const message of messages) {
    expect(message).toMatchObject({ streamId: "2-0", data: 7 });
    break;
  }
});
