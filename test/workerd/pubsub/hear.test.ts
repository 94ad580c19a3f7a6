import { describe, expect, it } from "vitest";
import { heardUntil } from "../../../src/pubsub/index.ts";
import { createFakeClock, settle } from "../../support/clock.ts";
import { createRecorder, createScript, createTestIsolate, fieldsWith, fill } from "./support.ts";

describe("hearing", () => {
  it("reads up to ten pages, and says until when everything was heard only at the end of the bus", async () => {
    const { handler, data } = createRecorder();
    const isolate = createTestIsolate({ isolateHandlers: { all: handler }, pageSize: 2 });
    const { database } = isolate;
    const pubsub = isolate.invocation();
    expect(pubsub.heardUntil()).toBe(0);
    await fill(database, 1, 0);
    await pubsub.poll();
    const beganAt = pubsub.heardUntil();
    expect(Math.abs(beganAt - Date.now())).toBeLessThan(5_000);
    await fill(database, 23);
    expect(await database.cost(() => pubsub.hear())).toEqual({ requests: 10, XREAD: 10 });
    expect([data().length, pubsub.stats().hasMore, pubsub.heardUntil()]).toEqual([20, true, beganAt]);
    const before = Date.now();
    expect(await database.cost(() => pubsub.hear())).toEqual({ requests: 2, XREAD: 2 });
    expect([data().length, pubsub.stats().hasMore]).toEqual([23, false]);
    expect(pubsub.heardUntil()).toBeGreaterThanOrEqual(before);
  });

  it("counts from when it asked, not from the answer, and never goes back", async () => {
    const clock = createFakeClock();
    const answers: (() => void)[] = [];
    const { redis, sent } = createScript(
      ([name]) =>
        new Promise((resolve) => answers.push(() => resolve(name === "XINFO" ? ["last-generated-id", "1-0"] : null))),
    );
    const isolate = createTestIsolate({ redis, clock, isolateHandlers: { all: () => {} } });
    const [one, two] = [isolate.invocation(), isolate.invocation()];
    const startedAt = clock.now();
    const polls: Promise<unknown>[] = [];
    const answer = async (index: number) => {
      answers[index]?.();
      await settle();
      return one.heardUntil() - startedAt;
    };
    polls.push(one.poll());
    await clock.advance(70);
    expect(await answer(0)).toBe(0);
    for (const pubsub of [one, two]) {
      await clock.advance(30);
      polls.push(pubsub.poll());
      await settle();
    }
    await clock.advance(50);
    // The younger poll is answered first.
    expect([await answer(2), await answer(1), sent.length]).toEqual([130, 130, 3]);
    await Promise.all(polls);
  });

  it("hears what was published since the isolate began, however late its first poll comes", async () => {
    const { handler, data } = createRecorder();
    const since = Date.now();
    let missed = 0;
    const isolate = createTestIsolate({ since, isolateHandlers: { all: handler }, onMissed: () => void (missed += 1) });
    const { database } = isolate;
    const pubsub = isolate.invocation();
    await database.raw("XADD", "t:b:main", `${since - 60_000}-0`, ...fieldsWith({ i: "old", d: "0" }));
    await pubsub.publish("all", 1);
    const { handler: ownHandler, data: ownData } = createRecorder();
    pubsub.subscribe("all", ownHandler);
    expect(await database.cost(() => pubsub.poll())).toEqual({ requests: 3, XREAD: 1, XINFO: 2 });
    // An invocation's own handlers hear what is published after they were added.
    expect([data(), ownData(), missed, isolate.events]).toEqual([[1], [], 1, []]);
    await pubsub.publish("all", 2);
    expect(await database.cost(() => pubsub.poll())).toEqual({ requests: 1, XREAD: 1 });
    expect([data(), ownData(), missed, isolate.events]).toEqual([[1, 2], [2], 1, []]);
  });

  it("begins with 1 command where nothing was published since, and notices what the bus loses from then on", async () => {
    const since = Date.now();
    const isolate = createTestIsolate({ since, isolateHandlers: { all: () => {} } });
    const { database, events } = isolate;
    await database.raw("XADD", "t:b:main", `${since - 60_000}-0`, ...fieldsWith({}));
    const pubsub = isolate.invocation();
    expect(await database.cost(() => pubsub.poll())).toEqual({ requests: 1, XINFO: 1 });
    expect(await database.cost(() => pubsub.poll())).toEqual({ requests: 1, XREAD: 1 });
    await pubsub.publish("all", 1);
    await database.raw("DEL", "t:b:main");
    await pubsub.poll();
    expect(events).toMatchObject([{ type: "gap", reader: "isolate" }]);
  });

  it("sends nothing while a poll is under way, and tells once that what was before is missed", async () => {
    let missed = 0;
    const isolate = createTestIsolate({ isolateHandlers: { all: () => {} }, onMissed: () => void (missed += 1) });
    const [one, two] = [isolate.invocation(), isolate.invocation()];
    await Promise.all([one.poll(), two.poll()]);
    expect(missed).toBe(1);
    const cost = await isolate.database.cost(() => Promise.all([one.poll(), one.hear(), one.hear()]));
    expect(cost).toEqual({ requests: 1, XREAD: 1 });
  });

  it("joins the poll that is under way, although an older one has ended meanwhile", async () => {
    const answers: (() => void)[] = [];
    const { redis, sent } = createScript(([name]) =>
      name === "XINFO" ? ["last-generated-id", "1-0"] : new Promise((resolve) => answers.push(() => resolve(null))),
    );
    const pubsub = createTestIsolate({ redis, isolateHandlers: { all: () => {} } }).invocation();
    await pubsub.poll();
    const work = [pubsub.poll(), pubsub.poll()];
    await settle();
    answers[0]?.();
    await settle();
    work.push(pubsub.hear() as never);
    await settle();
    expect(sent).toHaveLength(3);
    answers[1]?.();
    await Promise.all(work);
  });

  it("has heard, polled and counted nothing at first", async () => {
    const { state, invocation } = createTestIsolate();
    const pubsub = invocation();
    const counts = { published: 0, delivered: 0, failed: 0, duplicates: 0, polls: 0, gaps: 0, missed: 0 };
    const none = { ...counts, deadLetters: 0, channels: 0, subscriptions: 0, lagMs: 0, hasMore: false };
    expect([pubsub.stats(), heardUntil(state)]).toEqual([none, 0]);
    await pubsub.poll();
    expect(heardUntil(state)).toBe(pubsub.heardUntil());
    expect([heardUntil(state) > 0, heardUntil(state, "side")]).toEqual([true, 0]);
  });

  it("does not wait for the handlers that it called, and keeps the invocation alive for them", async () => {
    const stuck = Promise.withResolvers<void>();
    const kept: Promise<unknown>[] = [];
    const isolate = createTestIsolate({ isolateHandlers: { all: () => stuck.promise } });
    const pubsub = isolate.invocation({ waitUntil: (work) => void kept.push(work) });
    await pubsub.poll();
    await pubsub.publish("all", 1);
    await pubsub.hear();
    let isDone = false;
    const working = Promise.all(kept).then(() => (isDone = true));
    await settle();
    expect([kept.length, isDone]).toEqual([1, false]);
    stuck.resolve();
    await working;
  });
});
