import * as v from "valibot";
import { describe, expect, it } from "vitest";
import {
  createUserSessions,
  SessionSchemaError,
  SessionTooLargeError,
  sessionKind,
} from "../../../src/sessions/index.ts";
import { ada, counters, createFleet, minute, robin } from "./support.ts";

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
  await database.break({ at: "before", do: "drop", times: 3, match: "APPEND" });
  await expect(store().create({ count: 1 }, { owner: ada })).rejects.toThrow("may or may not have run");
});

it("throws when Redis is unavailable, instead of finding no session", async () => {
  const { store, database } = createFleet(1);
  const { id } = await store().create({ count: 0 }, { owner: ada });
  await database.break({ at: "before", do: "status", status: 503, times: 9 });
  await expect(store().get({ id, owner: ada })).rejects.toThrow("Redis");
  await database.mend();
});
