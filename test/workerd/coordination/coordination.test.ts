import { describe, expect, it } from "vitest";
import { NotLeaderError } from "../../../src/coordination/index.ts";
import { idOf } from "../../../src/coordination/token.ts";
import { settle } from "../../support/clock.ts";
import { createDatabase } from "../../support/database.ts";
import { connect, createInstance, createPair, createTime, told } from "./support.ts";

describe("cost", () => {
  it("sends the heartbeat and the claim of the first tick in one round trip, and mints the token in another", async () => {
    const ada = createInstance("ada");
    expect(await ada.database.cost(() => ada.tick())).toEqual({ requests: 2, HSETEX: 1, SET: 1, XADD: 1 });
    expect(ada.isLeader()).toBe(true);
    expect(await ada.database.cost(() => ada.tick())).toEqual({ requests: 0 });
  });

  it("renews with 1 command, and follows a leader with 2, in 1 round trip each", async () => {
    const { ada, bob, database, time } = await createPair();
    time.now += 57_000;
    expect(await database.cost(() => ada.tick())).toEqual({ requests: 1, SET: 1 });
    expect(await database.cost(() => bob.tick())).toEqual({ requests: 1, SET: 1, PTTL: 1 });
    expect([ada.isLeader(), bob.isLeader(), bob.state.leader]).toEqual([true, false, "ada"]);
  });

  it("reads the cluster with 4 commands, and leaves it with 2, in 1 round trip each", async () => {
    const { ada, database } = await createPair();
    expect(await database.cost(() => ada.info())).toEqual({ requests: 1, GET: 1, PTTL: 1, XREVRANGE: 1, HGETALL: 1 });
    expect(await database.cost(() => ada.leave())).toEqual({ requests: 1, DELEX: 1, HDEL: 1 });
    expect((await ada.info()).members.map(({ id }) => id)).toEqual(["bob"]);
  });

  it("leads an idle deployment with 3 commands a minute, and 1 heartbeat", async () => {
    const ada = createInstance("ada");
    const cost = await ada.database.cost(async () => {
      for (let second = 0; second < 55; second++, ada.time.now += 1_000) await ada.tick();
      await ada.resign();
    });
    expect(cost).toEqual({ requests: 3, HSETEX: 1, SET: 1, XADD: 1, DELEX: 1 });
  });
});

describe("leadership", () => {
  it("hands leadership over at once after a resignation, under a greater token", async () => {
    const hooks: string[] = [];
    const tokens: number[] = [];
    const { ada, bob } = await createPair({
      async onBecameLeader({ token, value }) {
        await settle();
        tokens.push(token);
        hooks.push(`${value.split(" ")[0]} leads`);
      },
      async onLostLeadership(reason) {
        await settle();
        hooks.push(`lost: ${reason}`);
      },
      async onLeaderChanged({ from, to }) {
        await settle();
        hooks.push(`${from} -> ${to}`);
      },
    });
    await ada.resign();
    expect([hooks.length, ada.isLeader()]).toEqual([5, false]);
    bob.time.now += 1_000;
    await bob.tick();
    expect(bob.isLeader()).toBe(true);
    expect(hooks).toEqual([
      "ada leads",
      "null -> ada",
      "null -> ada",
      "lost: resigned",
      "ada -> null",
      "bob leads",
      "ada -> bob",
    ]);
    expect(tokens[1]).toBeGreaterThan(tokens[0] ?? 0);
  });

  it("loses leadership at the leader's own deadline when Redis does not answer, and reports it once", async () => {
    const { ada, database, time } = await createPair();
    await database.break({ at: "before", do: "drop" });
    time.now += 57_000;
    await ada.tick();
    expect(ada.isLeader()).toBe(true);
    time.now += 15_000;
    expect(ada.isLeader()).toBe(false);
    await ada.tick();
    await ada.tick();
    expect(told(ada.events)).toEqual([
      "became-leader",
      "null -> ada",
      // The renewal; the next heartbeat, the release and the try to lead again.
      "failed",
      "lost: lapsed",
      "ada -> null",
      "failed",
      "failed",
      "failed",
    ]);
    const failed = ada.events.flatMap((event) => (event.type === "failed" ? event.what : []));
    expect([failed[0], failed.slice(1).toSorted()]).toEqual(["election", ["election", "heartbeat", "release"]]);
    await database.mend();
    time.now += 60_000;
    await ada.tick();
    // Redis still keeps its old lease, by the wall clock: the group has no leader until it ends.
    expect(ada.isLeader()).toBe(false);
  });

  it("loses leadership when another instance holds the lease", async () => {
    const { ada, bob, database, time } = await createPair();
    await database.raw("DEL", "t:l:main");
    time.now += 57_000;
    await bob.tick();
    await ada.tick();
    expect([ada.isLeader(), bob.isLeader(), ada.state.leader]).toEqual([false, true, "bob"]);
    expect(told(ada.events)).toEqual(["became-leader", "null -> ada", "lost: taken", "ada -> bob"]);
  });

  it("stays resigned when a renewal overlaps the resignation", async () => {
    const { ada, database, time } = await createPair();
    time.now += 57_000;
    await Promise.all([ada.tick(), ada.resign()]);
    expect(ada.isLeader()).toBe(false);
    expect(told(ada.events).slice(2)).toEqual(["lost: resigned", "ada -> null"]);
    expect(await database.raw("EXISTS", "t:l:main")).toBe(0);
  });

  it("keeps leadership when a hook throws", async () => {
    const ada = createInstance("ada", {
      onBecameLeader: () => Promise.reject(new Error("not in the mood")),
    });
    await ada.tick();
    expect([ada.isLeader(), told(ada.events)]).toEqual([true, ["became-leader", "null -> ada", "failed"]]);
  });
});

it("tries to lead before it is due in an eager tick", async () => {
  const { ada, bob } = await createPair();
  await ada.resign();
  await bob.tick();
  expect(bob.isLeader()).toBe(false);
  await bob.tick(true);
  expect(bob.isLeader()).toBe(true);
});

describe("the fence", () => {
  const write = { keys: ["t:x"], command: ["SET", "t:x", "1"] };

  it("lets the leader write through the fence with 2 commands and its own, in 1 round trip", async () => {
    const { ada, database } = await createPair();
    const cost = await database.cost(async () =>
      expect(await ada.fence().write(write, { keys: ["t:x"], command: ["INCRBY", "t:x", 41] })).toEqual({
        accepted: true,
        reply: ["OK", 42],
      }),
    );
    expect(cost).toEqual({ requests: 1, EVAL: 1, XREVRANGE: 1, SET: 1, INCRBY: 1 });
  });

  it("refuses a fenced write once another instance holds the lease, and the writer stops leading", async () => {
    const { ada, bob, database } = await createPair();
    const fence = ada.fence();
    await database.raw("DEL", "t:l:main");
    bob.time.now += 1_000;
    await bob.tick();
    expect(ada.isLeader()).toBe(true);
    const newest = bob.fence().token;
    expect(await fence.write(write)).toEqual({ accepted: false, reason: "superseded", by: "bob", newest });
    expect(await database.raw("EXISTS", "t:x")).toBe(0);
    expect(ada.isLeader()).toBe(false);
    expect(await database.raw("GET", "t:l:main")).toMatch(/^bob /);
  });

  it("refuses a fenced write once a newer token was minted, and frees the lease", async () => {
    const { ada, database } = await createPair();
    const { token } = ada.fence();
    // Beside the one that it kept.
    await database.raw("XADD", "t:le:main", idOf(token + 1), "holder", "bob 1");
    expect((await ada.info()).token).toBe(token + 1);
    await database.break({ at: "before", do: "stall", ms: 30, match: "DELEX" });
    const refused = { accepted: false, reason: "superseded", by: "bob", newest: token + 1 };
    expect(await ada.fence().write(write)).toEqual(refused);
    expect(await database.raw("EXISTS", "t:l:main")).toBe(0);
    await database.mend();
    await ada.tick();
    expect((await ada.fence().write(write)).accepted).toBe(true);
  });

  it("refuses a fenced write after the writer's own deadline without asking Redis", async () => {
    const { ada, database, time } = await createPair();
    const fence = ada.fence();
    time.now += 72_000;
    const cost = await database.cost(async () =>
      expect(await fence.write(write)).toEqual({ accepted: false, reason: "lapsed" }),
    );
    expect(cost).toEqual({ requests: 0 });
    expect(() => ada.fence()).toThrow(NotLeaderError);
  });
});

describe("an instance that does not lead", () => {
  it("has nothing to resign", async () => {
    const { bob, database } = await createPair();
    const before = [...bob.events];
    expect(await database.cost(() => bob.resign())).toEqual({ requests: 0 });
    expect(bob.events).toEqual(before);
  });
});

describe("what overlaps", () => {
  it("stays resigned when a renewal that fails overlaps the resignation", async () => {
    const { ada, database, time } = await createPair();
    time.now += 57_000;
    await database.break({ at: "before", do: "drop", times: 2, match: "SET" });
    await Promise.all([ada.tick(), ada.resign()]);
    expect([ada.isLeader(), ada.state.grant]).toEqual([false, undefined]);
    expect(told(ada.events)).not.toContain("lost: lapsed");
  });

  it("keeps the later deadline when an older renewal is answered after a younger one", async () => {
    const { ada, database, time } = await createPair();
    time.now += 57_000;
    await database.break({ at: "after", do: "stall", ms: 60, times: 1, match: "SET" });
    const older = ada.tick();
    await settle();
    time.now += 1_000;
    await ada.tick();
    const deadline = time.now + 72_000;
    expect(ada.leads()?.actUntil).toBe(deadline);
    await older;
    expect(ada.leads()?.actUntil).toBe(deadline);
  });

  it("goes on leading when a write under its earlier lease is refused", async () => {
    const database = createDatabase();
    const commands = connect(database)();
    const gate = Promise.withResolvers<void>();
    const held = async (...call: Parameters<typeof commands.eval>) => {
      await gate.promise;
      return commands.eval(...call);
    };
    const ada = createInstance("ada", { database, redis: () => ({ ...commands, eval: held as typeof commands.eval }) });
    await ada.tick();
    const early = ada.fence();
    const write = { keys: ["t:x"], command: ["SET", "t:x", "1"] };
    const writing = early.write(write);
    await ada.resign();
    await ada.tick(true);
    gate.resolve();
    expect(await writing).toMatchObject({ accepted: false, reason: "superseded", by: "ada" });
    expect([ada.isLeader(), await database.raw("EXISTS", "t:l:main"), await database.raw("EXISTS", "t:x")]).toEqual([
      true,
      1,
      0,
    ]);
    const cost = await database.cost(async () => expect(await early.write(write)).toMatchObject({ reason: "lapsed" }));
    expect(cost).toEqual({ requests: 0 });
  });
});

it("neither leads nor names a leader where its token came too late", async () => {
  const database = createDatabase();
  const time = createTime();
  const redis = connect(database)();
  let asked = 0;
  const ada = createInstance("ada", {
    database,
    time,
    redis: () => {
      // Heartbeat, claim, mint: the isolate freezes before the last one is answered.
      if (++asked === 3) time.now += 72_000;
      return redis;
    },
  });
  await ada.tick();
  expect([ada.isLeader(), ada.events, ada.state.leader]).toEqual([false, [], null]);
  expect(await database.raw("EXISTS", "t:l:main")).toBe(0);
});

it("does not name itself as the leader that it asks for", () => {
  const ada = createInstance("ada");
  ada.state.leader = "ada";
  expect(() => ada.fence()).toThrow("it has no leader now");
});
