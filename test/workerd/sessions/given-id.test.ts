import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { SessionTakenError, sessionIdFrom, sessionKind } from "../../../src/sessions/index.ts";
import { counters, createTestIsolate, minute } from "./support.ts";

const ada = "1100000000000000011";
const robin = "1100000000000000015";
const notes = sessionKind({ name: "note", schema: v.string(), ttlMs: minute, lifetimeMs: 2 * minute });

function prepare(options: Parameters<typeof createTestIsolate>[0] = {}) {
  const isolate = createTestIsolate(options);
  return { ...isolate, store: () => isolate.invocation().store(counters), sessions: () => isolate.invocation() };
}

describe("a session under a given id", () => {
  it("is found under it, and the same text gives the same id", async () => {
    const { store } = prepare();
    const id = await sessionIdFrom("1300000000000000001");
    expect([id.length, await sessionIdFrom("1300000000000000001"), await sessionIdFrom("1300000000000000002")]).toEqual(
      [22, id, expect.not.stringMatching(id)],
    );
    await store().create({ count: 7 }, { id, owner: ada });
    expect((await store().get({ id, owner: ada }))?.data).toEqual({ count: 7 });
  });

  it.each(["", "short", "x".repeat(23), "x".repeat(21), "with a space in it....", "x".repeat(21) + "é"])(
    "is refused where nothing could find it: %j",
    async (id) => {
      const { database, store } = prepare();
      const refused = /cannot be the id of a session: an id is 22 letters, digits, - or _/;
      await expect(store().create({ count: 0 }, { id, owner: ada })).rejects.toThrow(refused);
      await expect(store().create({ count: 0 }, { id })).rejects.toThrow(RangeError);
      expect(await database.raw("DBSIZE")).toBe(0);
    },
  );

  it.each([
    ["shared by all", undefined, undefined],
    ["of its owner", ada, ada],
    ["of another owner", ada, robin],
    ["of an owner, asked for as shared", ada, undefined],
    ["shared, asked for by an owner", undefined, robin],
  ])("is refused when one %s has it, which stays as it is", async (_title, first, second) => {
    const { database, store } = prepare();
    const id = await sessionIdFrom("taken");
    const ownedBy = (owner: string | undefined) => (owner === undefined ? {} : { owner });
    const made = await store().create({ count: 1 }, { id, ...ownedBy(first) });
    const before = await database.raw("GET", `t:s:${id}`);
    await expect(store().create({ count: 2 }, { id, ...ownedBy(second) })).rejects.toThrow(SessionTakenError);
    expect(await database.raw("GET", `t:s:${id}`)).toBe(before);
    expect(await store().get({ id, ...ownedBy(first) })).toEqual(made);
  });

  it("is neither listed, ended nor pushed out by an owner who asked for the id of another", async () => {
    const { store, sessions, settled } = prepare({ maxPerOwner: 2 });
    const id = await sessionIdFrom("hers");
    const hers = await store().create({ count: 1 }, { id, owner: ada });
    await expect(store().create({ count: 2 }, { id, owner: robin })).rejects.toThrow(SessionTakenError);
    expect([await sessions().list(robin), await sessions().end(robin, id)]).toEqual([[], false]);
    await expect(store().create({ count: 2 }, { id, owner: robin })).rejects.toThrow(SessionTakenError);
    for (let count = 0; count < 4; count++) await store().create({ count }, { owner: robin });
    await settled();
    expect((await sessions().list(robin)).map(({ owner }) => owner)).toEqual([robin, robin]);
    expect(await store().get({ id, owner: ada })).toEqual(hers);
  });

  it("keeps its place on its owner's list when a shorter-lived one is refused", async () => {
    const { database, sessions, store, settled } = prepare();
    const id = await sessionIdFrom("long");
    await store().create({ count: 1 }, { id, owner: ada });
    const short = sessions().store(notes).create("", { id, owner: ada });
    await expect(short).rejects.toThrow(SessionTakenError);
    await settled();
    expect(await sessions().list(ada)).toMatchObject([{ id, kind: "counter" }]);
    await sessions().store(notes).create("", { owner: ada });
    await settled();
    expect(Number(await database.raw("PTTL", `t:su:${ada}`))).toBeGreaterThan(59 * minute);
  });

  it("is created when the reply to its first write was lost", async () => {
    const { database, store } = prepare();
    const id = await sessionIdFrom("lost");
    await database.break({ at: "after", do: "drop", times: 1, match: "SET" });
    const made = await store().create({ count: 3 }, { id, owner: ada });
    expect(await store().get({ id, owner: ada })).toEqual(made);
  });
});

describe("ending", () => {
  it("leaves sessions of another kind, or of an owner, alone", async () => {
    const { database, sessions, store } = prepare();
    const shared = await store().create({ count: 1 });
    const owned = await store().create({ count: 2 }, { owner: ada });
    await database.raw("SET", "t:s:other", "a key that no session has");
    expect(await sessions().store(notes).end({ id: shared.id })).toBe(false);
    expect(await store().end({ id: owned.id })).toBe(false);
    expect(await store().end({ id: "other" })).toBe(false);
    expect(await store().get({ id: shared.id })).toEqual(shared);
    expect(await store().get({ id: owned.id, owner: ada })).toEqual(owned);
    expect(await database.raw("EXISTS", "t:s:other")).toBe(1);
    expect([await store().end({ id: shared.id }), await store().end({ id: shared.id })]).toEqual([true, false]);
    // A lost reply may be that of the end.
    await database.break({ at: "after", do: "drop", times: 1, match: "UNLINK" });
    expect(await store().end({ id: owned.id, owner: ada })).toBe(true);
  });
});

it("is written once where the id is taken", async () => {
  const { database, store } = prepare();
  const id = await sessionIdFrom("taken");
  await store().create({ count: 1 }, { id });
  const cost = await database.cost(async () => {
    await expect(store().create({ count: 2 }, { id })).rejects.toThrow(SessionTakenError);
  });
  expect(cost).toEqual({ requests: 2, SET: 1, GET: 1 });
});
