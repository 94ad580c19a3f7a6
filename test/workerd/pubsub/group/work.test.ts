import { expect, it } from "vitest";
import type { Budget } from "../../../../src/platform/index.ts";
import { MessagePutOffError } from "../../../../src/pubsub/index.ts";
import { createFakeClock, settle } from "../../../support/clock.ts";
import { createDatabase } from "../../../support/database.ts";
import { createScript, createTestIsolate, fieldsWith, fill, pendingOf } from "../support.ts";

/** A budget of as many requests, of which each message spends what it holds. */
function createBudget(limit: number): Budget & { most: number } {
  let [left, held] = [limit, 0];
  const budget = {
    most: 0,
    left: () => left - held,
    held: () => held,
    hold(requests: number) {
      held += requests;
      budget.most = Math.max(budget.most, held);
      return () => {
        held -= requests;
        left -= requests;
      };
    },
  };
  return budget;
}

it.each([
  [8, 0],
  [9, 1],
  [14, 2],
  [15, 3],
])("keeps six requests and takes three for each message: with %i, %i of five", async (requests, expected) => {
  const isolate = createTestIsolate();
  const { database } = isolate;
  const got: unknown[] = [];
  const counts: number[] = [];
  const group = isolate.invocation().group("feeds");
  group.subscribe("*", ({ data }, { count }) => {
    got.push(data);
    counts.push(count);
  });
  await fill(database, 5);
  const budget = createBudget(requests);
  const again = await group.work({ budget });
  expect(got).toHaveLength(expected);
  expect(again).toBeLessThanOrEqual(Date.now());
  expect([budget.held(), await pendingOf(database)]).toEqual([0, expected === 0 ? undefined : 5 - expected]);
  expect([...isolate.state.groups.values()].map(({ pending }) => pending.size)).toEqual([0]);
  // What was given back is stale at once, and was no delivery.
  expect(await group.work()).toBeUndefined();
  expect([new Set(got), counts]).toEqual([new Set([1, 2, 3, 4, 5]), [1, 1, 1, 1, 1]]);
});

it("leaves half of its requests to new messages where those that fail would take all, and then goes on with these", async () => {
  const isolate = createTestIsolate();
  const { database } = isolate;
  const got: unknown[] = [];
  const group = isolate.invocation().group("feeds", { retryMs: 1 });
  group.subscribe<number>("*", ({ data }) => {
    got.push(data);
    if (data <= 10) throw new Error("not today");
  });
  await fill(database, 10);
  await group.work();
  await fill(database, 10, 11);
  got.length = 0;
  // 8 messages: 4 that wait, 4 that are new.
  await group.work({ budget: createBudget(6 + 24) });
  expect(got.toSorted((a, b) => Number(a) - Number(b))).toEqual([1, 2, 3, 4, 11, 12, 13, 14]);
  got.length = 0;
  await group.work({ budget: createBudget(6 + 300) });
  expect(new Set(got.filter((data) => Number(data) > 10))).toEqual(new Set([15, 16, 17, 18, 19, 20]));
  // None of the failing ones is left out for good.
  expect(new Set(got.filter((data) => Number(data) <= 10)).size).toBe(10);
});

it("handles what was given back untried before what has failed", async () => {
  const isolate = createTestIsolate();
  const got: unknown[] = [];
  const group = isolate.invocation().group("feeds", { retryMs: 1, concurrency: 1 });
  group.subscribe<number>("*", ({ data }) => {
    got.push(data);
    if (data <= 3) throw new Error("not today");
  });
  await fill(isolate.database, 6);
  await group.work({ budget: createBudget(6 + 9) });
  await group.work({ budget: createBudget(6 + 18) });
  expect(got).toEqual([1, 2, 3, 4, 5, 6, 1, 2, 3]);
});

it("asks Redis for nothing where it has no requests", async () => {
  const isolate = createTestIsolate();
  await fill(isolate.database, 1);
  const group = isolate.invocation().group("feeds");
  group.subscribe("*", () => {});
  expect(await isolate.database.cost(() => group.work({ budget: createBudget(8) }))).toEqual({ requests: 0 });
});

it("waits for requests that other work holds", async () => {
  const clock = createFakeClock();
  const { redis, sent } = createScript(([name]) => {
    if (name === "XPENDING") return sent.length === 1 ? [] : [0];
    if (name === "XREADGROUP")
      return sent.filter(([one]) => one === name).length > 1 ? null : [["t:b:main", [["1-0", fieldsWith({})]]]];
    return null;
  });
  const budget = createBudget(12);
  const group = createTestIsolate({ redis, clock }).invocation().group("feeds");
  let calls = 0;
  group.subscribe("*", () => void (calls += 1));
  let release = () => {};
  const working = group.work({
    budget: {
      ...budget,
      // Other work takes the requests right after the page was read.
      left: () => (sent.some(([name]) => name === "XREADGROUP") && held() ? 6 : budget.left()),
      held: () => (held() ? 1 : budget.held()),
    },
  });
  let isHeld = true;
  const held = () => isHeld;
  release = () => (isHeld = false);
  await settle();
  expect(calls).toBe(0);
  release();
  await clock.advance(100);
  await working;
  expect(calls).toBe(1);
});

it("says when a message whose handler threw is due again, and frees what it held for it", async () => {
  const clock = createFakeClock(Date.now());
  const isolate = createTestIsolate({ clock });
  const budget = createBudget(20);
  const group = isolate.invocation().group("feeds");
  group.subscribe("*", () => {
    expect(budget.held()).toBe(3);
    throw new Error("no");
  });
  await fill(isolate.database, 1);
  expect(await group.work({ budget })).toBe(clock.now() + 60_000);
  expect([budget.held(), budget.most]).toEqual([0, 3]);
  expect([...isolate.state.groups.values()].map(({ pending }) => pending.size)).toEqual([1]);
});

it("handles what its handlers publish", async () => {
  const pubsub = createTestIsolate().invocation();
  const group = pubsub.group("feeds");
  const got: unknown[] = [];
  group.subscribe("*", async ({ data }) => {
    got.push(data);
    if (data === 1) await pubsub.publish("all", 2);
  });
  await pubsub.publish("all", 1);
  expect([await group.work(), got]).toEqual([undefined, [1, 2]]);
});

it("gives back as no delivery what it has no requests for, and reads nothing more, whatever is freed", async () => {
  const clock = createFakeClock();
  const { redis, sent } = createScript(([name]) => {
    if (name === "XPENDING") return [];
    return name === "XREADGROUP" ? [["t:b:main", [["1-0", fieldsWith({})]]]] : null;
  });
  const group = createTestIsolate({ redis, clock, source: "ab" }).invocation().group("feeds");
  group.subscribe("*", () => {});
  const names = () => sent.map(([name]) => name);
  const left = () => (names().includes("XREADGROUP") && !names().includes("XCLAIM") ? 6 : 20);
  expect(await group.work({ budget: { left, held: () => 0, hold: () => () => {} } })).toBe(clock.now());
  expect(names()).toEqual(["XPENDING", "XREADGROUP", "XCLAIM"]);
  const back = ["XCLAIM", "t:b:main", "feeds", "w3", 0, "1-0", "IDLE", 60_000, "RETRYCOUNT", 0, "JUSTID"];
  expect(sent[2]).toEqual(back);
});

it("reads no more than Upstash lets one worker have unfinished while its handlers fail, and goes on once they do not", async () => {
  const isolate = createTestIsolate();
  const { database } = isolate;
  await fill(database, 1_200);
  let isDown = true;
  const got = new Set<unknown>();
  const work = (now: number) => {
    const group = isolate.invocation({ clock: createFakeClock(now) }).group("feeds", { retryMs: 1 });
    group.subscribe("*", ({ data }) => {
      if (isDown) throw new Error("no");
      got.add(data);
    });
    return group.work();
  };
  const startedAt = Date.now();
  expect(await work(startedAt)).toBe(startedAt + 1);
  expect(await pendingOf(database)).toBe(500);
  isDown = false;
  let again: number | undefined = startedAt + 1;
  for (let rounds = 0; again !== undefined && rounds < 20; rounds++) again = await work(again);
  expect([again, got.size, await pendingOf(database)]).toEqual([undefined, 1_200, 0]);
});

it("delivers a message that a handler puts off again after `retryMs`, however often, and counts no delivery", async () => {
  const isolate = createTestIsolate();
  const counts: number[] = [];
  const work = () => {
    const group = isolate.invocation().group("feeds", { maxDeliveries: 2, retryMs: 40 });
    group.subscribe("*", (_message, { count, isLast }) => {
      counts.push(count);
      expect(isLast).toBe(false);
      if (counts.length < 6) throw new MessagePutOffError("not yet");
    });
    return group.work();
  };
  await fill(isolate.database, 1);
  for (let tries = 1; tries < 6; tries++) {
    const now = Date.now();
    expect((await work()) ?? 0).toBeGreaterThanOrEqual(now + 40);
    expect(counts).toHaveLength(tries);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  expect(await work()).toBeUndefined();
  expect(counts).toEqual([1, 1, 1, 1, 1, 1]);
  expect(await isolate.invocation().group("feeds").deadLetterCount()).toBe(0);
});

it("counts a delivery where one handler puts a message off and another one throws", async () => {
  const isolate = createTestIsolate();
  const group = isolate.invocation().group("feeds", { maxDeliveries: 1 });
  group.subscribe("*", () => Promise.reject(new MessagePutOffError("not yet")));
  group.subscribe("*", () => Promise.reject(new Error("no")));
  await fill(isolate.database, 1);
  await group.work();
  expect(await group.deadLetterCount()).toBe(1);
});

it("waits where other isolates of its name have unfinished as much as Upstash lets one worker have", async () => {
  const database = createDatabase();
  await fill(database, 1_300);
  const clock = createFakeClock(Date.now());
  const work = (handler: () => void) => {
    const group = createTestIsolate({ database, clock }).invocation().group("feeds");
    group.subscribe("*", handler);
    return group.work();
  };
  const fail = () => {
    throw new Error("no");
  };
  for (const expected of [500, 1_000, 1_000]) {
    expect(await work(fail)).toBe(clock.now() + 60_000);
    expect(await pendingOf(database)).toBe(expected);
  }
  // An isolate with another name reads the rest.
  const other = createTestIsolate({ database, clock, source: "ab" }).invocation().group("feeds");
  let calls = 0;
  other.subscribe("*", () => void (calls += 1));
  await other.work();
  expect(calls).toBe(300);
});

it("reports each try of a handler that takes longer than 18 s as one that threw", async () => {
  const clock = createFakeClock(Date.now());
  const isolate = createTestIsolate({ clock });
  const group = isolate.invocation().group("feeds", { retryMs: 0, maxDeliveries: 3 });
  let calls = 0;
  group.subscribe("*", () => {
    calls += 1;
    return new Promise<void>(() => {});
  });
  await fill(isolate.database, 1);
  for (let tries = 1; tries <= 3; tries++) {
    const working = group.work();
    await expect.poll(() => calls).toBe(tries);
    await clock.advance(18_000);
    await working;
    const told = isolate.events.filter(({ type }) => type === "handler-failed");
    const error = expect.objectContaining({ message: "a handler took longer than 18 s" });
    expect(told).toHaveLength(tries);
    expect(told.at(-1)).toMatchObject({ reader: "group feeds", channel: "all", messageId: expect.any(String), error });
  }
  expect(isolate.state.counters.failed).toBe(3);
  expect(isolate.events.at(-1)).toMatchObject({ type: "dead-letter", deliveries: 3 });
});
