import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../../src/platform/index.ts";
import {
  createUserSessions,
  SessionConflictError,
  SessionSchemaError,
  SessionTooLargeError,
  sessionKind,
} from "../../../src/sessions/index.ts";
import { createDatabase } from "../../support/database.ts";
import { counters, createTestIsolate, createTime, minute } from "./support.ts";

const ada = "1100000000000000011";
const robin = "1100000000000000015";

/** Isolates that share a database and a clock. */
function createFleet(count: number, options: Parameters<typeof createTestIsolate>[0] = {}) {
  const time = createTime();
  const database = createDatabase();
  const isolates = Array.from({ length: count }, () => createTestIsolate({ database, clock: time, ...options }));
  const [first = createTestIsolate()] = isolates;
  return { time, database, isolates, first, store: () => first.invocation().store(counters) };
}

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

describe("an update", () => {
  it("refuses a conflicting update when asked to, and writes nothing", async () => {
    const { store } = createFleet(1);
    const { id } = await store().create({ count: 0 }, { owner: ada });
    const ref = { id, owner: ada };
    const rival = () => store().update(ref, ({ count }) => ({ count: count + 10 }));
    const refused = store().update(
      ref,
      async ({ count }) => {
        await rival();
        return { count: count + 1 };
      },
      { onConflict: "refuse" },
    );
    await expect(refused).rejects.toThrow(SessionConflictError);
    await expect(store().update(ref, () => ({ count: 99 }), { expected: 1 })).rejects.toThrow(
      "revision 1 was expected",
    );
    expect((await store().update(ref, ({ count }) => ({ count: count + 1 }), { expected: 2 })).found).toBe(true);
    expect((await store().get(ref))?.data.count).toBe(11);
  });

  it("throws a conflict after the last attempt", async () => {
    const { store } = createFleet(1, { clock: { ...systemClock, sleep: async () => {} } });
    const { id } = await store().create({ count: 0 }, { owner: ada });
    const ref = { id, owner: ada };
    let tries = 0;
    const beaten = store().update(
      ref,
      async () => {
        tries += 1;
        await store().update(ref, ({ count }) => ({ count: count + 1 }));
        return { count: -1 };
      },
      { attempts: 3 },
    );
    await expect(beaten).rejects.toThrow("it changed during each of 3 tries");
    expect([tries, (await store().get(ref))?.data.count]).toEqual([3, 3]);
  });

  it("applies an update of the same name once", async () => {
    const { store } = createFleet(1);
    const { id } = await store().create({ count: 0 }, { owner: ada });
    const ref = { id, owner: ada };
    const once = () => store().update(ref, ({ count }) => ({ count: count + 1 }), { writeId: "click-1" });
    await once();
    await store().update(ref, ({ count }) => ({ count: count + 1 }));
    const again = await once();
    expect(again.found && again.session.data.count).toBe(2);
  });

  it("does not revive a session that ended during the update", async () => {
    const { store, database } = createFleet(1);
    const { id } = await store().create({ count: 0 }, { owner: ada });
    const ref = { id, owner: ada };
    const slow = await store().update(ref, async ({ count }) => {
      await store().end(ref);
      return { count: count + 1 };
    });
    expect(slow).toEqual({ found: false, reason: "gone" });
    expect(await database.raw("EXISTS", `t:s:${id}`)).toBe(0);
  });

  it("applies an update once when its reply is lost, before or after it took effect", async () => {
    const { store, database } = createFleet(1);
    const { id } = await store().create({ count: 0 }, { owner: ada });
    const ref = { id, owner: ada };
    for (const at of ["after", "before"] as const) {
      await database.break({ at, do: "drop", times: 1, match: "SET" });
      const done = await store().update(ref, ({ count }) => ({ count: count + 1 }));
      expect(done.found).toBe(true);
    }
    expect((await store().get(ref))?.data.count).toBe(2);
  });
});

it("acknowledges an update whose reply was lost, even after others wrote", async () => {
  const { store, database } = createFleet(1);
  const { id } = await store().create({ count: 0 });
  let rivals = 0;
  const unlucky = createTestIsolate({
    database,
    before: {
      async get() {
        // The update reads first; the second read follows the lost reply.
        if (rivals++ === 1)
          for (let n = 0; n < 3; n++) await store().update({ id }, ({ count }) => ({ count: count + 10 }));
      },
    },
  });
  await database.break({ at: "after", do: "drop", times: 1, match: "SET" });
  const done = await unlucky
    .invocation()
    .store(counters)
    .update({ id }, ({ count }) => ({ count: count + 1 }));
  expect(done.found && done.session.data.count).toBe(31);
  expect((await store().get({ id }))?.data.count).toBe(31);
});

it("throws an unknown outcome when more updates followed a lost reply than a session remembers", async () => {
  const { store, database } = createFleet(1);
  const { id } = await store().create({ count: 0 });
  let looks = 0;
  const unlucky = createTestIsolate({
    database,
    before: {
      async get() {
        if (looks++ === 1)
          for (let n = 0; n < 17; n++) await store().update({ id }, ({ count }) => ({ count: count + 10 }));
      },
    },
  });
  await database.break({ at: "after", do: "drop", times: 1, match: "SET" });
  const update = unlucky
    .invocation()
    .store(counters)
    .update({ id }, ({ count }) => ({ count: count + 1 }));
  await expect(update).rejects.toThrow("may or may not have run");
});

describe.each(["an update", "an end"])("a slide that comes after %s", (rival) => {
  it(`writes nothing when a slide comes after ${rival}`, async () => {
    const { store, database, time } = createFleet(1);
    const { id } = await store().create({ count: 0 });
    const gate = Promise.withResolvers<void>();
    const before = { exec: () => gate.promise, set: () => gate.promise };
    const slow = createTestIsolate({ database, clock: time, before });
    time.at += 5 * minute;
    await slow.invocation().store(counters).get({ id });
    await (rival === "an end" ? store().end({ id }) : store().update({ id }, () => ({ count: 1 })));
    gate.resolve();
    await slow.settled();
    expect((await store().get({ id }))?.data).toEqual(rival === "an end" ? undefined : { count: 1 });
  });
});

describe("a session's life", () => {
  it("slides a session's expiry with each use, up to its absolute end", async () => {
    const { store, time, first, database } = createFleet(1);
    const { id, endsAt } = await store().create({ count: 0 }, { owner: ada });
    const ref = { id, owner: ada };
    for (let used = 0; used < 12; used++) {
      time.at += 4.5 * minute;
      expect(await store().get(ref)).toBeDefined();
      await first.settled();
      // Redis's clock hardly moves here, so that it shows the life that was set last.
      const left = Number(await database.raw("PTTL", `t:s:${id}`));
      expect(left).toBeGreaterThan(Math.min(7.5 * minute, endsAt - time.at) - 5_000);
      expect(left).toBeLessThanOrEqual(10 * minute);
    }
    time.at = endsAt - 1;
    expect(await store().get(ref)).toBeDefined();
    time.at = endsAt;
    expect(await store().find(ref)).toEqual({ found: false, reason: "gone" });
    expect(await store().update(ref, () => ({ count: 1 }))).toEqual({ found: false, reason: "gone" });
    expect(await store().list(ada)).toEqual([]);
  });

  it("extends a session, and does not shorten it by a later read", async () => {
    const { store, database, first, time } = createFleet(1);
    const { id } = await store().create({ count: 0 }, { owner: ada });
    expect(await store().extend({ id, owner: ada }, 30 * minute)).toBe(true);
    time.at += 4 * minute;
    await store().get({ id, owner: ada });
    await first.settled();
    expect(Number(await database.raw("PTTL", `t:s:${id}`))).toBeGreaterThan(29 * minute);
    expect(await store().extend({ id: "nobody-nobody-nobody-n", owner: ada }, minute)).toBe(false);
  });

  it("lets a slide neither win against an update nor count as a conflict", async () => {
    const { store, time, first } = createFleet(1);
    const { id } = await store().create({ count: 0 }, { owner: ada });
    const ref = { id, owner: ada };
    time.at += 5 * minute;
    const done = await store().update(
      ref,
      async ({ count }) => {
        await store().get(ref);
        await first.settled();
        return { count: count + 1 };
      },
      { onConflict: "refuse" },
    );
    expect(done.found && done.session.data.count).toBe(1);
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

  it("finds no session of another kind", async () => {
    const { store, first } = createFleet(1);
    const { id } = await store().create({ count: 0 }, { owner: ada });
    const others = first.invocation().store(sessionKind({ name: "other", schema: v.unknown() }));
    expect(await others.find({ id, owner: ada })).toEqual({ found: false, reason: "gone" });
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

describe("bearers", () => {
  it("opens a bearer's session with the whole token only, and stores no secret", async () => {
    const { first, database } = createFleet(1);
    const bearers = () => first.invocation().bearers(counters);
    const { token, session } = await bearers().issue({ count: 1 }, { owner: "admin" });
    const [owner, id = "", secret = ""] = token.split(".");
    expect([owner, id, secret.length]).toEqual(["admin", session.id, 43]);
    expect((await bearers().verify(token)).found).toBe(true);
    const wrong = [
      `admin.${id}.${secret.slice(0, -1)}x`,
      `admin.${id}.`,
      `admin.${id}`,
      `robin.${id}.${secret}`,
      "",
      "..",
      `${token}.x`,
    ];
    for (const one of wrong) expect(await bearers().verify(one)).toEqual({ found: false, reason: "gone" });
    expect(await database.raw("GET", `t:s:${id}`)).not.toContain(secret);
    expect(await first.invocation().store(counters).find({ id, owner: "admin" })).toEqual({
      found: false,
      reason: "gone",
    });
    expect(JSON.stringify(await first.invocation().list("admin"))).not.toContain("secret");
  });

  it("rotates to a new token, and accepts the old one for ten seconds more", async () => {
    const { first, time } = createFleet(1);
    const bearers = first.invocation().bearers(counters);
    const { token } = await bearers.issue({ count: 1 }, { owner: "admin" });
    const rotated = await bearers.rotate(token);
    const next = rotated.found ? rotated.token : "";
    expect(next).not.toBe(token);
    expect([(await bearers.verify(token)).found, (await bearers.verify(next)).found]).toEqual([true, true]);
    time.at += 10_000;
    expect([(await bearers.verify(token)).found, (await bearers.verify(next)).found]).toEqual([false, true]);
    expect((await bearers.rotate(token)).found).toBe(false);
    expect([await bearers.end(token), await bearers.end(next), await bearers.end(next)]).toEqual([false, true, false]);
  });

  it("revokes a bearer's sessions with all the owner's", async () => {
    const { first } = createFleet(1);
    const bearers = first.invocation().bearers(counters);
    const { token } = await bearers.issue({ count: 1 }, { owner: ada });
    await first.invocation().endAll(ada);
    expect((await bearers.verify(token)).found).toBe(false);
    expect((await bearers.rotate(token)).found).toBe(false);
  });
});

it("creates ids of 128 random bits", async () => {
  const { store } = createFleet(1);
  const ids = await Promise.all(Array.from({ length: 50 }, () => store().create({ count: 0 })));
  expect(new Set(ids.map(({ id }) => id)).size).toBe(50);
  for (const { id } of ids) expect(Buffer.from(id, "base64url")).toHaveLength(16);
});

it("creates, finds, validates, refreshes and ends users' sessions", async () => {
  const { first } = createFleet(2);
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
  expect(await users.refresh(ada, phone.id)).toBe(true);
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
});

it("throws when Redis is unavailable, instead of finding no session", async () => {
  const { store, database } = createFleet(1);
  const { id } = await store().create({ count: 0 }, { owner: ada });
  await database.break({ at: "before", do: "status", status: 503, times: 9 });
  await expect(store().get({ id, owner: ada })).rejects.toThrow("Redis");
  await database.mend();
});
