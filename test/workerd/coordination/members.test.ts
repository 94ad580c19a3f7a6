import { expect, it } from "vitest";
import { cronTiming } from "../../../src/coordination/index.ts";
import { createDatabase } from "../../support/database.ts";
import { createInstance, createPair } from "./support.ts";

it("lists members with the time since their heartbeat", async () => {
  const { ada, database, time } = await createPair({ about: "v2" });
  time.now += 5_000;
  const before = await database.serverTime();
  const { leader, isLeader, members, token, leaseLeftMs } = await ada.info();
  expect([leader, isLeader, token]).toEqual(["ada", true, ada.state.grant?.token]);
  const endsAt = Number(await database.raw("PEXPIRETIME", "t:l:main"));
  expect(leaseLeftMs).toBeLessThanOrEqual(endsAt - before);
  expect(leaseLeftMs).toBeGreaterThanOrEqual(endsAt - (await database.serverTime()) - 1);
  expect(members.map(({ id, silentMs, isLeader, isSelf, about }) => [id, silentMs, isLeader, isSelf, about])).toEqual([
    ["ada", 5_000, true, true, "v2"],
    ["bob", 5_000, false, false, "v2"],
  ]);
});

it("drops a silent member within its time to live", async () => {
  const database = createDatabase();
  const before = await database.serverTime();
  const { bob } = await createPair({ database, heartbeatMs: 60_000, memberTtlMs: 90_000 });
  const [endsAt = 0] = (await database.raw("HPEXPIRETIME", "t:m:main", "FIELDS", 1, "ada")) as number[];
  expect(endsAt).toBeGreaterThanOrEqual(before + 90_000);
  expect(endsAt).toBeLessThanOrEqual((await database.serverTime()) + 90_000);
  await database.raw("HPEXPIRE", "t:m:main", 0, "FIELDS", 1, "ada");
  expect((await bob.info()).members.map(({ id }) => id)).toEqual(["bob"]);
});

it("leaves out members whose record is unreadable", async () => {
  const { ada, database } = await createPair();
  const records = ["{", "[1,2]", '["1",2,"v1"]', '[1,"2","v1"]', "[1,2,3]", "null"];
  await database.raw(
    "HSET",
    "t:m:main",
    ...records.flatMap((record, index) => [`odd${index}`, record]),
    '[1,2,"v"]',
    "{",
  );
  expect((await ada.info()).members.map(({ id }) => id)).toEqual(["ada", "bob"]);
});

it("sends a heartbeat a minute, which lasts for two and a half", async () => {
  const { ada, bob, database, time } = await createPair();
  const heartbeats = async () => (await database.cost(() => bob.heartbeat()))["HSETEX"] ?? 0;
  time.now += 59_999;
  expect(await heartbeats()).toBe(0);
  time.now += 1;
  expect([await heartbeats(), await heartbeats()]).toEqual([1, 0]);
  expect(bob.heartbeatAt()).toBe(time.now + 60_000);
  const [leftMs = 0] = (await database.raw("HPTTL", "t:m:main", "FIELDS", 1, "ada")) as number[];
  expect(leftMs).toBeLessThanOrEqual(150_000);
  expect(leftMs).toBeGreaterThan(140_000);
  // Its heartbeats do not change when it joined.
  expect((await ada.info()).members.map(({ id, joinedAt }) => [id, joinedAt])).toEqual([
    ["ada", time.now - 60_000],
    ["bob", time.now - 60_000],
  ]);
});

it("sends one heartbeat for several ticks at once", async () => {
  const ada = createInstance("ada");
  const cost = await ada.database.cost(() => Promise.all([ada.heartbeat(), ada.heartbeat(), ada.heartbeat()]));
  expect(cost).toEqual({ requests: 1, HSETEX: 1 });
});

it("reports a heartbeat that failed, and sends the next one when it is due", async () => {
  const ada = createInstance("ada");
  await ada.database.break({ at: "before", do: "drop", times: 1 });
  await ada.heartbeat();
  expect(ada.events).toMatchObject([{ type: "failed", what: "heartbeat" }]);
  expect(await ada.database.cost(() => ada.heartbeat())).toEqual({ requests: 0 });
  ada.time.now += 60_000;
  expect(await ada.database.cost(() => ada.heartbeat())).toEqual({ requests: 1, HSETEX: 1 });
});

it("lists members in the order in which they joined, and lets one come back", async () => {
  const { ada, bob, database, time } = await createPair();
  // Of those that joined at once, the names decide.
  await createInstance("abe", { database, time }).heartbeat();
  time.now += 1_000;
  const eve = createInstance("aaa", { database, time });
  await eve.heartbeat();
  const names = async () => (await bob.info()).members.map(({ id }) => id);
  expect(await names()).toEqual(["abe", "ada", "bob", "aaa"]);
  await database.break({ at: "before", do: "stall", ms: 30, match: "HDEL" });
  await ada.leave();
  expect(await names()).toEqual(["abe", "bob", "aaa"]);
  await ada.heartbeat();
  expect(await names()).toContain("ada");
});

it("shows a leader that leads only now and then for ten minutes, and its lease for 15 s", async () => {
  const ada = createInstance("ada", cronTiming);
  await ada.tick();
  const { actUntil, endsAt } = ada.leads() ?? { actUntil: 0, endsAt: 0 };
  expect([actUntil - ada.time.now, endsAt - ada.time.now, ada.nextAt() - ada.time.now]).toEqual([
    12_000, 15_000, 5_000,
  ]);
  const [leftMs = 0] = (await ada.database.raw("HPTTL", "t:m:main", "FIELDS", 1, "ada")) as number[];
  expect(Math.round(leftMs / 60_000)).toBe(10);
  expect(ada.heartbeatAt() - ada.time.now).toBe(240_000);
});

it("never says that a lease has less than no time left, nor that a member was seen later", async () => {
  const { ada, database, time } = await createPair();
  await database.raw("DEL", "t:l:main");
  time.now -= 5_000;
  const { leaseLeftMs, leader, members } = await ada.info();
  expect([leaseLeftMs, leader, members.map(({ silentMs }) => silentMs)]).toEqual([0, null, [0, 0]]);
});
