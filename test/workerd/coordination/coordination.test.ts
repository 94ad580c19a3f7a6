import { describe, expect, it } from "vitest";
import { type Notice, NotLeaderError, type Publish } from "../../../src/coordination/index.ts";
import { idOf } from "../../../src/coordination/token.ts";
import { createDatabase } from "../../support/database.ts";
import { createInstance, createTime, told } from "./support.ts";

/** Makes two instances of one bot; the first leads. */
async function createPair(options: Parameters<typeof createInstance>[1] = {}) {
  const shared = { database: createDatabase(), time: createTime(), ...options };
  const ada = createInstance("ada", shared);
  const bob = createInstance("bob", shared);
  await ada.tick();
  await bob.tick();
  return { ada, bob, ...shared };
}

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
      onBecameLeader({ token, value }) {
        tokens.push(token);
        hooks.push(`${value.split(" ")[0]} leads`);
      },
      onLostLeadership: (reason) => void hooks.push(`lost: ${reason}`),
      onLeaderChanged: ({ from, to }) => void hooks.push(`${from} -> ${to}`),
    });
    await ada.resign();
    expect(ada.isLeader()).toBe(false);
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
    const happened = told(ada.events).filter((event) => event !== "failed");
    expect(happened).toEqual(["became-leader", "null -> ada", "lost: lapsed", "ada -> null"]);
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

describe("members", () => {
  it("lists members with the time since their heartbeat", async () => {
    const { ada, database, time } = await createPair({ about: "v2" });
    time.now += 5_000;
    const before = await database.serverTime();
    const { leader, members, token, leaseLeftMs } = await ada.info();
    expect([leader, token]).toEqual(["ada", ada.state.grant?.token]);
    const endsAt = Number(await database.raw("PEXPIRETIME", "t:l:main"));
    expect(leaseLeftMs).toBeLessThanOrEqual(endsAt - before);
    expect(leaseLeftMs).toBeGreaterThanOrEqual(endsAt - (await database.serverTime()) - 1);
    expect(members.map(({ id, silentMs, isLeader, isSelf, about }) => [id, silentMs, isLeader, isSelf, about])).toEqual(
      [
        ["ada", 5_000, true, true, "v2"],
        ["bob", 5_000, false, false, "v2"],
      ],
    );
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
    await database.raw("HSET", "t:m:main", "odd", "{", "odder", "[1,2]");
    expect((await ada.info()).members).toHaveLength(2);
  });
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
    await database.raw("XADD", "t:le:main", "MAXLEN", 1, idOf(token + 1), "holder", "bob 1");
    const refused = { accepted: false, reason: "superseded", by: "bob", newest: token + 1 };
    expect(await ada.fence().write(write)).toEqual(refused);
    expect(await database.raw("EXISTS", "t:l:main")).toBe(0);
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

describe("notices", () => {
  /** A bus behind the fence: a list. */
  const publish: Publish = (notice, fence) =>
    fence.write({ keys: ["t:bus"], command: ["RPUSH", "t:bus", JSON.stringify(notice)] });

  async function createFleet() {
    const heard: string[] = [];
    const pair = await createPair({
      publish,
      onOrder: (order, data, from) => void heard.push(`${from}: ${order} ${JSON.stringify(data)}`),
    });
    const notices = async () =>
      ((await pair.database.raw("LRANGE", "t:bus", 0, -1)) as string[]).map((text) => JSON.parse(text) as Notice);
    return { ...pair, heard, notices };
  }

  it("carries an order to every instance, the leader included", async () => {
    const { ada, bob, heard, notices } = await createFleet();
    await ada.broadcast("reload", { what: "settings" });
    for (const notice of await notices()) {
      expect([await ada.receive(notice), await bob.receive(notice)]).toEqual([true, true]);
    }
    expect(heard).toEqual(Array(2).fill('ada: reload {"what":"settings"}'));
    expect((await notices()).map(({ type, token }) => [type, token])).toEqual([["command", ada.fence().token]]);
  });

  it("announces that the leader leaves, so that others try at once", async () => {
    const { ada, bob, database, notices } = await createFleet();
    bob.time.now += 1_000;
    await bob.tick();
    const cost = await database.cost(() => ada.leave());
    expect(cost).toEqual({ requests: 1, EVAL: 1, XREVRANGE: 1, RPUSH: 1, DELEX: 1, HDEL: 1 });
    const last = (await notices()).at(-1);
    expect(last).toMatchObject({ type: "leader-changed", leader: null, before: "ada" });
    await bob.receive(last);
    await bob.tick();
    expect(bob.isLeader()).toBe(true);
  });

  it("does not announce the first leader, or its return", async () => {
    const { ada, notices } = await createFleet();
    await ada.resign();
    await ada.tick(true);
    expect([ada.isLeader(), (await notices()).length]).toEqual([true, 0]);
  });

  it("refuses an order from an instance that does not lead", async () => {
    const { bob } = await createFleet();
    await expect(bob.broadcast("reload")).rejects.toThrow('Only the leader of "main" may do this; its leader is ada');
  });

  it("refuses an order from a leader that was superseded", async () => {
    const { ada, bob, database, notices } = await createFleet();
    await database.raw("DEL", "t:l:main");
    bob.time.now += 1_000;
    await bob.tick();
    expect(await ada.broadcast("reload")).toMatchObject({ accepted: false, reason: "superseded" });
    expect((await notices()).map(({ type, token }) => [type, token])).toEqual([["leader-changed", bob.fence().token]]);
  });

  it("refuses notices of an earlier leader", async () => {
    const { bob, heard } = await createFleet();
    const command = { type: "command", command: "reload", data: null, from: "ada", at: 1 };
    expect(await bob.receive({ ...command, token: 7 })).toBe(true);
    expect(await bob.receive({ ...command, token: 6 })).toBe(false);
    expect(await bob.receive({ type: "something else" })).toBe(false);
    expect([heard.length, bob.events.at(-1)]).toEqual([1, { type: "notice-refused", token: 6 }]);
  });

  const order = { type: "command", command: "reload", data: null, from: "ada", at: 1 };

  it.each([
    ["1e308", 1e308],
    ["Infinity", Number.POSITIVE_INFINITY],
    ["NaN", Number.NaN],
    ["2 ** 53", 2 ** 53],
    ["a fraction", 7.5],
    ["-1", -1],
    ["text", "9"],
    ["null", null],
    ["a list", [9]],
    ["two days ahead", (Date.now() + 48 * 3_600_000) * 1_000],
  ])("ignores a notice under the token %s, and goes on hearing the leader", async (_name, token) => {
    const { ada, bob, heard, notices } = await createFleet();
    const { state } = bob;
    const before = { ...state };
    expect(await bob.receive({ ...order, token })).toBe(false);
    expect(await bob.receive({ type: "leader-changed", leader: "eve", before: null, at: 1, token })).toBe(false);
    expect([state, heard]).toEqual([before, []]);
    await ada.broadcast("reload");
    expect(await bob.receive((await notices()).at(-1))).toBe(true);
    expect(heard).toHaveLength(1);
  });

  it("ignores a notice whose time is not finite", async () => {
    const { bob, heard } = await createFleet();
    expect(await bob.receive({ ...order, token: 7, at: Number.POSITIVE_INFINITY })).toBe(false);
    expect(heard).toEqual([]);
  });

  it("hears the next leader after the database was flushed", async () => {
    const { ada, bob, database, heard, notices } = await createFleet();
    await ada.broadcast("reload");
    for (const notice of await notices()) expect(await bob.receive(notice)).toBe(true);
    await ada.resign();
    await database.raw("FLUSHALL");
    bob.time.now += 1_000;
    await bob.tick(true);
    await bob.broadcast("reload");
    const told = await notices();
    expect(told.map(({ type }) => type)).toEqual(["leader-changed", "command"]);
    for (const notice of told) expect([await ada.receive(notice), await bob.receive(notice)]).toEqual([true, true]);
    expect(heard.filter((line) => line.startsWith("bob"))).toHaveLength(2);
  });

  it("leads above every token that it has heard of, so that the others hear it", async () => {
    const { ada, bob, heard } = await createFleet();
    const token = (Date.now() + 3_600_000) * 1_000 + 5;
    for (const instance of [ada, bob]) expect(await instance.receive({ ...order, token })).toBe(true);
    await ada.resign();
    bob.time.now += 1_000;
    await bob.tick(true);
    expect(bob.fence().token).toBe(token + 1);
    expect(await ada.receive({ ...order, from: "bob", token: token + 1 })).toBe(true);
    expect(heard.at(-1)).toBe("bob: reload null");
  });

  it("refuses notices of an earlier leader once it leads, before it has heard its own", async () => {
    const { ada } = await createFleet();
    expect(await ada.receive({ ...order, token: ada.fence().token - 1 })).toBe(false);
    expect(ada.events.at(-1)).toMatchObject({ type: "notice-refused" });
  });
});
