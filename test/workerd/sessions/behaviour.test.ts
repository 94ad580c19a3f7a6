import * as v from "valibot";
import { describe, expect, it } from "vitest";
import {
  createUserSessions,
  SessionSchemaError,
  SessionTooLargeError,
  sessionKind,
} from "../../../src/sessions/index.ts";
import { ada, counters, createFleet, createTestIsolate, minute, robin } from "./support.ts";

describe("several isolates", () => {
  it("shows a session's changes to every isolate at once", async () => {
    const { isolates } = createFleet(2);
    const [a, b] = isolates.map((isolate) => isolate.invocation().store(counters));
    const session = await a?.create({ count: 1 }, { owner: ada });
    const ref = { id: session?.id ?? "", owner: ada };
    expect((await b?.get(ref))?.data).toEqual({ count: 1 });
    await b?.update(ref, () => ({ count: 2 }));
    expect((await a?.get(ref))?.data).toEqual({ count: 2 });
    await a?.end(ref);
    expect(await b?.find(ref)).toEqual({ found: false, reason: "gone" });
  });

  it("keeps ten concurrent increments from ten isolates", async () => {
    const { isolates, store } = createFleet(10);
    const { id } = await store().create({ count: 0 }, { owner: ada });
    const done = await Promise.all(
      isolates.map((isolate) =>
        isolate
          .invocation()
          .store(counters)
          .update({ id, owner: ada }, ({ count }) => ({ count: count + 1 })),
      ),
    );
    expect(done.every(({ found }) => found)).toBe(true);
    const session = await store().get({ id, owner: ada });
    expect([session?.data.count, session?.revision]).toEqual([10, 11]);
  });
});

describe("owners", () => {
  it("lets only the owner find, update and end a session", async () => {
    const { store } = createFleet(1);
    const { id } = await store().create({ count: 7 }, { owner: ada });
    await store().create({ count: 1 }, { owner: robin });
    for (const ref of [{ id, owner: robin }, { id }]) {
      expect(await store().find(ref)).toEqual({ found: false, reason: "foreign" });
      expect(await store().update(ref, () => ({ count: 0 }))).toEqual({ found: false, reason: "foreign" });
    }
    expect(await store().end({ id, owner: robin })).toBe(false);
    expect((await store().get({ id, owner: ada }))?.data.count).toBe(7);
  });

  it("ends one session by its id for its owner alone, and none that was revoked", async () => {
    const { store, first } = createFleet(1);
    const sessions = first.invocation();
    const { id } = await store().create({ count: 7 }, { owner: ada });
    await store().create({ count: 1 }, { owner: robin });
    expect(await sessions.end(robin, id)).toBe(false);
    expect(await store().exists({ id, owner: ada })).toBe(true);
    expect([await sessions.end(ada, id), await sessions.end(ada, id)]).toEqual([true, false]);
    const revoked = await store().create({ count: 8 }, { owner: ada });
    await sessions.endAll(ada);
    expect(await sessions.end(ada, revoked.id)).toBe(false);
  });

  it("finds no session of another kind", async () => {
    const { store, first } = createFleet(1);
    const { id } = await store().create({ count: 0 }, { owner: ada });
    const others = first.invocation().store(sessionKind({ name: "other", schema: v.unknown() }));
    expect(await others.find({ id, owner: ada })).toEqual({ found: false, reason: "gone" });
    expect(await others.list(ada)).toEqual([]);
  });

  it("revokes sessions in use in other isolates, but no later ones", async () => {
    const { isolates, store } = createFleet(2);
    const old = await store().create({ count: 0 }, { owner: ada });
    await isolates[1]?.invocation().endAll(ada);
    const fresh = await store().create({ count: 1 }, { owner: ada });
    expect(await store().find({ id: old.id, owner: ada })).toEqual({ found: false, reason: "gone" });
    expect(await store().get({ id: fresh.id, owner: ada })).toBeDefined();
    expect(await store().get({ id: old.id, owner: ada })).toBeUndefined();
  });

  it("refuses an owner that cannot be part of a key", async () => {
    const { store, first } = createFleet(1);
    await expect(store().create({ count: 0 }, { owner: "a:b" })).rejects.toThrow('"a:b" cannot own a session');
    expect(await first.invocation().list("a b")).toEqual([]);
  });
});

describe("lists", () => {
  it("lists no ended session, and drops its record from the list", async () => {
    const { store, database, first } = createFleet(1);
    const ids: string[] = [];
    for (let count = 0; count < 4; count++) ids.push((await store().create({ count }, { owner: ada })).id);
    await database.raw("DEL", `t:s:${ids[1]}`);
    await store().end({ id: ids[2] ?? "", owner: ada });
    expect((await first.invocation().list(ada)).map(({ id }) => id)).toEqual([ids[0], ids[3]]);
    expect(await first.invocation().count(ada)).toBe(2);
    await first.settled();
    expect(await database.raw("STRLEN", `t:su:${ada}`)).toBe(62);
  });

  it("ends the owner's oldest session beyond the maximum, of whatever kind", async () => {
    const { store, first } = createFleet(1, { maxPerOwner: 3 });
    const other = sessionKind({ name: "other", schema: v.string() });
    const oldest = await first.invocation().store(other).create("x", { owner: ada });
    for (let count = 0; count < 3; count++) await store().create({ count }, { owner: ada });
    expect((await store().list(ada)).map(({ data }) => data.count)).toEqual([0, 1, 2]);
    expect(await first.invocation().store(other).get({ id: oldest.id, owner: ada })).toBeUndefined();
  });

  it("ends no session where others have ended already, and none while another write changes the list", async () => {
    const rivals: (() => Promise<unknown>)[] = [];
    const exec = (command: unknown) =>
      Array.isArray(command) && command[0] === "SET" ? rivals.shift()?.() : undefined;
    const { store, database, time } = createFleet(1, { maxPerOwner: 2 });
    const held = createTestIsolate({ database, clock: time, maxPerOwner: 2, before: { exec } });
    const [a, b] = [
      await store().create({ count: 1 }, { owner: ada }),
      await store().create({ count: 2 }, { owner: ada }),
    ];
    await store().end({ id: a.id, owner: ada });
    const c = await store().create({ count: 3 }, { owner: ada });
    const counts = async () => (await store().list(ada)).map(({ data }) => data.count);
    expect(await counts()).toEqual([2, 3]);
    rivals.push(async () => {
      await store().end({ id: c.id, owner: ada });
      await database.raw("APPEND", `t:su:${ada}`, "x".repeat(31));
    });
    await held.invocation().store(counters).create({ count: 4 }, { owner: ada });
    expect(await counts()).toEqual([2, 4]);
    expect(await store().exists({ id: b.id, owner: ada })).toBe(true);
  });

  it("creates a session also where the reply to the end of the oldest is lost, or that end itself", async () => {
    const { store, database } = createFleet(1, { maxPerOwner: 1 });
    const oldest = await store().create({ count: 1 }, { owner: ada });
    // The write that keeps the list, after that of the session.
    await database.break({ at: "after", do: "drop", times: 1, match: "SET", skip: 1 });
    const next = await store().create({ count: 2 }, { owner: ada });
    expect(await database.raw("EXISTS", `t:s:${oldest.id}`)).toBe(0);
    await database.break({ at: "before", do: "drop", times: 1, match: "UNLINK" });
    const last = await store().create({ count: 3 }, { owner: ada });
    expect(await store().get({ id: last.id, owner: ada })).toBeDefined();
    expect(await store().get({ id: next.id, owner: ada })).toBeUndefined();
    await database.break({ at: "before", do: "status", status: 401, times: 9, match: "UNLINK" });
    await expect(store().create({ count: 4 }, { owner: ada })).rejects.toThrow("Redis refused the token");
  });
});

describe("data", () => {
  it("refuses data that does not fit its schema, and names the path", async () => {
    const { store } = createFleet(1);
    await expect(store().create({ count: "one" } as never, { owner: ada })).rejects.toThrow(
      /The data to store does not fit the schema of "counter" \(count: .*\)\. Nothing was written\./,
    );
    const { id } = await store().create({ count: 1 }, { owner: ada });
    const bad = store().update({ id, owner: ada }, () => ({ count: Number.NaN }));
    await expect(bad).rejects.toThrow(SessionSchemaError);
    expect((await store().get({ id, owner: ada }))?.data).toEqual({ count: 1 });
  });

  it("names five of the issues that it finds, each with its path where it has one", async () => {
    const { first } = createFleet(1);
    const issues = [
      { message: "m1", path: ["a", { key: "b" }] },
      { message: "m2", path: [0] },
      { message: "m3" },
      { message: "m4" },
      { message: "m5" },
      { message: "m6" },
    ];
    const schema = { "~standard": { version: 1, vendor: "test", validate: () => ({ issues }) } } as const;
    const refused = first
      .invocation()
      .store(sessionKind({ name: "odd", schema }))
      .create("");
    await expect(refused).rejects.toThrow('the schema of "odd" (a.b: m1; 0: m2; m3; m4; m5). Nothing was written.');
  });

  it("keeps nothing as null", async () => {
    const { first } = createFleet(1);
    const store = first.invocation().store(sessionKind({ name: "empty", schema: v.nullish(v.string()) }));
    const { id, data } = await store.create(undefined);
    expect([data, (await store.get({ id }))?.data]).toEqual([null, null]);
  });

  it("refuses data that is larger than its kind allows", async () => {
    const { first } = createFleet(1);
    const small = sessionKind({ name: "small", schema: v.string(), maxBytes: 100 });
    const store = first.invocation().store(small);
    await expect(store.create("é".repeat(50), { owner: ada })).rejects.toThrow(SessionTooLargeError);
    await expect(store.create("é".repeat(50), { owner: ada })).rejects.toThrow("of 102 bytes is larger than the 100");
    expect((await store.create("é".repeat(49), { owner: ada })).data).toHaveLength(49);
  });

  it("migrates data of an older version, or refuses it", async () => {
    const { store, first } = createFleet(1);
    const { id } = await store().create({ count: 5 }, { owner: ada });
    const ref = { id, owner: ada };
    const schema = v.object({ total: v.number() });
    const unmigrated = sessionKind({ name: "counter", version: 2, schema });
    const opened = first.invocation().store(unmigrated).find(ref);
    await expect(opened).rejects.toThrow(/A session of version 1 does not fit .* migrate function from there to 2/);
    const migrated = sessionKind({
      name: "counter",
      version: 2,
      schema,
      migrate: (data, version) => ({ total: version === 1 ? (data as { count: number }).count : 0 }),
    });
    const next = first.invocation().store(migrated);
    expect((await next.get(ref))?.data).toEqual({ total: 5 });
    await next.update(ref, ({ total }) => ({ total: total + 1 }));
    expect((await next.get(ref))?.data).toEqual({ total: 6 });
    await expect(store().get(ref)).rejects.toThrow(SessionSchemaError);
  });

  it("refuses truncated data, and finds nothing in a text that is no session", async () => {
    const { store, database } = createFleet(1);
    const { id } = await store().create({ count: 5 }, { owner: ada });
    const text = String(await database.raw("GET", `t:s:${id}`));
    await database.raw("SET", `t:s:${id}`, text.slice(0, -3));
    await expect(store().get({ id, owner: ada })).rejects.toThrow(SessionSchemaError);
    for (const text of ["", "text", "[]\n{}", '["counter",1]\n{}', "null\nnull"]) {
      await database.raw("SET", `t:s:${id}`, text);
      expect(await store().find({ id, owner: ada })).toEqual({ found: false, reason: "gone" });
    }
  });
});

it("creates ids of 128 random bits", async () => {
  const { store } = createFleet(1);
  const ids = await Promise.all(Array.from({ length: 50 }, () => store().create({ count: 0 })));
  expect(new Set(ids.map(({ id }) => id)).size).toBe(50);
  for (const { id } of ids) expect(Buffer.from(id, "base64url")).toHaveLength(16);
});

it("creates, finds, validates, refreshes and ends users' sessions", async () => {
  const { first, database } = createFleet(2);
  const kind = sessionKind({
    name: "user",
    schema: v.object({ guildId: v.nullable(v.string()), device: v.string() }),
    ttlMs: 10 * minute,
  });
  const users = createUserSessions(first.invocation(), kind);
  const phone = await users.create(ada, "100", { device: "phone" });
  const laptop = await users.create(ada, null, { device: "laptop" });
  await users.create(robin, "100", { device: "watch" });
  await first.settled();
  expect((await users.current(ada))?.data).toEqual({ guildId: null, device: "laptop" });
  expect((await users.all(ada)).map(({ data }) => data.device)).toEqual(["phone", "laptop"]);
  expect(await users.validate(ada, phone.id)).toBe(true);
  expect(await users.validate(robin, phone.id)).toBe(false);
  await database.raw("PEXPIRE", `t:s:${phone.id}`, minute);
  expect(await users.refresh(ada, phone.id)).toBe(true);
  const left = Number(await database.raw("PTTL", `t:s:${phone.id}`));
  expect(left).toBeGreaterThan(9.9 * minute);
  expect(left).toBeLessThanOrEqual(10 * minute);
  await users.update(ada, phone.id, (data) => ({ ...data, device: "tablet" }));
  expect((await users.get(ada, phone.id))?.data.device).toBe("tablet");
  expect(await users.end(ada, laptop.id)).toBe(true);
  await users.endAll(ada);
  expect([await users.current(ada), await users.all(ada), await users.refresh(ada, phone.id)]).toEqual([
    undefined,
    [],
    false,
  ]);
});

it("creates one session when the reply to a creation is lost", async () => {
  const { store, database, first } = createFleet(1);
  for (const at of ["after", "before"] as const) {
    await database.break({ at, do: "drop", times: 1, match: "APPEND" });
    const { id } = await store().create({ count: 1 }, { owner: ada });
    expect(await store().get({ id, owner: ada })).toBeDefined();
  }
  expect(await first.invocation().count(ada)).toBe(2);
  await database.break({ at: "before", do: "drop", times: 2, match: "APPEND" });
  await store().create({ count: 1 }, { owner: ada });
  await database.break({ at: "before", do: "drop", times: 3, match: "APPEND" });
  await expect(store().create({ count: 1 }, { owner: ada })).rejects.toThrow("may or may not have run");
});

it.each([
  ["after", { requests: 2, SET: 1, GET: 1 }],
  ["before", { requests: 3, SET: 1, GET: 1 }],
] as const)("creates one shared session where its reply is lost %s it is written", async (at, expected) => {
  const { store, database } = createFleet(1);
  await database.break({ at, do: "drop", times: 1, match: "SET" });
  const ids: string[] = [];
  const cost = await database.cost(async () => void ids.push((await store().create({ count: 1 })).id));
  expect(cost).toEqual(expected);
  expect(await store().get({ id: ids[0] ?? "" })).toBeDefined();
});

it("creates a session whose first write arrives late, and lists one whose list was revoked meanwhile", async () => {
  const { store, database, first } = createFleet(1);
  let writes = 0;
  const late = createTestIsolate({
    database,
    before: { set: (key, text) => (writes++ === 1 ? database.raw("SET", String(key), String(text)) : undefined) },
  });
  await database.break({ at: "before", do: "drop", times: 1, match: "SET" });
  const shared = await late.invocation().store(counters).create({ count: 1 });
  expect(await store().get({ id: shared.id })).toEqual(shared);
  let looks = 0;
  const revoked = createTestIsolate({
    database,
    before: { mget: () => (looks++ === 0 ? first.invocation().endAll(ada) : undefined) },
  });
  await database.break({ at: "after", do: "drop", times: 1, match: "APPEND" });
  const own = await revoked.invocation().store(counters).create({ count: 2 }, { owner: ada });
  expect(await store().get({ id: own.id, owner: ada })).toEqual(own);
});

it("tells what was done with a session of which kind, and nothing of what was not", async () => {
  const told: string[] = [];
  const onUsed = (use: string, kind: string) => void told.push(`${use} ${kind}`);
  const { store, first } = createFleet(1, { onUsed });
  const bearers = first.invocation().bearers(counters);
  const { id } = await store().create({ count: 1 });
  await store().get({ id });
  await store().update({ id }, () => ({ count: 2 }));
  expect([await store().end({ id }), await store().end({ id })]).toEqual([true, false]);
  await store().get({ id });
  await store().update({ id }, () => ({ count: 3 }));
  const all = ["created counter", "read counter", "updated counter", "ended counter"];
  expect(told.splice(0)).toEqual(all);
  const { token } = await bearers.issue({ count: 1 }, { owner: ada });
  await bearers.verify(token);
  const rotated = await bearers.rotate(token);
  const next = rotated.found ? rotated.token : "";
  expect([await bearers.end(next), await bearers.end(next)]).toEqual([true, false]);
  await bearers.verify(next);
  await bearers.rotate(next);
  expect(told).toEqual(all);
});

it("throws when Redis is unavailable, instead of finding no session", async () => {
  const { store, database } = createFleet(1);
  const { id } = await store().create({ count: 0 }, { owner: ada });
  await database.break({ at: "before", do: "status", status: 503, times: 9 });
  await expect(store().get({ id, owner: ada })).rejects.toThrow("Redis");
  await database.mend();
});

it("fails where what it is asked for cannot be written, and leaves what it does behind the answer", async () => {
  const behind: Promise<unknown>[] = [];
  const { store, database, first, time } = createFleet(1, { waitUntil: (work) => void behind.push(work) });
  const { id } = await store().create({ count: 0 }, { owner: ada });
  await Promise.all(behind.splice(0));
  await database.break(
    { at: "before", do: "status", status: 401, times: 99, match: "SET" },
    {
      at: "before",
      do: "status",
      status: 401,
      times: 99,
      match: "UNLINK",
    },
  );
  time.at += 5 * minute;
  expect(await store().get({ id, owner: ada })).toBeDefined();
  expect(behind).toHaveLength(1);
  await Promise.all(behind);
  const sessions = first.invocation();
  for (const refused of [
    () => store().create({ count: 1 }),
    () => store().create({ count: 1 }, { owner: robin }),
    () => sessions.bearers(counters).issue({ count: 1 }, { owner: robin }),
    () => sessions.endAll(ada),
  ])
    await expect(refused()).rejects.toThrow("Redis refused the token");
});
