import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { type Sessions, sessionKind } from "../../../src/sessions/index.ts";
import { counters, createTestIsolate, createTime, holdWrites, minute } from "./support.ts";

// The cost of each operation, from the REST server's counters: requests, and commands as Upstash bills them.

const owner = "1100000000000000011";

/** An isolate whose owner has a session. `cost` counts an operation and the work behind its answer. */
async function prepare() {
  const time = createTime();
  const isolate = createTestIsolate({ clock: time });
  const { id } = await isolate.invocation().store(counters).create({ count: 0 }, { owner });
  await isolate.settled();
  const cost = (operation: (sessions: Sessions) => Promise<unknown>) =>
    isolate.database.cost(async () => {
      await operation(isolate.invocation());
      await isolate.settled();
    });
  return { isolate, time, ref: { id, owner }, cost };
}

describe("a session with an owner", () => {
  it("creates a session with three commands in one round trip", async () => {
    const { cost } = await prepare();
    const longLived = sessionKind({ name: "long-lived", schema: v.string() });
    for (const who of [owner, "42"]) {
      const create = (sessions: Sessions) => sessions.store(longLived).create("", { owner: who });
      expect(await cost(create)).toEqual({ requests: 1, APPEND: 1, GETEX: 1, SET: 1 });
    }
  });

  it("leaves a list alone that outlives its last session by less than a minute", async () => {
    const { cost } = await prepare();
    const lifetimeMs = 30 * 24 * 60 * minute;
    for (const [shorterMs, requests] of [
      [minute - 1, 1],
      [minute, 2],
    ] as const) {
      const kind = sessionKind({ name: "long-lived", schema: v.string(), lifetimeMs: lifetimeMs - shorterMs });
      const created = cost((sessions) => sessions.store(kind).create("", { owner: `${shorterMs}` }));
      expect((await created)["requests"]).toBe(requests);
    }
  });

  it("creates as many sessions as an owner may have at no further cost", async () => {
    const isolate = createTestIsolate({ maxPerOwner: 1 });
    const longLived = sessionKind({ name: "long-lived", schema: v.string() });
    const cost = await isolate.database.cost(async () => {
      await isolate.invocation().store(longLived).create("", { owner });
      await isolate.settled();
    });
    expect(cost).toEqual({ requests: 1, APPEND: 1, GETEX: 1, SET: 1 });
  });

  it("creates a session of a shorter life with one command more behind the answer", async () => {
    const { isolate, cost } = await prepare();
    const create = (who: string) => (sessions: Sessions) =>
      sessions.store(counters).create({ count: 0 }, { owner: who });
    for (const who of [owner, "42"]) {
      const { before, release } = holdWrites();
      const held = createTestIsolate({ database: isolate.database, before });
      const beforeTheAnswer = await isolate.database.cost(() => create(who)(held.invocation()));
      expect(beforeTheAnswer).toEqual({ requests: 1, APPEND: 1, GETEX: 1, SET: 1 });
      release();
      await held.settled();
      expect(await cost(create(who))).toEqual({ requests: 2, APPEND: 1, GETEX: 1, SET: 2 });
    }
  });

  it("reads a session with one command, and slides it with one more once a quarter of its life has passed", async () => {
    const { cost, ref, time } = await prepare();
    const read = () => cost((sessions) => sessions.store(counters).find(ref));
    expect(await read()).toEqual({ requests: 1, MGET: 1 });
    time.at += 2.5 * minute - 1;
    expect(await read()).toEqual({ requests: 1, MGET: 1 });
    time.at += 1;
    expect(await read()).toEqual({ requests: 2, MGET: 1, SET: 1 });
    expect(await read()).toEqual({ requests: 1, MGET: 1 });
  });

  it("updates a session in two round trips, and in one more after a conflict", async () => {
    const { cost, ref, isolate } = await prepare();
    const update = (between?: () => Promise<unknown>) => {
      let times = 0;
      return cost((sessions) =>
        sessions.store(counters).update(ref, async ({ count }) => {
          if (times++ === 0) await between?.();
          return { count: count + 1 };
        }),
      );
    };
    expect(await update()).toEqual({ requests: 2, MGET: 1, SET: 1 });
    const rival = () =>
      isolate
        .invocation()
        .store(counters)
        .update(ref, ({ count }) => ({ count: count + 1 }));
    // This includes the rival's two round trips.
    expect(await update(rival)).toEqual({ requests: 5, MGET: 2, SET: 3 });
    expect((await isolate.invocation().store(counters).get(ref))?.data.count).toBe(3);
  });

  it("looks for a session with one command, and extends and ends it with two", async () => {
    const { cost, ref } = await prepare();
    expect(await cost((sessions) => sessions.store(counters).exists(ref))).toEqual({ requests: 1, MGET: 1 });
    expect(await cost((sessions) => sessions.store(counters).extend(ref, minute))).toEqual({
      requests: 2,
      MGET: 1,
      SET: 1,
    });
    expect(await cost((sessions) => sessions.store(counters).end(ref))).toEqual({ requests: 2, MGET: 1, UNLINK: 1 });
    const again = await prepare();
    const endAny = (sessions: Sessions) => sessions.end(owner, again.ref.id);
    expect(await again.cost(endAny)).toEqual({ requests: 2, MGET: 1, UNLINK: 1 });
  });

  it("sends nothing for a text that cannot be an id or an owner", async () => {
    const { cost, ref } = await prepare();
    const ids = ["", "short", "x".repeat(23), "../../../../etc/passwd", "a b c d e f g h i j k "];
    for (const id of ids) {
      expect(await cost((sessions) => sessions.store(counters).find({ id, owner }))).toEqual({ requests: 0 });
      expect(await cost(async (sessions) => expect(await sessions.end(owner, id)).toBe(false))).toEqual({
        requests: 0,
      });
    }
    for (const other of ["a b", "a:b", "x".repeat(65)]) {
      const refused = cost(async (sessions) => {
        expect(await sessions.store(counters).find({ ...ref, owner: other })).toMatchObject({ reason: "gone" });
        expect([await sessions.end(other, ref.id), await sessions.list(other)]).toEqual([false, []]);
        await sessions.endAll(other);
      });
      expect(await refused).toEqual({ requests: 0 });
    }
  });
});

it("creates and reads a shared session with one command each, and updates and ends it with two", async () => {
  const { cost, isolate } = await prepare();
  const id = "shared-shared-shared-s";
  const store = (sessions: Sessions) => sessions.store(counters);
  expect(await cost((sessions) => store(sessions).create({ count: 0 }, { id }))).toEqual({ requests: 1, SET: 1 });
  expect(await cost((sessions) => store(sessions).find({ id }))).toEqual({ requests: 1, GET: 1 });
  expect(await cost((sessions) => store(sessions).update({ id }, ({ count }) => ({ count: count + 1 })))).toEqual({
    requests: 2,
    GET: 1,
    SET: 1,
  });
  expect(await cost((sessions) => store(sessions).end({ id }))).toEqual({ requests: 2, GET: 1, UNLINK: 1 });
  expect(await isolate.invocation().store(counters).get({ id })).toBeUndefined();
});

describe("many sessions", () => {
  async function fifty() {
    const { isolate } = await prepare();
    const many = createTestIsolate({ database: isolate.database, maxPerOwner: 100 });
    const store = many.invocation().store(counters);
    for (let index = 1; index < 50; index++) await store.create({ count: index }, { owner });
    await many.settled();
    const cost = (operation: (sessions: Sessions) => Promise<unknown>) =>
      many.database.cost(async () => {
        await operation(many.invocation());
        await many.settled();
      });
    return { many, cost };
  }

  it("lists and counts an owner's fifty sessions with two commands", async () => {
    const { cost } = await fifty();
    const expected = { requests: 2, GET: 1, MGET: 1 };
    let heads = 0;
    expect(await cost(async (sessions) => void (heads = (await sessions.list(owner)).length))).toEqual(expected);
    expect(heads).toBe(50);
    expect(await cost((sessions) => sessions.store(counters).list(owner))).toEqual(expected);
    expect(await cost((sessions) => sessions.count(owner))).toEqual(expected);
  });

  it("reads a long list by a hundred sessions", async () => {
    const { isolate, ref, cost } = await prepare();
    const end = (Date.now() + 60 * minute).toString(36).padStart(9, "0");
    const missing = (count: number) =>
      Array.from({ length: count }, (_, index) => `${String(index).padStart(22, "0")}${end}`).join("");
    for (const [count, pages] of [
      [99, 1],
      [100, 2],
    ] as const) {
      const own = await isolate.database.raw("GETRANGE", `t:su:${owner}`, -31, -1);
      await isolate.database.raw("SET", `t:su:${owner}`, `${missing(count)}${String(own)}`, "KEEPTTL");
      const listed = cost(async (sessions) => {
        expect((await sessions.list(owner)).map(({ id }) => id)).toEqual([ref.id]);
      });
      expect(await listed).toEqual({ requests: pages + 2, GET: 1, MGET: pages, SET: 1 });
    }
  });

  it("revokes an owner's fifty sessions with one command", async () => {
    const { cost, many } = await fifty();
    const heads = await many.invocation().list(owner);
    expect(await cost((sessions) => sessions.endAll(owner))).toEqual({ requests: 1, UNLINK: 1 });
    const store = many.invocation().store(counters);
    const found = await Promise.all(heads.map(({ id }) => store.find({ id, owner })));
    expect(found.filter((one) => one.found)).toEqual([]);
    expect(await many.invocation().list(owner)).toEqual([]);
  });

  it("ends the oldest session beyond the maximum with three commands more", async () => {
    const { isolate } = await prepare();
    const two = createTestIsolate({ database: isolate.database, maxPerOwner: 2 });
    const store = two.invocation().store(counters);
    const second = await store.create({ count: 2 }, { owner });
    await two.settled();
    const cost = await two.database.cost(() => store.create({ count: 3 }, { owner }));
    expect(cost).toEqual({ requests: 4, APPEND: 1, GETEX: 1, SET: 2, MGET: 1, UNLINK: 1 });
    const counts = (await store.list(owner)).map(({ data }) => data.count);
    expect(counts).toEqual([2, 3]);
    expect(await store.exists({ id: second.id, owner })).toBe(true);
  });
});

describe("a bearer's session", () => {
  it("issues, verifies, rotates and ends a bearer's session within its costs", async () => {
    const { cost } = await prepare();
    let token = "";
    const bearers = (sessions: Sessions) => sessions.bearers(counters);
    const issue = async (sessions: Sessions) => {
      ({ token } = await bearers(sessions).issue({ count: 0 }, { owner }));
    };
    expect(await cost(issue)).toEqual({ requests: 2, APPEND: 1, GETEX: 1, SET: 2 });
    expect(await cost((sessions) => bearers(sessions).verify(token))).toEqual({ requests: 1, MGET: 1 });
    expect(await cost((sessions) => bearers(sessions).rotate(token))).toEqual({ requests: 2, MGET: 1, SET: 1 });
    expect(await cost((sessions) => bearers(sessions).end(token))).toEqual({ requests: 2, MGET: 1, UNLINK: 1 });
  });
});
