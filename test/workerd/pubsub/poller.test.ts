import { describe, expect, it } from "vitest";
import { createFakeClock, settle } from "../../support/clock.ts";
import { createDatabase } from "../../support/database.ts";
import { createRecorder, createScript, createTestIsolate, fieldsWith, fill } from "./support.ts";

describe("the handlers of an isolate", () => {
  /** Makes an isolate that always hears a channel, and a function that returns another of its invocations. */
  function createHearingIsolate(options: Parameters<typeof createTestIsolate>[0] = {}) {
    const recorder = createRecorder();
    const isolate = createTestIsolate({ isolateHandlers: { all: recorder.handler }, ...options });
    return { ...isolate, ...recorder };
  }

  it("calls the isolate's handlers once for a message, whichever invocation polls", async () => {
    const isolate = createHearingIsolate();
    await isolate.invocation().poll();
    const [one, two, three] = [isolate.invocation(), isolate.invocation(), isolate.invocation()];
    three.subscribe("else", () => {});
    await one.publish("all", 1);
    await two.poll();
    await one.publish("all", 2);
    await Promise.all([one.poll(), two.poll(), three.poll()]);
    await one.publish("all", 3);
    expect(three.pollAlong(0)).toBe(true);
    await isolate.settled();
    expect(isolate.data()).toEqual([1, 2, 3]);
  });

  it("does not step over a message when the invocation that polls has no handler for it", async () => {
    const isolate = createHearingIsolate();
    const [wanting, other] = [isolate.invocation(), isolate.invocation()];
    const own = createRecorder();
    wanting.subscribe("own", own.handler);
    await wanting.poll();
    for (const channel of ["own", "all"]) await other.publish(channel, channel);
    // The isolate's place is behind both messages now, and the invocation's is not.
    await other.poll();
    await wanting.poll();
    expect([own.data(), isolate.data()]).toEqual([["own"], ["all"]]);
  });

  it("does not have the isolate's handlers wait for an invocation that ended", async () => {
    const stuck = Promise.withResolvers<void>();
    const began: unknown[] = [];
    const isolate = createTestIsolate({
      isolateHandlers: {
        all({ data }) {
          began.push(data);
          return stuck.promise;
        },
      },
    });
    const [dying, next] = [isolate.invocation(), isolate.invocation()];
    await dying.poll();
    await dying.publish("all", 1);
    await dying.publish("all", 2);
    const polling = dying.poll();
    await expect.poll(() => began).toEqual([1, 2]);
    await next.publish("all", 3);
    void next.poll();
    await expect.poll(() => began).toEqual([1, 2, 3]);
    stuck.resolve();
    expect(await polling).toEqual({ delivered: 2, hasMore: false });
  });

  it("reports an isolate's handler that throws, and calls the others and those of the next message", async () => {
    const got: unknown[] = [];
    const isolate = createTestIsolate({
      isolateHandlers: {
        all() {
          throw new Error("mine");
        },
        "*": ({ data }) => void got.push(data),
      },
    });
    const pubsub = isolate.invocation();
    await pubsub.poll();
    for (const data of [1, 2]) await pubsub.publish("all", data);
    await pubsub.poll();
    expect(got).toEqual([1, 2]);
    expect(isolate.events).toMatchObject([1, 2].map(() => ({ type: "handler-failed", reader: "isolate" })));
  });

  it("gives an isolate one place on each bus", async () => {
    const isolate = createHearingIsolate();
    const [main, side] = [isolate.invocation(), isolate.invocation({ bus: "side", isolateHandlers: {} })];
    for (const pubsub of [main, side]) await pubsub.poll();
    await side.publish("all", "side");
    await main.publish("all", "main");
    for (const pubsub of [side, main]) await pubsub.poll();
    expect(isolate.data()).toEqual(["main"]);
  });
});

describe("the handlers of an invocation", () => {
  it("has an invocation hear what is published after its first poll, whatever others poll meanwhile", async () => {
    const isolate = createTestIsolate({ pageSize: 3 });
    const [one, two, busy] = [isolate.invocation(), isolate.invocation(), isolate.invocation()];
    const [first, second] = [createRecorder(), createRecorder()];
    await busy.publish("all", "before");
    one.subscribe("all", first.handler);
    await one.poll();
    for (const data of [1, 2]) {
      await busy.publish("all", data);
      await busy.poll();
    }
    two.subscribe("all", second.handler);
    await two.poll();
    for (const data of [3, 4, 5, 6, 7]) {
      await busy.publish("all", data);
      if (data % 2 === 0) await busy.poll();
    }
    for (const pubsub of [one, two]) while ((await pubsub.poll()).hasMore);
    expect([first.data(), second.data()]).toEqual([
      [1, 2, 3, 4, 5, 6, 7],
      [3, 4, 5, 6, 7],
    ]);
    expect(isolate.events).toEqual([]);
  });

  it("begins an invocation's place at the end of the bus where its isolate is more than a page behind", async () => {
    const isolate = createTestIsolate({ pageSize: 2 });
    const [busy, late] = [isolate.invocation(), isolate.invocation()];
    await busy.poll();
    for (const data of [1, 2, 3, 4, 5]) await busy.publish("all", data);
    const { handler, data } = createRecorder();
    late.subscribe("all", handler);
    await late.poll();
    await busy.publish("all", 6);
    while ((await late.poll()).hasMore);
    expect(data()).toEqual([6]);
  });

  it("runs an invocation's handlers in turn", async () => {
    const isolate = createTestIsolate();
    const pubsub = isolate.invocation();
    const log: string[] = [];
    pubsub.subscribe("all", async ({ data }) => {
      log.push(`begins ${String(data)}`);
      // A handler that polls gets nothing twice, and does not wait for itself.
      expect((await pubsub.poll()).delivered).toBe(0);
      log.push(`ends ${String(data)}`);
    });
    await pubsub.poll();
    for (const data of [1, 2]) await pubsub.publish("all", data);
    expect(await pubsub.poll()).toEqual({ delivered: 2, hasMore: false });
    expect(log).toEqual(["begins 1", "ends 1", "begins 2", "ends 2"]);
  });

  it("reports a gap to the invocation and to its isolate, each as far as it missed something", async () => {
    const isolate = createTestIsolate({ isolateHandlers: { all: () => {} } });
    const [one, busy] = [isolate.invocation(), isolate.invocation()];
    const gaps: unknown[] = [];
    one.subscribe("all", () => {});
    one.onGap(({ reader, missed }) => gaps.push([reader, missed]));
    await busy.publish("all", 0);
    await one.poll();
    for (const data of [1, 2, 3]) await busy.publish("all", data);
    await busy.poll();
    for (const data of [4, 5, 6]) await busy.publish("all", data);
    await isolate.database.raw("XTRIM", "t:b:main", "MAXLEN", 1);
    await one.poll();
    expect(gaps).toEqual([["invocation", 5]]);
    expect(isolate.events).toMatchObject([
      { type: "gap", reader: "isolate", missed: 2 },
      { type: "gap", reader: "invocation", missed: 5 },
    ]);
  });
});

it("continues after a poll that failed", async () => {
  const isolate = createTestIsolate({ retries: 0 });
  const pubsub = isolate.invocation();
  const { handler, data } = createRecorder();
  pubsub.subscribe("all", handler);
  await pubsub.poll();
  await pubsub.publish("all", 1);
  await isolate.database.break({ at: "before", do: "drop", times: 2 });
  expect(pubsub.pollAlong(0)).toBe(true);
  await isolate.settled();
  await expect(pubsub.poll()).rejects.toThrow();
  expect(isolate.events).toMatchObject([{ type: "poll-failed", reader: "isolate" }]);
  await pubsub.poll();
  expect(data()).toEqual([1]);
});

it("begins to listen where the bus ends, even when it is empty", async () => {
  const database = createDatabase();
  const [early, late] = [createTestIsolate({ database }), createTestIsolate({ database })];
  const [first, second] = [createRecorder(), createRecorder()];
  const [one, two] = [early.invocation(), late.invocation()];
  one.subscribe("all", first.handler);
  two.subscribe("all", second.handler);
  await one.poll();
  await one.publish("all", 1);
  await two.poll();
  await one.publish("all", 2);
  await Promise.all([one.poll(), two.poll()]);
  expect([first.data(), second.data()]).toEqual([[1, 2], [2]]);
  expect([...early.events, ...late.events]).toEqual([]);
});

it("delivers a message once though several polls of an isolate read it, whatever the isolate remembers", async () => {
  const { handler, data } = createRecorder();
  const isolate = createTestIsolate({ isolateHandlers: { all: handler }, memorySize: 1 });
  const invocations = [1, 2, 3].map(() => isolate.invocation());
  const [first] = invocations;
  await first?.poll();
  await fill(isolate.database, 3);
  await Promise.all(invocations.map((pubsub) => pubsub.poll()));
  expect([data(), first?.stats().duplicates]).toEqual([[1, 2, 3], 0]);
});

it("ends a poll when the handlers that it called are done", async () => {
  const [began, stuck] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const isolate = createTestIsolate({ isolateHandlers: { all: () => (began.resolve(), stuck.promise) } });
  const pubsub = isolate.invocation();
  await pubsub.poll();
  await pubsub.publish("all", 1);
  let isOver = false;
  const polling = pubsub.poll().then(() => (isOver = true));
  await began.promise;
  await settle();
  expect(isOver).toBe(false);
  stuck.resolve();
  await polling;
});

it("counts what the isolate missed from where several messages before it ended", async () => {
  const isolate = createTestIsolate({ isolateHandlers: { all: () => {} } });
  const pubsub = isolate.invocation();
  await pubsub.poll();
  await fill(isolate.database, 3);
  await pubsub.poll();
  await fill(isolate.database, 5, 4);
  await isolate.database.raw("XTRIM", "t:b:main", "MAXLEN", 1);
  await pubsub.poll();
  expect(isolate.events).toMatchObject([{ type: "gap", missed: 4 }]);
});

it("begins anew for an invocation that wanted nothing meanwhile", async () => {
  const { handler, data } = createRecorder();
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  pubsub.subscribe("all", handler);
  await pubsub.poll();
  pubsub.unsubscribe("all");
  await pubsub.poll();
  await fill(isolate.database, 2);
  await pubsub.poll();
  pubsub.subscribe("all", handler);
  await pubsub.poll();
  await fill(isolate.database, 1, 3);
  await pubsub.poll();
  expect(data()).toEqual([3]);
});

it("counts what was missed where the stream moved on between the read and the question", async () => {
  const infos = [
    ["last-generated-id", "2-0", "entries-added", 2, "length", 2],
    // By now everything is trimmed.
    ["last-generated-id", "6-0", "entries-added", 6, "length", 0],
  ];
  const page = [["t:b:main", ["5-0", "6-0"].map((id) => [id, fieldsWith({ i: id })])]];
  const { redis } = createScript(([name]) => (name === "XINFO" ? infos.shift() : page));
  const isolate = createTestIsolate({ redis, isolateHandlers: { all: () => {} } });
  const pubsub = isolate.invocation();
  for (let polls = 0; polls < 2; polls++) await pubsub.poll();
  expect(isolate.events).toEqual([{ type: "gap", reader: "isolate", after: "2-0", before: "5-0", missed: 2 }]);
});

it("says how long the last message was under way, and that it is never less than nothing", async () => {
  const clock = createFakeClock(1_800_000_000_000);
  const isolate = createTestIsolate({ clock, isolateHandlers: { all: () => {} } });
  const pubsub = isolate.invocation();
  await pubsub.poll();
  const lagOf = async (ms: number) => {
    await isolate.database.raw("XADD", "t:b:main", `${clock.now() - ms}-0`, ...fieldsWith({ i: String(ms) }));
    await pubsub.poll();
    return pubsub.stats().lagMs;
  };
  expect([await lagOf(1_500), await lagOf(400), await lagOf(-30_000)]).toEqual([1_500, 400, 0]);
});

it("calls no handler of gaps that was taken back", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const heard: string[] = [];
  const end = pubsub.onGap(() => void heard.push("taken back"));
  pubsub.onGap(() => void heard.push("kept"));
  const subscriber = pubsub.subscriber("audit");
  pubsub.subscribe("all", () => {});
  for (const reader of [pubsub, subscriber]) await reader.poll();
  await fill(isolate.database, 3);
  await isolate.database.raw("XTRIM", "t:b:main", "MAXLEN", 1);
  end();
  await pubsub.poll();
  expect(heard).toEqual(["kept"]);
  pubsub.close();
  await subscriber.poll();
  expect([heard, pubsub.stats().gaps]).toEqual([["kept"], 2]);
});

it.each([
  [1_999, 1],
  [2_000, 0],
])("knows a message published twice with %i others between, if it still remembers it: %i", async (between, known) => {
  const { handler, data } = createRecorder();
  const isolate = createTestIsolate({ isolateHandlers: { all: handler }, pageSize: 3_000 });
  const pubsub = isolate.invocation();
  await pubsub.poll();
  await fill(isolate.database, between + 1);
  await fill(isolate.database, 1);
  await pubsub.poll();
  expect([data().length, pubsub.stats().duplicates]).toEqual([between + 2 - known, known]);
});

it("calls no handler that was removed while its message was being read", async () => {
  const { handler, data } = createRecorder();
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  pubsub.subscribe("all", handler);
  await pubsub.poll();
  await fill(isolate.database, 1);
  const polling = pubsub.poll();
  pubsub.unsubscribe("all");
  expect([await polling, data()]).toEqual([{ delivered: 0, hasMore: false }, []]);
});
