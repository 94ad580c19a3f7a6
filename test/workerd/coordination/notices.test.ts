import { expect, it } from "vitest";
import type { CoordinationEvent, Notice, Publish } from "../../../src/coordination/index.ts";
import { settle } from "../../support/clock.ts";
import { createInstance, createPair, told } from "./support.ts";

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

it.each([
  null,
  undefined,
  "text",
  { type: "something else" },
  { type: "something else", command: "reload", from: "ada" },
  { type: "command", command: 1, from: "ada" },
  { type: "command", command: "reload", from: null },
  { type: "something else", leader: "eve", before: null },
  { type: "leader-changed", leader: 1, before: null },
  { type: "leader-changed", leader: "eve", before: 1 },
])("passes by %j, which is no notice", async (message) => {
  const hooks: unknown[] = [];
  const heard = (...args: unknown[]) => void hooks.push(args);
  const bob = createInstance("bob", { onOrder: heard, onLeaderChanged: heard });
  expect(await bob.receive(message && typeof message === "object" ? { token: 7, at: 1, ...message } : message)).toBe(
    false,
  );
  expect([hooks, bob.events, bob.state.leader]).toEqual([[], [], null]);
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
  await expect(bob.broadcast("reload")).rejects.toMatchObject({ leader: "ada" });
});

it("says what an order needs, where there is no way to send it", async () => {
  const ada = createInstance("ada");
  await ada.tick();
  await expect(ada.broadcast("reload")).rejects.toThrow("Broadcasting needs the option `publish`");
});

it("announces nothing where an instance leaves that does not lead", async () => {
  const { bob, notices } = await createFleet();
  const before = [...bob.events];
  await bob.leave();
  expect([await notices(), bob.events]).toEqual([[], before]);
});

it("announces its own lead alone, and only while it leads", async () => {
  const gate = Promise.withResolvers<void>();
  const shared = await createPair({ publish });
  const { database, time } = shared;
  const cat = createInstance("cat", {
    database,
    time,
    publish,
    onLeaderChanged: ({ to }) => (to === "eve" ? gate.promise : undefined),
  });
  await cat.tick();
  await database.raw("SET", "t:l:main", "eve 1");
  time.now += 57_000;
  const following = cat.tick();
  await expect.poll(() => cat.state.leader).toBe("eve");
  await database.raw("DEL", "t:l:main");
  await cat.tick(true);
  gate.resolve();
  await following;
  const sent = ((await database.raw("LRANGE", "t:bus", 0, -1)) as string[]).map((text) => JSON.parse(text));
  expect(sent).toMatchObject([{ leader: "cat", before: "eve" }]);
  expect(told(cat.events)).not.toContain("failed");
});

it("neither announces nor welcomes a lead that is over before its hooks run", async () => {
  const { database, time } = await createPair({ publish });
  await database.raw("DEL", "t:l:main");
  const hooks: string[] = [];
  const events: CoordinationEvent[] = [];
  const bob = createInstance("bob", {
    database,
    time,
    publish,
    onBecameLeader: () => void hooks.push("leads"),
    onLeaderChanged: ({ to }) => void hooks.push(`follows ${to}`),
    report(event) {
      events.push(event);
      // The isolate freezes right after it got the lease.
      if (event.type === "became-leader") time.now += 72_000;
    },
  });
  bob.state.lastLeader = "ada";
  await bob.tick();
  expect([hooks, told(events)]).toEqual([["follows bob"], ["became-leader", "null -> bob"]]);
  expect(await database.raw("EXISTS", "t:bus")).toBe(0);
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

it("ignores a notice whose token or time is a text", async () => {
  const { bob, heard } = await createFleet();
  for (const text of [{ token: "7" }, { at: String(Date.now()) }, { token: null }, { token: undefined }]) {
    expect(await bob.receive({ ...order, token: 7, at: Date.now(), ...text }), JSON.stringify(text)).toBe(false);
  }
  expect([heard, told(bob.events)]).toEqual([[], ["null -> ada"]]);
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

it("announces who leads after whom, when another instance takes over", async () => {
  const { ada, bob, database, notices } = await createFleet();
  await ada.resign();
  await database.break({ at: "before", do: "stall", ms: 30, match: "EVAL" });
  await bob.receive({ type: "leader-changed", leader: null, before: "ada", token: bob.state.newestToken, at: 1 });
  bob.time.now += 1_000;
  await bob.tick();
  expect(await notices()).toMatchObject([
    { type: "leader-changed", leader: "bob", before: "ada", token: bob.fence().token },
  ]);
});

it("does not lead again by its farewell", async () => {
  const { ada, notices } = await createFleet();
  await ada.leave();
  expect(await ada.receive((await notices()).at(-1))).toBe(true);
  await ada.tick();
  expect(ada.isLeader()).toBe(false);
});

it("does not make others try when a leader is announced", async () => {
  const changes: unknown[] = [];
  const { bob, database } = await createPair({
    onLeaderChanged: async (change) => {
      await settle();
      changes.push(change);
    },
  });
  const { token } = { token: Date.now() * 1_000 };
  changes.length = 0;
  await bob.receive({ type: "leader-changed", leader: "eve", before: "ada", token, at: 1 });
  expect([bob.state.leader, changes]).toEqual(["eve", [{ from: "ada", to: "eve" }]]);
  expect(await database.cost(() => bob.tick())).toEqual({ requests: 0 });
});

it("does not let a notice tell a leader that another one leads", async () => {
  const { ada, database } = await createFleet();
  const { token } = ada.fence();
  for (const leader of ["eve", null]) {
    await ada.receive({ type: "leader-changed", leader, before: "ada", token, at: 1 });
    expect([ada.isLeader(), ada.state.leader]).toEqual([true, "ada"]);
  }
  expect(await database.cost(() => ada.tick())).toEqual({ requests: 0 });
});

it("carries out each order of a leader, and says so when it is done", async () => {
  const stuck = Promise.withResolvers<void>();
  const heard: string[] = [];
  const instance = createInstance("bob", {
    onOrder: async (name) => {
      heard.push(name);
      await stuck.promise;
    },
  });
  let isDone = false;
  const receiving = [1, 2].map(async () => instance.receive({ ...order, token: 7 }).then(() => (isDone = true)));
  await Promise.resolve();
  expect([heard, isDone]).toEqual([["reload", "reload"], false]);
  stuck.resolve();
  await Promise.all(receiving);
});
