import * as v from "valibot";
import { expect, it } from "vitest";
import { sessionKind } from "../../../src/sessions/index.ts";
import { counters, createTestIsolate, createTime, holdWrites, minute } from "./support.ts";

// An owner's list ends with the last session on it: no key of sessions is without expiry, and no list ends too early.

const owner = "1100000000000000011";
const list = `t:su:${owner}`;
const day = 24 * 60 * minute;
/** Ends long before a counter does, which lives an hour. */
const drafts = sessionKind({ name: "draft", schema: v.string(), ttlMs: 10 * minute, lifetimeMs: 10 * minute });

function setUp(options: Parameters<typeof createTestIsolate>[0] = {}) {
  const time = createTime();
  const isolate = createTestIsolate({ clock: time, ...options });
  const { database } = isolate;
  return {
    time,
    isolate,
    database,
    beginCounter: () => isolate.invocation().store(counters).create({ count: 0 }, { owner }),
    beginDraft: () => isolate.invocation().store(drafts).create("", { owner }),
    /** Expects this life of a key, give or take the time the test takes. */
    async expectLife(key: string, ms: number) {
      const life = Number(await database.raw("PTTL", key));
      expect(life).toBeLessThanOrEqual(ms);
      expect(life).toBeGreaterThan(ms - minute);
    },
  };
}

it.each([
  ["first", ["beginCounter", "beginDraft"]],
  ["last", ["beginDraft", "beginCounter"]],
] as const)("keeps an owner's list for the life of its longest session, which began %s", async (_, order) => {
  const { isolate, expectLife, ...begin } = setUp();
  for (const one of order) {
    await begin[one]();
    await isolate.settled();
  }
  await expectLife(list, 60 * minute);
});

it("keeps an owner's list for as long as its only session may live", async () => {
  const { isolate, time, beginDraft, expectLife } = setUp();
  await beginDraft();
  await isolate.settled();
  await expectLife(list, 10 * minute);
  time.at += 5 * minute;
  await beginDraft();
  await isolate.settled();
  await expectLife(list, 10 * minute);
});

it("shortens an owner's list to what its sessions need when the longest has ended", async () => {
  const { isolate, beginCounter, beginDraft, expectLife } = setUp();
  const { id } = await beginCounter();
  await beginDraft();
  await isolate.settled();
  await isolate.invocation().end(owner, id);
  await expectLife(list, 60 * minute);
  expect(await isolate.invocation().count(owner)).toBe(1);
  await isolate.settled();
  await expectLife(list, 10 * minute);
});

it("deletes an owner's list when its last session is found to have ended", async () => {
  const { isolate, database, beginDraft } = setUp();
  const { id } = await beginDraft();
  await isolate.settled();
  await isolate.invocation().end(owner, id);
  expect(await isolate.invocation().list(owner)).toEqual([]);
  await isolate.settled();
  expect(await database.raw("KEYS", "*")).toEqual([]);
});

it("keeps an owner's list for the longest possible life until its end is written behind the answer", async () => {
  const { before, release } = holdWrites();
  const { isolate, beginDraft, expectLife } = setUp({ before });
  await beginDraft();
  await expectLife(list, 30 * day);
  release();
  await isolate.settled();
  await expectLife(list, 10 * minute);
});

it("never shortens an owner's list below a session that began meanwhile", async () => {
  const { before, release } = holdWrites();
  const { isolate, database, time, beginDraft, expectLife } = setUp({ before });
  await beginDraft();
  const other = createTestIsolate({ database, clock: time });
  const { id } = await other.invocation().store(counters).create({ count: 0 }, { owner });
  await other.settled();
  release();
  await isolate.settled();
  await expectLife(list, 60 * minute);
  expect(await other.invocation().store(counters).get({ id, owner })).toBeDefined();
});

it("does not write a revoked list again behind the answer", async () => {
  const { before, release } = holdWrites();
  const { isolate, database, beginDraft } = setUp({ before });
  const { id } = await beginDraft();
  await isolate.invocation().endAll(owner);
  release();
  await isolate.settled();
  expect(await database.raw("EXISTS", list)).toBe(0);
  expect(await isolate.invocation().store(drafts).get({ id, owner })).toBeUndefined();
});

it.each([
  { lost: "the list's end", at: "before", skip: 1 },
  { lost: "the reply to the list's end", at: "after", skip: 1 },
  { lost: "the creation", at: "before", skip: 0 },
  { lost: "the reply to the creation", at: "after", skip: 0 },
] as const)("writes an owner's list with its life when $lost is lost", async ({ at, skip }) => {
  const { isolate, database, beginDraft, expectLife } = setUp();
  await database.break({ at, do: "drop", times: 1, match: "SET", skip });
  const { id } = await beginDraft();
  await isolate.settled();
  await expectLife(list, 10 * minute);
  expect(await isolate.invocation().store(drafts).get({ id, owner })).toBeDefined();
});

it("keeps an owner's list when its end cannot be written, until the next session writes it", async () => {
  const { isolate, database, beginDraft, expectLife } = setUp();
  await database.break({ at: "before", do: "drop", times: 2, match: "SET", skip: 1 });
  await beginDraft();
  await isolate.settled();
  await expectLife(list, 30 * day);
  await beginDraft();
  await isolate.settled();
  await expectLife(list, 10 * minute);
});

it("gives a list without expiry its life with the owner's next session", async () => {
  const { isolate, database, beginDraft, expectLife } = setUp();
  const { id } = await beginDraft();
  await isolate.settled();
  await database.raw("PERSIST", list);
  await beginDraft();
  await isolate.settled();
  await expectLife(list, 10 * minute);
  expect(await isolate.invocation().store(drafts).get({ id, owner })).toBeDefined();
});

it("lists neither a session whose record is damaged nor one whose record is cut off, and lives no longer for them", async () => {
  const { isolate, database, beginDraft, expectLife } = setUp();
  const [first, second, third] = [await beginDraft(), await beginDraft(), await beginDraft()];
  await isolate.settled();
  const text = String(await database.raw("GET", list));
  const end = text.slice(22, 31);
  // The second has no end, the fourth no id, the third only half an end.
  const damaged = `${text.slice(0, 53)}${"!".repeat(9)}${"!".repeat(22)}zzzzzzzzz${third.id}${end.slice(0, 5)}`;
  await database.raw("SET", list, damaged, "PX", 10 * minute);
  const found = await Promise.all(
    [first, second, third].map(({ id }) => isolate.invocation().store(drafts).exists({ id, owner })),
  );
  expect(found).toEqual([true, false, false]);
  await database.raw("SET", list, damaged.slice(0, -27), "PX", 10 * minute);
  const { id } = await beginDraft();
  await isolate.settled();
  await expectLife(list, 10 * minute);
  expect((await isolate.invocation().list(owner)).map((head) => head.id)).toEqual([first.id, id]);
});

it("drops records of ended sessions from an owner's list before they outnumber the maximum", async () => {
  const { isolate, database, time } = setUp({ maxPerOwner: 3 });
  const longLived = sessionKind({ name: "long-lived", schema: v.string() });
  const begin = async () => {
    await isolate.invocation().store(longLived).create("", { owner });
    await isolate.settled();
  };
  for (let count = 0; count < 3; count++) await begin();
  expect(await database.raw("STRLEN", list)).toBe(3 * 31);
  time.at += 31 * day;
  await begin();
  expect(await database.raw("STRLEN", list)).toBe(31);
});

it("leaves no key without expiry in a session's whole life", async () => {
  const { isolate, database, time, beginCounter } = setUp({ maxPerOwner: 3 });
  const sessions = () => isolate.invocation();
  const store = () => sessions().store(counters);
  const bearers = () => sessions().bearers(counters);
  async function expectExpiries(count: number): Promise<void> {
    await isolate.settled();
    const keys = (await database.raw("KEYS", "*")) as string[];
    expect(keys).toHaveLength(count);
    for (const key of keys) expect([key, Number(await database.raw("PTTL", key)) > 0]).toEqual([key, true]);
  }
  await store().create({ count: 0 });
  await expectExpiries(1);
  const { id } = await beginCounter();
  const ref = { id, owner };
  await expectExpiries(3);
  time.at += 5 * minute;
  await store().get(ref);
  await expectExpiries(3);
  await store().update(ref, () => ({ count: 1 }));
  await store().extend(ref, 30 * minute);
  await expectExpiries(3);
  const { token } = await bearers().issue({ count: 2 }, { owner });
  await expectExpiries(4);
  time.at += 5 * minute;
  await bearers().verify(token);
  const rotated = await bearers().rotate(token);
  await expectExpiries(4);
  for (let more = 0; more < 3; more++) await beginCounter();
  await expectExpiries(5);
  expect(await store().get(ref)).toBeUndefined();
  expect(await bearers().end(rotated.found ? rotated.token : "")).toBe(false);
  await sessions().end(owner, (await sessions().list(owner))[0]?.id ?? "");
  await sessions().list(owner);
  await expectExpiries(4);
  await sessions().endAll(owner);
  await expectExpiries(3);
});

it("refuses a session that could outlive its owner's list, until longer lives are allowed", async () => {
  const year = sessionKind({ name: "year", schema: v.string(), lifetimeMs: 365 * day });
  const { isolate, database } = setUp();
  const store = isolate.invocation().store(year);
  await expect(store.create("", { owner })).rejects.toThrow('"year" sessions live longer than the 30 days allowed');
  expect(await database.raw("KEYS", "*")).toEqual([]);
  expect(await store.create("")).toBeDefined();
  const longer = setUp({ database, longestLifetimeMs: 400 * day });
  await longer.isolate.invocation().store(year).create("", { owner });
  await longer.isolate.settled();
  await longer.expectLife(list, 365 * day);
  await longer.beginDraft();
  await longer.isolate.settled();
  await longer.expectLife(list, 365 * day);
});
