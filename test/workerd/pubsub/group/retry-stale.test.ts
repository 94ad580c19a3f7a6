import { expect, it } from "vitest";
import { createFakeClock } from "../../../support/clock.ts";
import { createDatabase, type Database } from "../../../support/database.ts";
import { createRecorder, createTestIsolate, fill, pendingOf } from "../support.ts";

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
  await group.claim();
  expect(await isolate.database.cost(() => group.claim())).toEqual({
    requests: 3,
    XPENDING: 1,
    XCLAIM: 1,
    XADD: 1,
    PEXPIRE: 1,
    XACK: 1,
  });
  for (let index = 0; index < 2; index++) await group.claim();
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
  expect([got, await heir.deadLetters()]).toMatchObject([
    [],
    [{ reason: "every worker that handled it died", deliveries: 2 }],
  ]);
});

it("reports a gap for messages that were trimmed before their retry", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const group = pubsub.group("feeds", { retryMs: 0 });
  group.subscribe("*", () => Promise.reject(new Error("no")));
  const { streamId: after } = await pubsub.publish("all", 1);
  const { streamId: before } = await pubsub.publish("all", 2);
  await group.poll();
  await isolate.database.raw("XTRIM", "t:b:main", "MAXLEN", 0);
  await group.claim();
  expect(isolate.events.at(-1)).toEqual({ type: "gap", reader: "group feeds", after, before, missed: 2 });
  expect([...isolate.state.groups.values()].map(({ pending }) => pending.size)).toEqual([0]);
  expect(await pendingOf(isolate.database)).toBe(0);
});

/** Sets for how long the messages of the group have been idle, as if they had been read that long ago. */
async function age(database: Database, idleMs: number): Promise<void> {
  const pending = (await database.raw("XPENDING", "t:b:main", "feeds", "-", "+", 1_000)) as [
    string,
    string,
    number,
    number,
  ][];
  for (const [id, consumer] of pending)
    await database.raw("XCLAIM", "t:b:main", "feeds", consumer, 0, id, "IDLE", idleMs, "JUSTID");
}

it("tries a message again after a minute, and gives it up at the fifth time, which it calls the last", async () => {
  const isolate = createTestIsolate();
  const { database } = isolate;
  const group = isolate.invocation().group("feeds");
  const tries: [number, boolean][] = [];
  group.subscribe("*", (_message, { count, isLast }) => {
    tries.push([count, isLast]);
    throw new Error("no");
  });
  await fill(database, 1);
  await group.poll();
  for (let retries = 0; retries < 5; retries++) {
    await age(database, 50_000);
    const early = await database.cost(async () =>
      expect(await group.claim()).toEqual({ delivered: 0, hasMore: false }),
    );
    expect(early).toEqual({ requests: 1, XPENDING: 1 });
    await age(database, 60_000);
    await group.claim();
  }
  expect(tries).toEqual([
    [1, false],
    [2, false],
    [3, false],
    [4, false],
    [5, true],
  ]);
  expect(await group.deadLetters()).toMatchObject([{ deliveries: 5 }]);
  expect([isolate.state.counters.deadLetters, await pendingOf(database)]).toEqual([1, 0]);
  expect([...isolate.state.groups.values()].map(({ pending }) => pending.size)).toEqual([0]);
});

it("gives a stale message to one of two workers that claim at once", async () => {
  const database = createDatabase();
  const { handler, data } = createRecorder();
  const dead = createTestIsolate({ database }).invocation().group("feeds");
  dead.subscribe("*", () => Promise.reject(new Error("no")));
  await fill(database, 3);
  await dead.poll();
  await age(database, 60_000);
  /** Both have looked before either claims. */
  const looked = Promise.withResolvers<void>();
  let looks = 0;
  const events: unknown[] = [];
  const claim = (source: string) => {
    const isolate = createTestIsolate({ database, source, report: (event) => void events.push(event) });
    const { commands } = isolate.connect();
    const redis = () => ({
      ...commands,
      exec: async (command: Parameters<typeof commands.exec>[0]) => {
        if (command[0] === "XCLAIM" && ++looks === 2) looked.resolve();
        if (command[0] === "XCLAIM") await looked.promise;
        return commands.exec(command);
      },
    });
    const group = isolate.invocation({ redis: redis as never }).group("feeds");
    group.subscribe("*", handler);
    return group.claim();
  };
  const claims = await Promise.all([claim("a"), claim("b")]);
  expect(claims.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(3);
  // What the other one has claimed is not lost.
  expect([new Set(data()), await pendingOf(database), events]).toEqual([new Set([1, 2, 3]), 0, []]);
});

it("has more where a page of stale messages is full, and forgets what is settled elsewhere", async () => {
  const isolate = createTestIsolate();
  const { database } = isolate;
  const group = isolate.invocation().group("feeds", { pageSize: 2, retryMs: 0 });
  const state = { isBroken: true };
  group.subscribe("*", () => {
    if (state.isBroken) throw new Error("no");
  });
  await fill(database, 3);
  for (let polls = 0; polls < 2; polls++) await group.poll();
  const { pending } = [...isolate.state.groups.values()][0] ?? {};
  expect(pending?.size).toBe(3);
  // Another worker fails with them too.
  const failing = createTestIsolate({ database });
  const deaf = failing.invocation().group("feeds", { retryMs: 0 });
  deaf.subscribe("*", () => Promise.reject(new Error("no")));
  await deaf.claim();
  expect([...failing.state.groups.values()].map((one) => one.pending.size)).toEqual([3]);
  state.isBroken = false;
  expect([await group.claim(), pending?.size]).toEqual([{ delivered: 2, hasMore: true }, 1]);
  // Another worker settles the last one.
  const other = createTestIsolate({ database }).invocation().group("feeds", { retryMs: 0 });
  other.subscribe("*", () => {});
  expect(await other.claim()).toEqual({ delivered: 1, hasMore: false });
  expect([await group.claim(), pending?.size]).toEqual([{ delivered: 0, hasMore: false }, 0]);
});

it("keeps in mind for a minute what it read, and then no more than what is stale", async () => {
  const clock = createFakeClock();
  const isolate = createTestIsolate({ clock });
  const group = isolate.invocation().group("feeds");
  group.subscribe("*", () => Promise.reject(new Error("no")));
  await fill(isolate.database, 2);
  await group.poll();
  for (const [ms, size] of [
    [59_999, 2],
    [1, 0],
  ] as const) {
    await clock.advance(ms);
    // By the server's clock neither is stale.
    await group.claim();
    expect([...isolate.state.groups.values()].map(({ pending }) => pending.size)).toEqual([size]);
  }
});
