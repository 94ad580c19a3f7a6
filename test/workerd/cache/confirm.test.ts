import { expect, it } from "vitest";
import { cacheKind, type Hearing } from "../../../src/cache/index.ts";
import { RedisReplyError, RedisTimeoutError } from "../../../src/redis/index.ts";
import { createTestIsolate, createTime } from "./support.ts";

// L1 beside a bus: it serves what was read, or heard to be unchanged, within the last five seconds.

const user = cacheKind<string>({ name: "user", ttlMs: 600_000, localMs: 600_000, graceMs: 600_000, earliness: 0 });

/** Makes an isolate that hears when it is told to. */
function createHearingIsolate() {
  const { clock, advance } = createTime();
  const bus = { calls: 0, until: 0, waiting: [] as string[], failure: undefined as Error | undefined, isNew: true };
  const hearing: Hearing = {
    heardUntil: () => bus.until,
    async hear() {
      bus.calls += 1;
      await Promise.resolve();
      if (bus.failure) throw bus.failure;
      if (bus.isNew) isolate.invocation().missed();
      bus.isNew = false;
      isolate.invocation().apply({ names: bus.waiting.splice(0) });
      bus.until = clock.now();
    },
  };
  const isolate = createTestIsolate({ clock, hearing });
  const calls = { count: 0 };
  const fetcher = async () => `version ${++calls.count}`;
  return {
    ...isolate,
    bus,
    advance,
    hear: hearing.hear,
    read: async () => {
      const entry = await isolate.invocation().of(user).read("1", fetcher);
      await isolate.settled();
      return entry;
    },
    users: () => isolate.invocation().of(user),
  };
}

it("serves what was read less than five seconds ago without hearing", async () => {
  const { read, bus, advance } = createHearingIsolate();
  await read();
  advance(4_999);
  expect([(await read()).source, bus.calls]).toEqual(["L1", 0]);
});

it("hears once in five seconds, and serves what is still valid", async () => {
  const { read, bus, advance, hear } = createHearingIsolate();
  await hear();
  await read();
  for (let second = 1; second <= 20; second++) {
    advance(1_000);
    expect((await read()).source).toBe("L1");
  }
  expect(bus.calls).toBe(1 + 4);
});

it("serves nothing that another isolate invalidated more than five seconds ago", async () => {
  const { read, bus, advance, hear, users, database } = createHearingIsolate();
  await hear();
  await read();
  await database.raw("DEL", "t:c:user:1");
  bus.waiting.push("t:c:user:1");
  advance(4_999);
  expect(await read()).toMatchObject({ value: "version 1", source: "L1" });
  advance(1);
  expect(await read()).toMatchObject({ value: "version 2", source: "fetch" });
  expect(await users().get("1")).toBe("version 2");
});

it("gets a place on the bus with the first hit that needs it, and reads again what it had before", async () => {
  const { read, bus, advance, database } = createHearingIsolate();
  await read();
  advance(5_000);
  expect([await database.cost(read), bus.calls]).toEqual([{ requests: 1, MGET: 1 }, 1]);
  advance(5_000);
  expect([(await read()).source, bus.calls]).toEqual(["L1", 2]);
});

it("asks Redis, and not the bus, for what was read before something was missed", async () => {
  const { read, bus, advance, hear, invocation } = createHearingIsolate();
  await hear();
  await read();
  advance(4_000);
  await hear();
  invocation().missed();
  advance(1_000);
  expect([(await read()).source, bus.calls]).toEqual(["redis", 2]);
});

it("serves a copy from L1 when it cannot hear, as when Redis does not answer", async () => {
  const { read, bus, advance, hear, events, users, database } = createHearingIsolate();
  await hear();
  await read();
  bus.failure = new RedisTimeoutError(250);
  advance(60_000);
  expect(await read()).toMatchObject({ value: "version 1", source: "L1", isStale: false });
  const batch = async () => expect(await users().getMany(["1"])).toEqual(new Map([["1", "version 1"]]));
  expect(await database.cost(batch)).toEqual({ requests: 0 });
  const failure = { type: "redis-failed", error: bus.failure };
  expect(events).toMatchObject([failure, failure]);
  bus.failure = undefined;
  expect((await read()).source).toBe("L1");
});

it.each([[new Error("the bus holds another type")], [new RedisReplyError("XREAD", "WRONGTYPE")]])(
  "asks Redis when it answers, and only the bus cannot be read: %s",
  async (failure) => {
    const { read, bus, advance, hear, events, database } = createHearingIsolate();
    await hear();
    await read();
    bus.failure = failure;
    advance(60_000);
    expect(await database.cost(read)).toEqual({ requests: 1, MGET: 1 });
    expect(events).toMatchObject([{ type: "redis-failed", namespace: "user", error: bus.failure }]);
  },
);

it("hears once for a batch, and reads with one command what is not valid", async () => {
  const { bus, advance, hear, users, database } = createHearingIsolate();
  await hear();
  const ids = Array.from({ length: 50 }, (_, index) => String(index));
  await users().setMany(new Map(ids.map((id) => [id, `user ${id}`])));
  bus.waiting.push("t:c:user:7", "t:c:user:8");
  advance(5_000);
  let found = new Map<string, string>();
  expect(await database.cost(async () => void (found = await users().getMany(ids)))).toEqual({ requests: 1, MGET: 1 });
  expect([found.size, bus.calls]).toEqual([50, 2]);
  advance(4_999);
  expect(await database.cost(() => users().getMany(ids))).toEqual({ requests: 0 });
  // What L1 lacks does not keep it from hearing about the others.
  advance(1);
  await users().getMany([...ids, "absent"]);
  expect(bus.calls).toBe(3);
});

it("takes a value that the caller has in place of one that it would have to hear about", async () => {
  const { read, bus, advance, hear, invocation, users, database, events, settled } = createHearingIsolate();
  await hear();
  await read();
  const isLocal = () => invocation().isLocal(user, "1");
  expect(isLocal()).toBe(true);
  advance(5_000);
  expect(isLocal()).toBe(false);
  const share = users().remember(new Map([["1", "as carried"]]));
  expect([isLocal(), await users().get("1"), bus.calls]).toEqual([true, "as carried", 1]);
  // Other isolates have it already.
  expect(await database.cost(async () => share())).toEqual({ requests: 0 });
  await settled();
  expect(events).toEqual([]);
});

it("publishes in the request that forgets, and only then says that it is forgotten", async () => {
  const published = Promise.withResolvers<void>();
  let publishing = Promise.resolve();
  const isolate = createTestIsolate({ bus: { publish: () => publishing } });
  const users = isolate.invocation().of(user);
  await users.set("1", "Ada");
  publishing = published.promise;
  let isForgotten = false;
  const forgetting = users.delete("1").then(() => (isForgotten = true));
  await expect.poll(() => isolate.database.raw("EXISTS", "t:c:user:1")).toBe(0);
  expect(isForgotten).toBe(false);
  published.resolve();
  await forgetting;
  expect(await users.get("1")).toBeUndefined();
  // While a write is under way, L1 does not serve what it replaces.
  await users.set("2", "older");
  publishing = new Promise(() => {});
  void users.set("2", "newer");
  await expect.poll(async () => String(await isolate.database.raw("GET", "t:c:user:2"))).toContain("newer");
  expect(await users.get("2")).toBe("newer");
});
