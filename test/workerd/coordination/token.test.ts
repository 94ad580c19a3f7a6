import { describe, expect, it } from "vitest";
import { idOf, isPlausible, tokenOf } from "../../../src/coordination/token.ts";
import { mintToken, type TokenCommands } from "../../../src/coordination/token-stream.ts";
import { createDatabase, type Database } from "../../support/database.ts";
import { connect, createContender, createInstance } from "./support.ts";

const stream = "t:le:work";
const dayMs = 24 * 3_600_000;

/** Gives the stream its newest token, as a primary with another clock had. */
const put = (database: Database, id: string) => database.raw("XADD", stream, "MAXLEN", 1, id, "holder", "gone 1");

async function mint(database: Database, seen = 0): Promise<number> {
  const { lease } = createContender("ada", { database, seenToken: () => seen });
  const acquisition = await lease.acquire();
  if (!acquisition.held) throw new Error(`not held: ${JSON.stringify(acquisition)}`);
  await lease.release(acquisition.grant);
  return acquisition.grant.token;
}

describe("ids and tokens", () => {
  it.each([
    ["0-1", 1],
    ["9-999", 9_999],
    ["10-0", 10_000],
    ["1800000000000-7", 1_800_000_000_000_007],
    ["9007199254740-990", Number.MAX_SAFE_INTEGER - 1],
  ])("turns the id %s into the token %d and back", (id, token) => {
    expect([tokenOf(id), idOf(token)]).toEqual([token, id]);
  });

  it("counts the ids of a millisecond from the 1,000th on as its last", () => {
    expect(["5-999", "5-1000", "5-18446744073709551615"].map(tokenOf)).toEqual([5_999, 5_999, 5_999]);
  });

  it.each(["9007199254740-992", "18446744073709551615-0", "", "x-1", "7"])("has no token for the id %j", (id) => {
    expect(tokenOf(id)).toBeUndefined();
  });

  it("takes a token for plausible up to a day ahead of the clock", () => {
    const now = 1_800_000_000_000;
    const limit = (now + dayMs) * 1_000;
    expect([0, 7, limit].every((token) => isPlausible(token, now))).toBe(true);
    for (const token of [limit + 1, 1e308, Number.POSITIVE_INFINITY, Number.NaN, -1, 1.5]) {
      expect([token, isPlausible(token, now)]).toEqual([token, false]);
    }
  });
});

describe("minting", () => {
  it("follows the server's clock after the database was flushed", async () => {
    const database = createDatabase();
    const before = await mint(database);
    await database.raw("FLUSHALL");
    const token = await mint(database);
    expect(token).toBeGreaterThan(before);
    expect(Math.abs(token / 1_000 - Date.now())).toBeLessThan(60_000);
  });

  it("goes on above the newest token when the server's clock is behind it", async () => {
    const database = createDatabase();
    const ms = Date.now() + 3_600_000;
    await put(database, `${ms}-9`);
    expect(await mint(database)).toBe(ms * 1_000 + 10);
    expect(await mint(database)).toBe(ms * 1_000 + 11);
  });

  it("goes on with the next millisecond after 1,000 tokens of one, with 1 command more", async () => {
    const database = createDatabase();
    const ms = Date.now() + 3_600_000;
    await put(database, `${ms}-998`);
    expect(await mint(database)).toBe(ms * 1_000 + 999);
    const cost = await database.cost(async () => expect(await mint(database)).toBe((ms + 1) * 1_000));
    expect(cost).toEqual({ requests: 4, SET: 1, XADD: 2, DELEX: 1 });
    expect(await mint(database)).toBe((ms + 1) * 1_000 + 1);
  });

  it("mints above a token that the holder has seen elsewhere, with 1 command more", async () => {
    const database = createDatabase();
    const seen = (Date.now() + 3_600_000) * 1_000 + 41;
    const cost = await database.cost(async () => expect(await mint(database, seen)).toBe(seen + 1));
    expect(cost).toEqual({ requests: 4, SET: 1, XADD: 2, DELEX: 1 });
    expect(await mint(database, seen)).toBe(seen + 2);
    // The stream would give the very token that was seen.
    expect(await mint(database, seen + 3)).toBe(seen + 4);
  });

  it("mints nothing by a clock that is beyond every token", async () => {
    const database = createDatabase();
    const commands = connect(database)();
    const ahead: TokenCommands = {
      exec: ([name, ...words]) =>
        commands.exec([name, ...words.map((word) => (word === "*" ? "9007199254741-0" : word))]),
    };
    const minting = mintToken(ahead, { key: stream, value: "ada 1", above: 0 });
    await expect(minting).rejects.toThrow("Redis's clock is too far ahead for a fencing token: 9007199254741-0");
  });

  it.each([
    ["a counter", ["SET", stream, "41"]],
    ["a hash", ["HSET", stream, "a", "b"]],
    ["an id that is too great", ["XADD", stream, "18446744073709551614-0", "a", "b"]],
  ])("replaces a key that holds %s, and reads it as no token", async (_what, command) => {
    const database = createDatabase();
    await database.raw(...command);
    const time = Date.now();
    expect(await mint(database)).toBeGreaterThan((time - 60_000) * 1_000);
    expect(await database.raw("XLEN", stream)).toBe(1);
    await database.raw(...command.with(1, "t:le:main"));
    expect((await createInstance("bob", { database }).info()).token).toBe(0);
  });
});
