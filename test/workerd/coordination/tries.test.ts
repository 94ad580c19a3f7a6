import { describe, expect, it } from "vitest";
import { createElection } from "../../../src/coordination/election.ts";
import { createCoordinationState } from "../../../src/coordination/index.ts";
import { createDatabase } from "../../support/database.ts";
import { clockOf, connect, createContender, createInstance, createPair, createTime, told } from "./support.ts";

describe("when it tries", () => {
  it("acts for as long as it is told, and asks with chance when it tries again", async () => {
    const { database, time } = await createPair();
    const eve = createInstance("eve", {
      database,
      time,
      renewDeadlineMs: 70_000,
      clock: clockOf(time, 1),
      group: "other",
    });
    await eve.tick();
    expect(eve.leads()?.actUntil).toBe(time.now + 70_000);
    await eve.resign();
    expect(eve.state.tryAt).toBe(time.now + 68_400);
    await eve.tick(true);
    time.now += 68_400;
    await database.break({ at: "before", do: "drop", times: 2, match: "SET" });
    await eve.tick();
    expect(eve.state.grant?.renewAt).toBe(time.now + 17_100);
    // Without an answer it knows nothing about the lease, and tries at its usual time.
    const cat = createInstance("cat", { database, time, clock: clockOf(time, 1) });
    await database.break({ at: "before", do: "drop", match: "SET" });
    await cat.tick();
    expect([told(cat.events), cat.state.tryAt]).toEqual([["failed", "failed"], time.now + 68_400]);
  });

  it("loses its lead at once when a renewal fails after its deadline", async () => {
    const database = createDatabase();
    const time = createTime();
    const redis = connect(database)();
    let isSlow = false;
    const ada = createInstance("ada", {
      database,
      time,
      redis: () => {
        if (isSlow) time.now += 20_000;
        return redis;
      },
    });
    await ada.tick();
    time.now += 57_000;
    await database.break({ at: "before", do: "drop", match: "SET" });
    isSlow = true;
    await ada.tick();
    expect([told(ada.events).slice(2), ada.state.leader]).toEqual([["failed", "lost: lapsed", "ada -> null"], null]);
  });

  it("leads, or knows who does, where it is not told how long the lease lasts", async () => {
    const { bob, database, time } = await createPair();
    await database.break({ at: "before", do: "drop", times: 1, match: "PTTL" });
    time.now += 1_000;
    await bob.tick();
    expect([bob.state.leader, bob.state.tryAt]).toEqual(["ada", time.now + 1_000]);
    await database.raw("DEL", "t:l:main");
    await database.break({ at: "before", do: "drop", times: 1, match: "PTTL" });
    await bob.tick(true);
    expect([bob.isLeader(), told(bob.events)]).toEqual([true, ["null -> ada", "became-leader", "ada -> bob"]]);
  });

  it.each([
    [-2, 1_000],
    [-1, 1_000],
    [0, 1_000],
    [1, 2],
    [9_999, 10_000],
  ])("tries again where Redis keeps the lease for %i ms: in %i ms", async (leftMs, waitMs) => {
    const { lease, database, time } = createContender("bob");
    await database.raw("SET", "t:l:work", "ada 1");
    const state = { ...createCoordinationState(), leader: "ada" };
    const clock = clockOf(time);
    const election = createElection({ state, lease, id: "bob", clock, leftMs: async () => leftMs, report: () => {} });
    await election.step(false);
    expect(state.tryAt - time.now).toBe(waitMs);
  });

  it("renews after 57 s and up to a fifth more, and after a failure in a quarter of that", async () => {
    const { ada, database, time } = await createPair();
    expect(ada.nextAt()).toBe(time.now + 57_000);
    const late = createInstance("late", { clock: clockOf(time, 1), group: "other" });
    await late.tick();
    // The next heartbeat is earlier.
    expect(late.state.grant?.renewAt).toBe(time.now + 68_400);
    time.now += 56_999;
    expect(await database.cost(() => ada.tick())).toEqual({ requests: 0 });
    time.now += 1;
    await database.break({ at: "before", do: "drop", times: 2 });
    await ada.tick();
    expect([ada.isLeader(), ada.state.grant?.renewAt]).toEqual([true, time.now + 14_250]);
    // Its own deadline comes first: 72 s after the last answer.
    expect(Math.min(ada.nextAt(), ada.heartbeatAt())).toBe(ada.heartbeatAt());
    time.now += 14_250;
    await ada.tick();
    expect(ada.leads()?.actUntil).toBe(time.now + 72_000);
  });

  it("keeps the lease in Redis for 90 s, from each renewal on", async () => {
    const { ada, database, time } = await createPair();
    const left = async () => Number(await database.raw("PTTL", "t:l:main"));
    expect(await left()).toBeLessThanOrEqual(90_000);
    expect(await left()).toBeGreaterThan(80_000);
    await database.raw("PEXPIRE", "t:l:main", 5_000);
    time.now += 57_000;
    await ada.tick();
    expect(await left()).toBeLessThanOrEqual(90_000);
    expect(await left()).toBeGreaterThan(80_000);
  });

  it("tries when the lease of a silent leader ends, and in a second when it does not know", async () => {
    const { bob, database, time } = await createPair();
    // It did not know the leader when it first tried.
    expect(bob.state.tryAt).toBe(time.now + 1_000);
    await database.raw("PEXPIRE", "t:l:main", 10_000);
    time.now += 1_000;
    await bob.tick();
    expect(bob.state.tryAt - time.now).toBeLessThanOrEqual(10_001);
    expect(bob.state.tryAt - time.now).toBeGreaterThan(5_000);
    await database.raw("PERSIST", "t:l:main");
    time.now = bob.state.tryAt;
    await bob.tick();
    expect(bob.state.tryAt).toBe(time.now + 1_000);
    await database.raw("PEXPIRE", "t:l:main", 1_000_000);
    time.now = bob.state.tryAt;
    await bob.tick();
    expect(bob.state.tryAt).toBe(time.now + 57_000);
  });

  it("gives the others the first try after it has resigned", async () => {
    const { ada, time } = await createPair();
    await ada.resign();
    await ada.tick();
    expect([ada.isLeader(), ada.state.tryAt]).toEqual([false, time.now + 57_000]);
    time.now += 57_000;
    await ada.tick();
    expect(ada.isLeader()).toBe(true);
  });

  it.each([
    [72_000, { DELEX: 1 }],
    [89_999, { DELEX: 1 }],
    [90_000, {}],
  ])("frees its lease that lapsed %i ms after it was got, where Redis still keeps it", async (ms, freed) => {
    const ada = createInstance("ada");
    await ada.tick();
    ada.time.now += ms;
    if (!("DELEX" in freed)) await ada.database.raw("DEL", "t:l:main");
    expect(await ada.database.cost(() => ada.tick())).toEqual({
      requests: 2,
      HSETEX: 1,
      SET: 1,
      XADD: 1,
      ...freed,
    });
    expect(ada.isLeader()).toBe(true);
    expect(told(ada.events).slice(2)).toEqual(["lost: lapsed", "ada -> null", "became-leader", "null -> ada"]);
  });
});
