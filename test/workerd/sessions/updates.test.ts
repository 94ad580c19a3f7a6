import { describe, expect, it } from "vitest";
import { systemClock } from "../../../src/platform/index.ts";
import { SessionConflictError } from "../../../src/sessions/index.ts";
import { ada, counters, createFleet, createTestIsolate, createTime, minute } from "./support.ts";

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
    await expect(store().update(ref, () => ({ count: 99 }), { expected: 1 })).rejects.toMatchObject({
      code: "E_SESSION_CONFLICT",
      revision: 2,
      message: `The counter session ${id.slice(0, 6)}… is at revision 2: revision 1 was expected.`,
    });
    expect((await store().update(ref, ({ count }) => ({ count: count + 1 }), { expected: 2 })).found).toBe(true);
    expect((await store().get(ref))?.data.count).toBe(11);
  });

  it.each([
    [3, { attempts: 3 }],
    [20, {}],
  ])("throws a conflict after the last attempt of %i", async (most, options) => {
    const { store, database } = createFleet(1, { clock: { ...systemClock, sleep: async () => {} } });
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
      options,
    );
    await expect(beaten).rejects.toThrow(`it changed during each of ${most} tries`);
    expect([tries, (await store().get(ref))?.data.count]).toEqual([most, most]);
    // The names of the last sixteen updates, of eight characters each.
    const [head = ""] = String(await database.raw("GET", `t:s:${id}`)).split("\n");
    const [, , , , , , , names] = JSON.parse(head) as string[][];
    expect(names).toEqual(Array.from({ length: Math.min(most, 16) }, () => expect.stringMatching(/^[\w-]{8}$/)));
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
    for (const [at, attempts] of [
      ["after", 1],
      ["before", 2],
    ] as const) {
      await database.break({ at, do: "drop", times: 1, match: "SET" });
      const done = await store().update(ref, ({ count }) => ({ count: count + 1 }));
      expect(done).toMatchObject({ found: true, attempts });
    }
    expect((await store().get(ref))?.data.count).toBe(2);
  });

  it("applies an update of the same name again once sixteen others followed it", async () => {
    const { store } = createFleet(1);
    const { id } = await store().create({ count: 0 });
    const add = (writeId: string) =>
      store().update({ id }, ({ count }) => ({ count: count + 1 }), { writeId, attempts: 1 });
    await add("click");
    for (let other = 1; other <= 15; other++) await add(`other ${other}`);
    const known = await add("click");
    expect(known.found && known.session.data.count).toBe(16);
    await add("other 16");
    const forgotten = await add("click");
    expect(forgotten.found && forgotten.session.data.count).toBe(18);
  });

  it.each([
    [1, [15, 45, 135, 405, 1_215, 2_500, 2_500]],
    [0.5, [7.5, 22.5, 67.5, 202.5, 607.5, 1_250, 1_250]],
    [0, [0, 0, 0, 0, 0, 0, 0]],
  ])("pauses between conflicts by chance, longer each time, up to 2.5 s: %d", async (chance, expected) => {
    const { store, database } = createFleet(1);
    const { id } = await store().create({ count: 0 });
    const pauses: number[] = [];
    const reads: boolean[] = [];
    let isPausing = false;
    const clock = {
      ...createTime(),
      random: () => chance,
      async sleep(ms: number) {
        pauses.push(ms);
        isPausing = true;
        await new Promise((resolve) => setTimeout(resolve));
        isPausing = false;
      },
    };
    const get = () => void reads.push(isPausing);
    const rival = () => store().update({ id }, ({ count }) => ({ count: count + 1 }));
    const beaten = createTestIsolate({ database, clock, before: { get } }).invocation().store(counters);
    const update = beaten.update(
      { id },
      async () => {
        await rival();
        return { count: -1 };
      },
      { attempts: 9 },
    );
    await expect(update).rejects.toThrow(SessionConflictError);
    expect(pauses).toEqual(expected);
    // It reads first, and anew after each pause.
    expect(reads).toEqual(Array.from({ length: 1 + pauses.length }, () => false));
  });

  it("makes up for three lost replies, and throws at the fourth", async () => {
    const { store, database } = createFleet(1);
    const { id } = await store().create({ count: 0 });
    const add = () => store().update({ id }, ({ count }) => ({ count: count + 1 }));
    await database.break({ at: "before", do: "drop", times: 3, match: "SET" });
    expect((await add()).found).toBe(true);
    await database.break({ at: "before", do: "drop", times: 4, match: "SET" });
    await expect(add()).rejects.toThrow("may or may not have run");
    await database.mend();
    expect((await store().get({ id }))?.data.count).toBe(1);
  });
});

it.each([{}, { onConflict: "refuse" }, { attempts: 1 }] as const)(
  "acknowledges an update whose reply was lost, even after others wrote: %j",
  async (options) => {
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
      .update({ id }, ({ count }) => ({ count: count + 1 }), options);
    expect(done.found && done.session.data.count).toBe(31);
    expect((await store().get({ id }))?.data.count).toBe(31);
  },
);

it.each([
  ["after", 15, "acknowledged"],
  ["after", 16, "unknown"],
  ["before", 16, "acknowledged"],
  ["before", 17, "unknown"],
] as const)(
  "calls an update whose reply was lost %s it ran, and that %j others followed, %s",
  async (at, others, outcome) => {
    const { store, database } = createFleet(1);
    const { id } = await store().create({ count: 0 });
    let looks = 0;
    const unlucky = createTestIsolate({
      database,
      before: {
        async get() {
          if (looks++ === 1)
            for (let n = 0; n < others; n++) await store().update({ id }, ({ count }) => ({ count: count + 10 }));
        },
      },
    });
    await database.break({ at, do: "drop", times: 1, match: "SET" });
    const update = unlucky
      .invocation()
      .store(counters)
      .update({ id }, ({ count }) => ({ count: count + 1 }));
    if (outcome === "acknowledged") await expect(update).resolves.toMatchObject({ found: true });
    else await expect(update).rejects.toThrow("may or may not have run");
  },
);

describe("an update whose reply was lost", () => {
  /** Updates a session, loses the reply to the first write, and has `rival` run before it is looked for. */
  async function updateLost(
    at: "before" | "after",
    rival: (add: (writeId?: string) => Promise<unknown>, end: () => Promise<unknown>) => Promise<unknown>,
    change: (tries: number, add: () => Promise<unknown>) => Promise<unknown> = async () => {},
  ) {
    const { store, database } = createFleet(1, { clock: { ...systemClock, sleep: async () => {} } });
    const { id } = await store().create({ count: 0 });
    const add = (writeId?: string) =>
      store().update({ id }, ({ count }) => ({ count: count + 1 }), { ...(writeId !== undefined && { writeId }) });
    let looks = 0;
    let tries = 0;
    const get = () => (looks++ === 1 ? rival(add, () => store().end({ id })) : undefined);
    const unlucky = createTestIsolate({ database, before: { get } }).invocation().store(counters);
    await database.break({ at, do: "drop", times: 1, match: "SET" });
    return unlucky.update(
      { id },
      async ({ count }) => {
        await change(++tries, add);
        return { count: count + 1 };
      },
      { writeId: "mine" },
    );
  }

  it("finds no session where that ended meanwhile", async () => {
    expect(await updateLost("after", (_add, end) => end())).toEqual({ found: false, reason: "gone" });
  });

  it("is acknowledged where it arrives late, however many others came before", async () => {
    const done = await updateLost("before", async (add) => {
      for (let other = 0; other < 10; other++) await add();
      await add("mine");
      for (let other = 0; other < 8; other++) await add();
    });
    expect(done).toMatchObject({ found: true, session: { data: { count: 19 } } });
  });

  it("is made again where it is known not to have run, however many others follow", async () => {
    const done = await updateLost(
      "before",
      (add) => add(),
      async (tries, add) => {
        const others = tries === 2 ? 17 : 0;
        for (let other = 0; other < others; other++) await add();
      },
    );
    expect(done).toMatchObject({ found: true, session: { data: { count: 19 } } });
  });

  it("is unknown where reading fails too", async () => {
    const { store, database } = createFleet(1);
    const { id } = await store().create({ count: 0 });
    await database.break(
      { at: "after", do: "drop", times: 1, match: "SET" },
      { at: "before", do: "drop", times: 9, match: "GET", skip: 1 },
    );
    await expect(store().update({ id }, () => ({ count: 1 }))).rejects.toThrow("may or may not have run");
  });
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
