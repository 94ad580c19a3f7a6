import { expect, it } from "vitest";
import { count, numberOf } from "../../../src/metrics/index.ts";
import { createLedger, writeLedger } from "../../../src/metrics/ledger.ts";
import { createCounter } from "./support.ts";

const day = 86_400_000;

/** Has an isolate report this many times, each time one more. */
async function report({ clock, state, reporter }: ReturnType<typeof createCounter>, times: number): Promise<void> {
  for (let index = 0; index < times; index++) {
    count(state, clock.now(), "a");
    await reporter.report();
  }
}

it("sums behind the first reading, and then where 64 reports wait, and not before", async () => {
  const counter = createCounter();
  const { database, store, settled } = counter;
  const kept = () => database.raw("GET", "t:mt:ledger");
  await report(counter, 1);
  await store.read();
  await settled();
  const first = await kept();
  expect(first).toEqual(expect.any(String));
  // The first reading that finds sums of one report keeps the next ones too.
  await report(counter, 63);
  expect(numberOf((await store.read()).totals, "a")).toBe(64);
  await settled();
  expect(await kept()).toBe(first);
  await report(counter, 1);
  await store.read();
  await settled();
  expect(await kept()).not.toBe(first);
  expect(numberOf((await store.read()).totals, "a")).toBe(65);
  expect(counter.unreadable).toEqual([]);
});

it("keeps sums and reports for forty days after the last report", async () => {
  const counter = createCounter();
  await report(counter, 1);
  await counter.store.sum();
  await report(counter, 1);
  await counter.store.sum();
  for (const key of ["t:mt:ledger", "t:mt:reports"]) {
    const life = Number(await counter.database.raw("PTTL", key));
    expect([life > 40 * day - 60_000, life <= 40 * day], key).toEqual([true, true]);
  }
});

it("drops no report that another reader may still have to add", async () => {
  const counter = createCounter();
  const { database, store } = counter;
  await report(counter, 2);
  const before = await database.raw("GET", "t:mt:ledger");
  expect(before).toBeNull();
  await store.sum();
  expect(await counter.reports()).toBe(2);
  await report(counter, 1);
  await store.sum();
  expect(await counter.reports()).toBeGreaterThanOrEqual(1);
  expect(numberOf((await store.read()).totals, "a")).toBe(3);
});

it("reads on behind the first thousand reports", async () => {
  const counter = createCounter();
  const { database, store, clock } = counter;
  const minute = Math.floor(clock.now() / 60_000);
  const text = JSON.stringify([1, "x", "N", 1, clock.now(), "closed", [[minute, { a: 1 }]]]);
  // By a script, which keeps their order.
  const add = `for n = 1, 2001 do
    redis.call("XADD", KEYS[1], n .. "-0", "r", (string.gsub(ARGV[1], '"N"', tostring(n))))
  end`;
  await database.raw("EVAL", add, 1, "t:mt:reports", text);
  expect(numberOf((await store.read()).totals, "a")).toBe(2_001);
});

it("answers with the sums where they cannot be kept, and keeps them with the next reading", async () => {
  const counter = createCounter();
  const { database, store, settled } = counter;
  await report(counter, 1);
  await database.break({ at: "before", do: "drop", match: "SET", times: 1 });
  expect(numberOf((await store.read()).totals, "a")).toBe(1);
  await settled();
  expect(await database.raw("GET", "t:mt:ledger")).toBeNull();
  await store.read();
  await settled();
  expect(await database.raw("GET", "t:mt:ledger")).toEqual(expect.any(String));
});

/** A store over a Redis by hand, which has these sums and gives these pages of reports. */
function createScripted({ stored = null as string | null, page = (): unknown => null, failing = "" }) {
  const sent: unknown[][] = [];
  const answer = async (...command: unknown[]) => {
    sent.push(command);
    if (command[0] === failing) throw new Error("no answer");
    if (command[0] === "XRANGE") return page();
    return command[0] === "GET" ? stored : null;
  };
  const redis = {
    get: (key: string) => answer("GET", key),
    set: async (key: string, _value: string, options: object) => (await answer("SET", key, options), "OK"),
    exec: (command: unknown[]) => answer(...command),
  };
  return { sent, ...createCounter({ redis: () => redis as never }) };
}

const looks = (count: number) =>
  Array.from({ length: count }, () => ["XRANGE", "t:mt:reports", "(0-0", "+", "COUNT", 1_000]);

it("takes an empty reply for no reports, and keeps nothing", async () => {
  const { sent, store } = createScripted({});
  await store.sum();
  expect(sent).toEqual([["GET", "t:mt:ledger"], ...looks(1)]);
});

it("reads ten pages at most, and keeps, trims and prolongs them", async () => {
  const damaged = Array.from({ length: 1_000 }, () => ["0-0", null]);
  const { sent, store } = createScripted({ page: () => damaged });
  await store.sum();
  expect(sent).toEqual([
    ["GET", "t:mt:ledger"],
    ...looks(10),
    ["SET", "t:mt:ledger", { nx: true, px: 40 * day }],
    ["XTRIM", "t:mt:reports", "MINID", "~", "0-0"],
    ["PEXPIRE", "t:mt:reports", 40 * day],
  ]);
});

it("trims nothing where another isolate has summed meanwhile, and fails where it cannot trim", async () => {
  const pages = () => [["1-0", null]];
  const { sent, store } = createScripted({ stored: writeLedger(createLedger()), page: pages });
  await store.sum();
  expect(sent.map(([name]) => name)).toEqual(["GET", "XRANGE", "SET"]);
  await expect(createScripted({ page: pages, failing: "XTRIM" }).store.sum()).rejects.toThrow("no answer");
});
