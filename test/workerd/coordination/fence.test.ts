import { expect, it } from "vitest";
import { createFence, type Fence, type Grant, writeThrough } from "../../../src/coordination/index.ts";
import { idOf } from "../../../src/coordination/token.ts";
import { createDatabase, type Database } from "../../support/database.ts";
import { clockOf, connect, createContender, createInstance, createTime } from "./support.ts";

const stream = "t:le:work";

/** A fenced write that leaves its writer in a list. */
const log = (writer: string) => ({ keys: ["t:log"], command: ["RPUSH", "t:log", writer] });

const logged = (database: Database) => database.raw("LRANGE", "t:log", 0, -1);

const isAccepted = async (fence: Fence): Promise<boolean> => (await fence.write(log(String(fence.token)))).accepted;

async function emptied(raw: Database["raw"]): Promise<unknown> {
  await raw("XADD", stream, `${Date.now() + 3_600_000}-0`, "holder", "gone 1");
  return raw("XTRIM", stream, "MAXLEN", 0);
}

/** Returns the fence of a holder under any token. */
function fenceUnder(database: Database, token: number, value = `ada ${token}`): Fence {
  const time = createTime();
  const grant: Grant = {
    name: "work",
    value,
    token,
    actUntil: time.now + 60_000,
    endsAt: time.now + 90_000,
    renewAt: time.now + 30_000,
  };
  return createFence({ grant, redis: connect(database), prefix: "t:", clock: clockOf(time) });
}

/** Returns the fence of the next holder. */
async function fenceOf(database: Database, holder: string) {
  const contender = createContender(holder, { database });
  const acquisition = await contender.lease.acquire();
  if (!acquisition.held) throw new Error(`not held: ${JSON.stringify(acquisition)}`);
  const { grant } = acquisition;
  const fence = createFence({ grant, redis: connect(database), prefix: "t:", clock: clockOf(contender.time) });
  return { ...contender, grant, fence };
}

it("accepts writes in the order of their tokens as numbers, whatever their order as text", async () => {
  const ids = [
    "0-1",
    "9-9",
    "9-10",
    "9-99",
    "9-100",
    "10-0",
    "99-999",
    "100-0",
    "1000-5",
    "1800000000000-9",
    "1800000000000-10",
  ];
  for (const [index, id] of ids.entries()) {
    // Each with its neighbour: the order of all follows.
    for (const older of ids.slice(Math.max(0, index - 1), index)) {
      const database = createDatabase();
      const [first, second] = [older, id].map((one) => {
        const [ms, sequence] = one.split("-").map(Number);
        return fenceUnder(database, Number(ms) * 1_000 + Number(sequence));
      }) as [Fence, Fence];
      expect([older, id, await isAccepted(first), await isAccepted(second), await isAccepted(first)]).toEqual([
        older,
        id,
        true,
        true,
        false,
      ]);
      expect(await logged(database)).toEqual([String(first.token), String(second.token)]);
    }
  }
});

it("brings back a token that Redis lost, with 1 command more for the first write alone", async () => {
  const database = createDatabase();
  const before = await database.raw("XADD", stream, "*", "holder", "gone 1");
  const ada = await fenceOf(database, "ada");
  // A failover lost the minting, and kept the lease.
  await database.raw("DEL", stream);
  await database.raw("XADD", stream, String(before), "holder", "gone 1");
  const cost = () => database.cost(async () => expect(await isAccepted(ada.fence)).toBe(true));
  expect(await cost()).toEqual({ requests: 1, EVAL: 1, XREVRANGE: 1, XADD: 1, RPUSH: 1 });
  expect(await cost()).toEqual({ requests: 1, EVAL: 1, XREVRANGE: 1, RPUSH: 1 });
  expect(await database.raw("XREVRANGE", stream, "+", "-")).toEqual([
    [idOf(ada.grant.token), ["holder", ada.grant.value]],
  ]);
});

it("gives the next holder a greater token after a write under a token that Redis lost, on a clock that is behind", async () => {
  const database = createDatabase();
  // The old primary's clock was an hour ahead, and the new one has none of its tokens.
  const ahead = fenceUnder(database, (Date.now() + 3_600_000) * 1_000 + 9);
  expect(await isAccepted(ahead)).toBe(true);
  const bob = await fenceOf(database, "bob");
  expect(bob.grant.token).toBe(ahead.token + 1);
  expect([await isAccepted(bob.fence), await isAccepted(ahead)]).toEqual([true, false]);
  expect(await logged(database)).toEqual([ahead, bob.fence].map(({ token }) => String(token)));
});

it("keeps the order of writes when the database is flushed under a leader", async () => {
  const database = createDatabase();
  const ada = await fenceOf(database, "ada");
  await database.raw("FLUSHALL");
  expect(await isAccepted(ada.fence)).toBe(true);
  const bob = await fenceOf(database, "bob");
  expect([await isAccepted(bob.fence), await isAccepted(ada.fence)]).toEqual([true, false]);
  expect(bob.grant.token).toBeGreaterThan(ada.grant.token);
});

it("stops the younger of two holders when the older wrote under a greater token, and then gives it a greater one", async () => {
  const database = createDatabase();
  const lost = fenceUnder(database, (Date.now() + 3_600_000) * 1_000 + 41);
  const bob = await fenceOf(database, "bob");
  expect(await isAccepted(bob.fence)).toBe(true);
  expect(await isAccepted(lost)).toBe(true);
  expect(await bob.fence.write(log("bob"))).toEqual({
    accepted: false,
    reason: "superseded",
    by: "ada",
    newest: lost.token,
  });
  await bob.lease.release(bob.grant);
  const again = await fenceOf(database, "bob");
  expect([await isAccepted(again.fence), await isAccepted(lost)]).toEqual([true, false]);
});

it("refuses a holder whose token was minted a second time for another", async () => {
  const database = createDatabase();
  const token = Date.now() * 1_000 + 3;
  const [ada, bob] = [fenceUnder(database, token, "ada 1"), fenceUnder(database, token, "bob 2")];
  expect([await isAccepted(bob), await isAccepted(ada), await isAccepted(bob)]).toEqual([true, false, true]);
});

it("refuses an older holder whose minting arrives a second time after the next holder wrote", async () => {
  const database = createDatabase();
  const ada = await fenceOf(database, "ada");
  await ada.lease.release(ada.grant);
  const bob = await fenceOf(database, "bob");
  expect(await isAccepted(bob.fence)).toBe(true);
  await database.raw("XADD", stream, "MAXLEN", 1, "*", "holder", ada.grant.value);
  expect(await isAccepted(ada.fence)).toBe(false);
  expect(await logged(database)).toEqual([String(bob.grant.token)]);
});

it("refuses a late write once the lease is another holder's", async () => {
  const database = createDatabase();
  const ada = await fenceOf(database, "ada");
  await database.raw("DEL", "t:l:work");
  const bob = await fenceOf(database, "bob");
  expect(await ada.fence.write(log("late"))).toEqual({
    accepted: false,
    reason: "superseded",
    by: "bob",
    newest: bob.grant.token,
  });
  expect(await logged(database)).toEqual([]);
});

it.each<[string, (database: Database) => Promise<unknown>]>([
  ["a text", ({ raw }) => raw("SET", stream, "7")],
  ["a list", ({ raw }) => raw("DEL", stream).then(() => raw("RPUSH", stream, "7"))],
  ["a stream that was emptied after a later id", ({ raw }) => emptied(raw)],
])("replaces a key of tokens that became %s, with 3 commands more for the first write alone", async (_what, damage) => {
  const database = createDatabase();
  const ada = await fenceOf(database, "ada");
  await damage(database);
  const first = await database.cost(async () => expect(await isAccepted(ada.fence)).toBe(true));
  const second = await database.cost(async () => expect(await isAccepted(ada.fence)).toBe(true));
  expect([first, second]).toMatchObject([{ XADD: 2, DEL: 1 }, { XREVRANGE: 1 }]);
  expect(second).not.toHaveProperty("XADD");
  // The next holder's token is greater, and this one's late write changes nothing.
  await database.raw("DEL", "t:l:work");
  const bob = await fenceOf(database, "bob");
  expect([await isAccepted(bob.fence), await isAccepted(ada.fence)]).toEqual([true, false]);
});

it("refuses an older write although Redis takes no further token, and lets the next holder have one", async () => {
  const database = createDatabase();
  const ada = await fenceOf(database, "ada");
  const last = "18446744073709551615-18446744073709551615";
  await database.raw("XADD", stream, last, "holder", "nobody 1");
  expect(await isAccepted(ada.fence)).toBe(false);
  await database.raw("DEL", "t:l:work");
  const bob = await fenceOf(database, "bob");
  expect([await isAccepted(bob.fence), bob.grant.token > ada.grant.token]).toEqual([true, true]);
});

it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, "7" as unknown as number])(
  "makes no fence under the token %s, which no lease gives",
  (token) => {
    expect(() => fenceUnder(createDatabase(), token)).toThrow(RangeError);
  },
);

it("sends nothing for a leader that has resigned, and goes on after a renewal", async () => {
  const ada = createInstance("ada");
  await ada.tick();
  const fence = ada.fence();
  ada.time.now += 60_000;
  await ada.tick();
  ada.time.now += 60_000;
  expect(await fence.write(log("renewed"))).toMatchObject({ accepted: true });
  await ada.resign();
  const cost = await ada.database.cost(async () =>
    expect(await fence.write(log("resigned"))).toEqual({ accepted: false, reason: "lapsed" }),
  );
  expect(cost).toEqual({ requests: 0 });
  expect(await logged(ada.database)).toEqual(["renewed"]);
});

it("counts the ids of a millisecond from the 1,000th on as its last, as the writers do", async () => {
  const database = createDatabase();
  const ms = Date.now() + 3_600_000;
  await database.raw("XADD", stream, `${ms}-1500`, "holder", "ada 1");
  expect(await isAccepted(fenceUnder(database, ms * 1_000 + 998))).toBe(false);
  expect(await isAccepted(fenceUnder(database, ms * 1_000 + 999, "ada 1"))).toBe(true);
  const next = fenceUnder(database, (ms + 1) * 1_000, "bob 2");
  expect(await isAccepted(next)).toBe(true);
  expect(await database.raw("XREVRANGE", stream, "+", "-")).toEqual([[idOf(next.token), ["holder", "bob 2"]]]);
});

it("sends nothing from the holder's own deadline on", async () => {
  const { time, grant, database } = await fenceOf(createDatabase(), "ada");
  const fence = createFence({ grant, redis: connect(database), prefix: "t:", clock: clockOf(time) });
  time.now = grant.actUntil - 1;
  expect((await fence.write(log("in time"))).accepted).toBe(true);
  time.now = grant.actUntil;
  expect(await fence.write(log("late"))).toEqual({ accepted: false, reason: "lapsed" });
  expect(await logged(database)).toEqual(["in time"]);
});

it("gives the reply of one command through the fence, and throws where the lease has moved on", async () => {
  const database = createDatabase();
  const { fence } = await fenceOf(database, "ada");
  expect(await writeThrough(fence)(log("ada"))).toBe(1);
  await database.raw("DEL", "t:l:work");
  await fenceOf(database, "bob");
  await expect(writeThrough(fence)(log("late"))).rejects.toThrow("No longer leader: superseded.");
  expect(await logged(database)).toEqual(["ada"]);
});
