import { describe, expect, it } from "vitest";
import { cacheKind, createCache, createCacheState } from "../../../src/cache/index.ts";
import { systemClock } from "../../../src/platform/index.ts";
import { matchesChannel } from "../../../src/pubsub/channels.ts";
import {
  channels,
  InvalidChannelError,
  InvalidMessageError,
  invalidationHandler,
  invalidationsOn,
  type Message,
  MessageTooLargeError,
  NotJsonError,
  PublishUncertainError,
  PubsubClosedError,
  UnknownPositionError,
} from "../../../src/pubsub/index.ts";
import { compareIds, idBefore } from "../../../src/pubsub/stream-id.ts";
import { createFakeClock } from "../../support/clock.ts";
import { createDatabase, type Database } from "../../support/database.ts";
import { createRecorder, createTestIsolate } from "./support.ts";

/** Returns how many messages workers have read that are neither acknowledged nor dead. */
const pendingOf = async (database: Database) =>
  database.raw("XPENDING", "t:b:main", "feeds").then(
    (reply) => (reply as [number])[0],
    () => undefined,
  );

const lostReply = { at: "after", do: "drop", times: 1 } as const;

describe("messages", () => {
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

  it("refuses to publish data that is too large or not JSON, or to a wrong channel", async () => {
    const pubsub = createTestIsolate({ maxBytes: 10 }).invocation();
    await expect(pubsub.publish("all", "äääää")).rejects.toThrow(MessageTooLargeError);
    await expect(pubsub.publish("all", 1n)).rejects.toThrow(NotJsonError);
    await expect(pubsub.publish("guild.*", 1)).rejects.toThrow(InvalidChannelError);
    await expect(pubsub.publish("", 1)).rejects.toThrow(InvalidChannelError);
    expect(() => pubsub.subscribe("a b", () => {})).toThrow(InvalidChannelError);
  });
});

/** The fields of an entry, as pubsub writes them but for those that differ; null leaves a field out. */
function fieldsWith(more: Record<string, string | null>): string[] {
  const fields = { c: "all", i: "m1", t: "message", d: "1", s: "one", ...more };
  return Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [name, value]));
}

describe("what is not a message", () => {
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
  });

  it("refuses to publish an id or a type that no reader would take", async () => {
    const { database, invocation } = createTestIsolate();
    const pubsub = invocation();
    for (const options of [{ id: "" }, { id: "x".repeat(257) }, { type: "" }, { type: "x".repeat(129) }]) {
      await expect(pubsub.publish("all", 1, options)).rejects.toThrow(InvalidMessageError);
    }
    await expect(pubsub.publishOnce("all", 1, { key: "k", type: "" })).rejects.toThrow(InvalidMessageError);
    expect(await database.raw("DBSIZE")).toBe(0);
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

  it.each(["{}", "[]", "nonsense", '["yesterday",1]', '["1-1",1,""]', '["1-1",1e400]'])(
    "delivers everything that is left to a subscriber whose cursor is %s",
    async (text) => {
      const isolate = createTestIsolate();
      const pubsub = isolate.invocation();
      const { data, handler } = createRecorder();
      const subscriber = pubsub.subscriber("audit");
      subscriber.subscribe("all", handler);
      await pubsub.publish("all", 1);
      await isolate.database.raw("SET", "t:bc:main:audit", text);
      await subscriber.poll();
      await pubsub.publish("all", 2);
      await subscriber.poll();
      expect(data()).toEqual([1, 2]);
    },
  );

  it("reports and replaces a subscriber's cursor and an idempotency record of another type", async () => {
    const isolate = createTestIsolate();
    const pubsub = isolate.invocation();
    const { data, handler } = createRecorder();
    for (const key of ["t:bc:main:audit", "t:bi:main:all list"]) await isolate.database.raw("RPUSH", key, "x");
    await isolate.database.raw("SET", "t:bi:main:all text", "x");
    for (const key of ["list", "text"]) {
      expect(await pubsub.publishOnce("all", key, { key })).toMatchObject({ isRepeated: false });
      expect(await pubsub.publishOnce("all", key, { key })).toMatchObject({ isRepeated: true });
    }
    const subscriber = pubsub.subscriber("audit");
    subscriber.subscribe("all", handler);
    for (let polls = 0; polls < 2; polls++) await subscriber.poll();
    expect(data()).toEqual(["list", "text"]);
    expect(isolate.events).toEqual(
      ["t:bi:main:all list", "t:bi:main:all text", "t:bc:main:audit"].map((where) => ({ type: "unreadable", where })),
    );
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
    await isolate.database.raw("DEL", "t:b:main");
    await pubsub.publish("all", 1);
  });

  it("refuses to follow from a position ahead of the bus", async () => {
    const pubsub = createTestIsolate().invocation();
    const ahead = "99999999999999-0";
    await expect(pubsub.steps(["all"], { after: ahead }).next()).rejects.toThrow(UnknownPositionError);
  });
});

describe("handlers", () => {
  it("runs the handlers of a channel and its patterns, also when one of them throws", async () => {
    const isolate = createTestIsolate();
    const pubsub = isolate.invocation();
    const got: string[] = [];
    const add = (name: string) => (message: Message) => void got.push(`${name} ${message.channel}`);
    pubsub.subscribe("guild.1", add("a"));
    pubsub.subscribe("guild.1", () => {
      throw new Error("mine");
    });
    pubsub.subscribe("guild.1", () => Promise.reject(new Error("mine too")));
    pubsub.subscribe("guild.1", add("b"));
    pubsub.subscribe("guild.*", add("c"));
    await pubsub.poll();
    for (const channel of ["guild.1", "guild.2", "user.1"]) await pubsub.publish(channel, 0);
    await pubsub.poll();
    expect(got.toSorted()).toEqual(["a guild.1", "b guild.1", "c guild.1", "c guild.2"]);
    expect(isolate.events.map((event) => ("error" in event ? String(event.error) : event.type))).toEqual([
      "Error: mine",
      "Error: mine too",
    ]);
    expect(pubsub.stats()).toMatchObject({ channels: 2, subscriptions: 5, published: 3, delivered: 2, failed: 2 });
  });

  it("removes handlers one by one or all at once", async () => {
    const pubsub = createTestIsolate().invocation();
    const [one, two, three] = [createRecorder(), createRecorder(), createRecorder()];
    const end = pubsub.subscribe("all", one.handler);
    pubsub.subscribe("all", two.handler);
    pubsub.subscribe("all", three.handler);
    await pubsub.poll();
    end();
    expect(pubsub.unsubscribe("all", two.handler)).toBe(1);
    expect(pubsub.unsubscribe("all", two.handler)).toBe(0);
    await pubsub.publish("all", 1);
    await pubsub.poll();
    expect(pubsub.unsubscribe("all")).toBe(1);
    await pubsub.publish("all", 2);
    await pubsub.poll();
    expect([one.data(), two.data(), three.data()]).toEqual([[], [], [1]]);
  });

  it("runs no handler and refuses to publish once closed", async () => {
    const pubsub = createTestIsolate().invocation();
    pubsub.subscribe("all", () => {});
    pubsub.close();
    pubsub.close();
    expect([pubsub.stats().subscriptions, pubsub.pollAlong()]).toEqual([0, false]);
    await expect(pubsub.publish("all", 1)).rejects.toThrow(PubsubClosedError);
    await expect(pubsub.poll()).rejects.toThrow(PubsubClosedError);
  });
});

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
      await pubsub.poll();
      log.push(`ends ${String(data)}`);
    });
    await pubsub.poll();
    for (const data of [1, 2]) await pubsub.publish("all", data);
    await pubsub.poll();
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

describe("delivery", () => {
  it("delivers a message once when the reply to its publish is lost", async () => {
    const isolate = createTestIsolate();
    const pubsub = isolate.invocation();
    const { handler, data } = createRecorder();
    pubsub.subscribe("all", handler);
    await pubsub.poll();
    await isolate.database.break(lostReply);
    await pubsub.publish("all", "x");
    expect(await isolate.database.raw("XLEN", "t:b:main")).toBe(2);
    await pubsub.poll();
    expect([data(), pubsub.stats().duplicates]).toEqual([["x"], 1]);
  });

  it("delivers a message once when the caller publishes it again after an uncertain outcome", async () => {
    const isolate = createTestIsolate();
    const pubsub = isolate.invocation();
    const { handler, data } = createRecorder();
    pubsub.subscribe("all", handler);
    await pubsub.poll();
    await isolate.database.break({ ...lostReply, times: 3 });
    const error = await pubsub.publish("all", "x").catch((thrown: unknown) => thrown);
    if (!(error instanceof PublishUncertainError)) throw error;
    await pubsub.publish("all", "x", { id: error.messageId });
    await pubsub.poll();
    expect(data()).toEqual(["x"]);
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

  it("yields messages until its signal aborts", async () => {
    const isolate = createTestIsolate();
    const pubsub = isolate.invocation();
    const { streamId } = await pubsub.publish("guild.1", 0);
    for (const data of [1, 2, 3]) await pubsub.publish(`guild.${data}`, data);
    const abort = new AbortController();
    const got: unknown[] = [];
    for await (const { data } of pubsub.messages(["guild.*"], { after: streamId, signal: abort.signal })) {
      got.push(data);
      if (got.length === 3) abort.abort();
    }
    expect(got).toEqual([1, 2, 3]);
  });
});

describe("gaps", () => {
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
});

describe("the bus", () => {
  it("trims the bus by age with every publish, and by length at random", async () => {
    const clock = createFakeClock(Date.now());
    let chance = 0.5;
    const isolate = createTestIsolate({ clock, retentionMs: 60_000, maxLength: 200, chance: () => chance });
    const pubsub = isolate.invocation();
    const length = () => isolate.database.raw("XLEN", "t:b:main");
    await Promise.all(Array.from({ length: 900 }, () => pubsub.publish("all", "x")));
    expect(await length()).toBe(900);
    chance = 0;
    await pubsub.publish("all", "x");
    expect(await length()).toBeLessThanOrEqual(300);
    chance = 0.5;
    await clock.advance(120_000);
    await pubsub.publish("all", "x");
    expect(await length()).toBeLessThanOrEqual(100);
  });
});

describe("a named subscriber", () => {
  it("continues a named subscriber in another isolate, and delivers a message published twice once", async () => {
    const database = createDatabase();
    const { handler, data } = createRecorder();
    const fresh = () => {
      const pubsub = createTestIsolate({ database }).invocation();
      const subscriber = pubsub.subscriber("audit", { from: "oldest" });
      subscriber.subscribe("all", handler);
      return { pubsub, subscriber };
    };
    const { pubsub, subscriber } = fresh();
    await pubsub.publish("all", 1, { id: "m1" });
    await subscriber.poll();
    await pubsub.publish("all", 1, { id: "m1" });
    await pubsub.publish("all", 2);
    await fresh().subscriber.poll();
    await fresh().subscriber.poll();
    expect(data()).toEqual([1, 2]);
  });

  it("does not move a subscriber's cursor backwards when an isolate is slower", async () => {
    const database = createDatabase();
    const [a, b] = [createTestIsolate({ database }).invocation(), createTestIsolate({ database }).invocation()];
    const slow = Promise.withResolvers<void>();
    const [one, two] = [a.subscriber("audit", { from: "oldest" }), b.subscriber("audit", { from: "oldest" })];
    let began = 0;
    one.subscribe("all", () => {
      began += 1;
      return slow.promise;
    });
    two.subscribe("all", () => {});
    await a.publish("all", 1);
    const polling = one.poll();
    await expect.poll(() => began).toBe(1);
    await two.poll();
    const { streamId } = await a.publish("all", 2);
    await two.poll();
    slow.resolve();
    await polling;
    expect(String(await database.raw("GET", "t:bc:main:audit"))).toContain(streamId);
  });

  it("reports a gap to a subscriber that did not run while messages were trimmed", async () => {
    const database = createDatabase();
    const before = createTestIsolate({ database }).invocation();
    await before.publish("all", 0);
    await before.subscriber("audit").poll();
    for (let index = 0; index < 6; index++) await before.publish("all", index);
    await database.raw("XTRIM", "t:b:main", "MAXLEN", 1);
    const after = createTestIsolate({ database });
    await after.invocation().subscriber("audit").poll();
    expect(after.events).toMatchObject([{ type: "gap", reader: "subscriber audit", missed: 5 }]);
  });
});

describe("a group", () => {
  it("shares messages among the workers of a group", async () => {
    const database = createDatabase();
    const workers = ["a", "b"].map((source) => {
      const pubsub = createTestIsolate({ database, source }).invocation();
      const group = pubsub.group("feeds", { pageSize: 5 });
      const recorder = createRecorder();
      group.subscribe("feed.*", recorder.handler);
      return { pubsub, group, data: recorder.data };
    });
    await Promise.all(workers.map(({ group }) => group.poll()));
    for (let index = 0; index < 10; index++) await workers[0]?.pubsub.publish("feed.news", index);
    await workers[0]?.pubsub.publish("else", 0);
    for (const { group } of [...workers, ...workers]) await group.poll();
    for (const { group } of workers) await group.flush();
    expect(workers.map(({ data }) => data())).toEqual([
      [0, 1, 2, 3, 4],
      [5, 6, 7, 8, 9],
    ]);
    expect(await pendingOf(database)).toBe(0);
  });

  it("retries a message whose handler threw, and gives it up after `maxDeliveries`", async () => {
    const isolate = createTestIsolate();
    const pubsub = isolate.invocation();
    const group = pubsub.group("feeds", { maxDeliveries: 3, retryMs: 0 });
    const tries: unknown[] = [];
    let isBroken = true;
    group.subscribe<number>("feed.*", ({ data }) => {
      tries.push(data);
      if (data === 1 && isBroken) throw new Error("no such channel");
    });
    await pubsub.publish("feed.news", 1);
    await pubsub.publish("feed.news", 2);
    await group.poll();
    for (let index = 0; index < 4; index++) await group.claim();
    expect(tries).toEqual([1, 2, 1, 1]);
    expect(isolate.events.filter(({ type }) => type === "dead-letter")).toMatchObject([
      { group: "feeds", deliveries: 3, message: { data: 1 } },
    ]);
    expect(await group.deadLetters()).toMatchObject([
      { reason: "no such channel", deliveries: 3, message: { channel: "feed.news", data: 1, type: "message" } },
    ]);
    expect(await group.replay()).toEqual({ replayed: 0, failed: 1 });
    isBroken = false;
    expect(await group.replay()).toEqual({ replayed: 1, failed: 0 });
    expect(await group.deadLetters()).toEqual([]);
    expect(await pendingOf(isolate.database)).toBe(0);
  });

  it("claims the messages of a worker that died, and gives up a message that kills every worker", async () => {
    const database = createDatabase();
    const dying = createTestIsolate({ database, source: "a" }).invocation();
    const lost = dying.group("feeds");
    lost.subscribe("*", () => new Promise(() => {}));
    await dying.publish("feed.news", 1);
    void lost.poll();
    await expect.poll(() => pendingOf(database)).toBe(1);
    const deadly = dying.group("feeds", { retryMs: 0 });
    deadly.subscribe("*", () => new Promise(() => {}));
    void deadly.claim();
    await expect
      .poll(async () => database.raw("XPENDING", "t:b:main", "feeds", "-", "+", 10))
      .toMatchObject([[expect.anything(), expect.anything(), expect.anything(), 2]]);
    const isolate = createTestIsolate({ database, source: "b" });
    const heir = isolate.invocation().group("feeds", { retryMs: 0, maxDeliveries: 2 });
    const { handler, got } = createRecorder();
    heir.subscribe("*", handler);
    await heir.claim();
    expect([got, await heir.deadLetters()]).toMatchObject([[], [{ reason: "every worker that handled it died" }]]);
  });

  it("reports a gap for a message that was trimmed before its retry", async () => {
    const isolate = createTestIsolate();
    const pubsub = isolate.invocation();
    const group = pubsub.group("feeds", { retryMs: 0 });
    group.subscribe("*", () => Promise.reject(new Error("no")));
    await pubsub.publish("all", 1);
    await group.poll();
    await isolate.database.raw("XTRIM", "t:b:main", "MAXLEN", 0);
    await group.claim();
    expect(isolate.events.at(-1)).toMatchObject({ type: "gap", reader: "group feeds", missed: 1 });
    expect(await pendingOf(isolate.database)).toBe(0);
  });

  it("stops reading while too many messages of a group are pending", async () => {
    const isolate = createTestIsolate();
    const pubsub = isolate.invocation();
    const group = pubsub.group("feeds");
    group.subscribe("*", () => Promise.reject(new Error("no")));
    await Promise.all(Array.from({ length: 700 }, (_, index) => pubsub.publish("all", index)));
    let result = await group.poll();
    while (!result.isHeld) result = await group.poll();
    expect(await pendingOf(isolate.database)).toBe(500);
  });
});

describe("invalidations", () => {
  const user = cacheKind<string>({ name: "user", ttlMs: 600_000, localMs: 600_000, earliness: 0 });

  /** Makes an isolate whose cache applies the invalidations of other isolates. */
  function createCachingIsolate(database: ReturnType<typeof createDatabase>, source: string, clock = systemClock) {
    const applied: unknown[] = [];
    const isolate = createTestIsolate({
      database,
      source,
      isolateHandlers: {
        [channels.invalidations]: invalidationHandler(source, (invalidation) => {
          applied.push(invalidation);
          cache.apply(invalidation);
        }),
      },
      onMissed: () => cache.missed(),
      clock,
    });
    const pubsub = isolate.invocation();
    const connection = isolate.connect();
    const background: Promise<unknown>[] = [];
    const cache = createCache({
      state: createCacheState(),
      redis: () => connection.commands,
      prefix: "t:",
      waitUntil: (work) => void background.push(work),
      bus: invalidationsOn(pubsub),
      hearing: pubsub,
      clock,
    });
    const users = cache.of(user);
    const settled = async () => {
      while (background.length > 0) await background.shift();
    };
    return { pubsub, cache, users, applied, settled };
  }

  it("applies another isolate's invalidations with the next poll, and skips its own", async () => {
    const database = createDatabase();
    const [one, two] = [createCachingIsolate(database, "one"), createCachingIsolate(database, "two")];
    await one.pubsub.publish("all", 0);
    await Promise.all([one.pubsub.poll(), two.pubsub.poll()]);
    for (const { users, settled } of [one, two]) {
      await users.get("1", async () => "Ada");
      await settled();
    }
    await one.users.delete("1");
    await one.settled();
    expect(await two.users.get("1", async () => "Grace")).toBe("Ada");
    expect(await database.cost(() => Promise.all([one.pubsub.poll(), two.pubsub.poll()]))).toEqual({
      requests: 2,
      XREAD: 2,
    });
    expect([one.applied, two.applied]).toEqual([[], [{ names: ["t:c:user:1"] }]]);
    expect(await two.users.get("1", async () => "Grace")).toBe("Grace");
    expect(await database.raw("XLEN", "t:b:main")).toBe(2);
  });

  it("serves nothing from L1 any longer that was read before invalidations were missed", async () => {
    const database = createDatabase();
    const clock = createFakeClock();
    const [one, two] = [createCachingIsolate(database, "one", clock), createCachingIsolate(database, "two", clock)];
    await one.pubsub.publish("all", 0);
    await two.pubsub.poll();
    await two.users.get("1", async () => "Ada");
    await two.settled();
    await one.users.delete("1");
    await one.settled();
    await one.pubsub.publish("all", 0);
    await database.raw("XTRIM", "t:b:main", "MAXLEN", 1);
    await clock.advance(5_000);
    expect(await two.users.get("1", async () => "Grace")).toBe("Grace");
    await two.settled();
    // A value that was read since is served from L1.
    await clock.advance(5_000);
    expect(await database.cost(() => two.users.get("1"))).toEqual({ requests: 1, XREAD: 1 });
  });
});

it.each([
  ["guild.*", "guild.1", true],
  ["guild.*", "guild.", true],
  ["guild.*", "guild", false],
  ["*", "anything.at-all", true],
  ["*.1", "guild.1", true],
  ["a*b*c", "a.b.c", true],
  ["a*b*c", "a.c.b", false],
  ["ab*ba", "aba", false],
  ["a*a*a", "aa", false],
  ["all", "all", true],
  ["all", "alle", false],
])("matches the pattern %s against the channel %s: %s", (pattern, channel, expected) => {
  expect(matchesChannel(pattern, channel)).toBe(expected);
});

it("orders stream ids and finds the id right before", () => {
  expect(["10-0", "9-5", "9-18446744073709551615", "9-10"].toSorted(compareIds)).toEqual([
    "9-5",
    "9-10",
    "9-18446744073709551615",
    "10-0",
  ]);
  expect(["0-0", "0-1", "5-0", "5-18446744073709551615"].map(idBefore)).toEqual([
    "0-0",
    "0-0",
    "4-18446744073709551615",
    "5-18446744073709551614",
  ]);
});
