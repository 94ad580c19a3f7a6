import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { SessionTooLargeError, sessionKind } from "../../../src/sessions/index.ts";
import { ada, counters, createFleet, createTestIsolate, minute } from "./support.ts";

// Redis's clock hardly moves here, so that it shows the life that was set last.

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

  it("takes five slides within an update for no conflict, and the sixth for one", async () => {
    const { store, time, first } = createFleet(1);
    const { id } = await store().create({ count: 0 }, { owner: ada });
    const ref = { id, owner: ada };
    const updateAmong = (slides: number) => {
      let left = slides;
      const change = async ({ count }: { count: number }) => {
        if (left-- > 0) {
          time.at += 3 * minute;
          await store().get(ref);
          await first.settled();
        }
        return { count: count + 1 };
      };
      return store().update(ref, change, { onConflict: "refuse" });
    };
    expect(await updateAmong(5)).toMatchObject({ found: true, session: { data: { count: 1 } }, attempts: 6 });
    await expect(updateAmong(6)).rejects.toMatchObject({ name: "SessionConflictError" });
  });

  it.each(["an owner's", "a shared"])(
    "expires ten minutes after an update of %s session, and at its end at most",
    async (whose) => {
      const { store, time, database } = createFleet(1);
      const owner = whose === "a shared" ? undefined : ada;
      const { id, createdAt, endsAt } = await store().create({ count: 0 }, { ...(owner && { owner }) });
      const ref = { id, owner };
      const update = async () => {
        await store().update(ref, ({ count }) => ({ count: count + 1 }));
        return Number(await database.raw("PTTL", `t:s:${id}`));
      };
      time.at = createdAt + 5 * minute;
      const soon = await update();
      expect(soon).toBeGreaterThan(9.9 * minute);
      expect(soon).toBeLessThanOrEqual(10 * minute);
      time.at = endsAt - 2 * minute;
      const late = await update();
      expect(late).toBeGreaterThan(1.9 * minute);
      expect(late).toBeLessThanOrEqual(2 * minute);
    },
  );

  it("is told as it is stored: an update and a read say when the session expires", async () => {
    const { store, time } = createFleet(1);
    const { id, createdAt, expiresAt, endsAt } = await store().create({ count: 0 });
    expect([expiresAt - createdAt, endsAt - createdAt]).toEqual([10 * minute, 60 * minute]);
    time.at += 4 * minute;
    const done = await store().update({ id }, () => ({ count: 1 }));
    expect(done.found && done.session.expiresAt).toBe(createdAt + 14 * minute);
    time.at = endsAt - minute;
    const last = await store().update({ id }, () => ({ count: 2 }));
    expect(last.found && [last.session.expiresAt, last.session.endsAt]).toEqual([endsAt, endsAt]);
  });

  it("ends at its end also while it is read late, or an update takes until then", async () => {
    const { store, time, first, database } = createFleet(1);
    const { id, createdAt, endsAt } = await store().create({ count: 0 });
    time.at = createdAt + 53 * minute;
    await store().get({ id });
    await first.settled();
    const left = Number(await database.raw("PTTL", `t:s:${id}`));
    expect(left).toBeGreaterThan(6.9 * minute);
    expect(left).toBeLessThanOrEqual(7 * minute);
    const slow = store().update({ id }, () => {
      time.at = endsAt;
      return { count: 1 };
    });
    expect(await slow).toEqual({ found: false, reason: "gone" });
    expect(await database.raw("GET", `t:s:${id}`)).toContain('{"count":0}');
    const other = await store().create({ count: 0 });
    const inTime = store().update({ id: other.id }, () => {
      time.at = other.endsAt - 1;
      return { count: 1 };
    });
    expect(await inTime).toMatchObject({ found: true });
  });

  it("can be made shorter, and no longer than its end", async () => {
    const { store, database } = createFleet(1);
    const { id } = await store().create({ count: 0 }, { owner: ada });
    const extend = async (ms: number) => {
      expect(await store().extend({ id, owner: ada }, ms)).toBe(true);
      return Number(await database.raw("PTTL", `t:s:${id}`));
    };
    const short = await extend(minute);
    expect(short).toBeGreaterThan(0.9 * minute);
    expect(short).toBeLessThanOrEqual(minute);
    const long = await extend(600 * minute);
    expect(long).toBeGreaterThan(59.9 * minute);
    expect(long).toBeLessThanOrEqual(60 * minute);
  });
});

describe("a kind of session that says only its name", () => {
  const plain = sessionKind({ name: "plain", schema: v.string() });
  const [hour, month] = [60 * minute, 30 * 24 * 60 * minute];

  it.each([undefined, ada])(
    "lives for an hour after its last use, and 30 days at most, with owner %s",
    async (owner) => {
      const { first, database } = createFleet(1);
      const store = first.invocation().store(plain);
      const { id, createdAt, endsAt } = await store.create("", { ...(owner !== undefined && { owner }) });
      const left = Number(await database.raw("PTTL", `t:s:${id}`));
      expect(left).toBeGreaterThan(hour - 10_000);
      expect(left).toBeLessThanOrEqual(hour);
      expect(endsAt - createdAt).toBe(month);
    },
  );

  it("takes 32 KiB of JSON, and not a byte more", async () => {
    const store = createTestIsolate().invocation().store(plain);
    const { id } = await store.create("x".repeat(32 * 1_024 - 2));
    expect((await store.get({ id }))?.data).toHaveLength(32 * 1_024 - 2);
    await expect(store.create("x".repeat(32 * 1_024 - 1))).rejects.toThrow(SessionTooLargeError);
  });

  it.each([
    ["x".repeat(33), {}],
    ["", {}],
    ["a b", {}],
    ["no-life", { ttlMs: 0 }],
    ["past-its-end", { ttlMs: 2, lifetimeMs: 1 }],
    ["nan", { ttlMs: Number.NaN }],
  ])("is refused where it cannot work: %s %j", (name, life) => {
    expect(() => sessionKind({ name, schema: v.string(), ...life })).toThrow(RangeError);
    expect(() => sessionKind({ name: "x".repeat(32), schema: v.string(), ttlMs: 1, lifetimeMs: 1 })).not.toThrow();
  });

  it("lets an owner have twenty sessions, and ends the oldest with the next", async () => {
    const { first } = createFleet(1);
    const sessions = first.invocation();
    const ids: string[] = [];
    for (let count = 0; count < 20; count++)
      ids.push((await sessions.store(counters).create({ count }, { owner: ada })).id);
    expect(await sessions.count(ada)).toBe(20);
    await sessions.store(plain).create("", { owner: ada });
    expect((await sessions.list(ada)).slice(0, 19).map(({ id }) => id)).toEqual(ids.slice(1));
    expect(await sessions.store(counters).exists({ id: ids[0] ?? "", owner: ada })).toBe(false);
  });
});
