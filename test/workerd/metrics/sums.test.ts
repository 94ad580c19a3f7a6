import { expect, it } from "vitest";
import { count, histogramOf, numberOf, observe } from "../../../src/metrics/index.ts";
import { createFakeClock } from "../../support/clock.ts";
import { createCounter } from "./support.ts";

const pings = "interactions|/ping|command|ok";
const minute = 60_000;

it("sums two isolates, counts and histograms, and knows both", async () => {
  const one = createCounter();
  const { database, clock, store } = one;
  const two = createCounter({ database, clock, id: "two" });
  for (const { state, reporter } of [one, two]) {
    count(state, clock.now(), pings, 3);
    for (const ms of [5, 6, 9_000]) observe(state, clock.now(), "redis_latency", ms);
    await reporter.report();
  }
  const ledger = await store.read();
  expect(numberOf(ledger.totals, pings)).toBe(6);
  expect(histogramOf(ledger.totals, "redis_latency")).toEqual({
    buckets: [2, 2, 0, 0, 0, 0, 0, 0, 0, 2],
    count: 6,
    sumMs: 18_022,
  });
  expect([...ledger.isolates.keys()].toSorted()).toEqual(["one", "two"]);
});

it("counts a report once whose reply was lost, and that is sent again", async () => {
  const { database, clock, state, reporter, store, reports } = createCounter();
  count(state, clock.now(), pings);
  await database.break({ at: "after", do: "drop", match: "XADD", times: 1 });
  await reporter.report();
  expect(state.pending).toBeDefined();
  count(state, clock.now(), pings, 10);
  await reporter.report();
  expect(state.pending).toBeUndefined();
  expect(await reports()).toBe(3);
  expect(numberOf((await store.read()).totals, pings)).toBe(11);
});

it("loses nothing while Redis does not answer, and reports all of it afterwards", async () => {
  const { database, clock, state, reporter, store } = createCounter();
  await database.break({ at: "before", do: "drop", match: "XADD" });
  for (let tries = 0; tries < 5; tries++) {
    count(state, clock.now(), pings);
    await reporter.report();
    await clock.advance(minute);
  }
  await database.mend();
  await reporter.report();
  expect(numberOf((await store.read()).totals, pings)).toBe(5);
});

it("sums the same from whichever reader sums first, with others reporting meanwhile", async () => {
  const one = createCounter();
  const { database, clock } = one;
  const two = createCounter({ database, clock, id: "two" });
  for (let round = 1; round <= 20; round++) {
    for (const { state, reporter } of [one, two]) {
      count(state, clock.now(), pings);
      await reporter.report();
    }
    await Promise.all([one.store.sum(), two.store.sum()]);
    expect(numberOf((await two.store.read()).totals, pings)).toBe(round * 2);
  }
  await two.settled();
});

it("keeps sixty minutes apart, and totals and months for longer", async () => {
  const { clock, state, reporter, store } = createCounter();
  for (let passed = 0; passed < 130; passed += 10) {
    count(state, clock.now(), pings);
    count(state, clock.now(), "redis_commands|interactions", 7);
    await reporter.report();
    await store.sum();
    await clock.advance(10 * minute);
  }
  const ledger = await store.read();
  expect([...ledger.minutes.keys()].length).toBeLessThanOrEqual(7);
  expect([...ledger.tens.keys()].length).toBeLessThanOrEqual(7);
  expect(numberOf(ledger.totals, pings)).toBe(13);
  const month = ledger.months.get("2026-06");
  expect([numberOf(month?.counts ?? new Map(), "redis_commands|interactions"), month?.counts.has(pings)]).toEqual([
    91,
    false,
  ]);
});

it("begins a month anew at midnight UTC", async () => {
  const { clock, state, reporter, store } = createCounter();
  const toMidnight = Date.parse("2026-07-01T00:00:00Z") - clock.now();
  await clock.advance(toMidnight - 1);
  count(state, clock.now(), "redis_commands|jobs", 1);
  await clock.advance(1);
  count(state, clock.now(), "redis_commands|jobs", 2);
  await reporter.report();
  const { months } = await store.read();
  expect([...months].map(([month, { counts }]) => [month, counts.get("redis_commands|jobs")])).toEqual([
    ["2026-06", 1],
    ["2026-07", 2],
  ]);
});

it.each([
  ["text that is no JSON", "{"],
  ["another version's sums", "[99]"],
  ["sums that are cut off", '[1,"0-0",0,{"a":"b"}]'],
])("begins anew after %s, and says so", async (_name, text) => {
  const { database, clock, state, reporter, store, settled, unreadable } = createCounter();
  await database.raw("SET", "t:mt:ledger", text);
  await database.raw("XADD", "t:mt:reports", "*", "r", "damaged");
  count(state, clock.now(), pings);
  await reporter.report();
  expect(numberOf((await store.read()).totals, pings)).toBe(1);
  await settled();
  expect(unreadable).toEqual(["t:mt:ledger", expect.stringMatching(/^\d+-\d+$/)]);
  expect(numberOf((await store.read()).totals, pings)).toBe(1);
  // Both are left behind: the sums are replaced, and a damaged report is read once.
  expect(await database.raw("GET", "t:mt:ledger")).not.toBe(text);
  await database.raw("XADD", "t:mt:reports", "*", "r", "damaged");
  await store.sum();
  expect(await database.cost(() => store.sum())).toEqual({ requests: 2, GET: 1, XRANGE: 1 });
});

it("keeps no more than a few hundred series, whatever names a mistake makes", async () => {
  const { clock, state } = createCounter();
  for (let name = 0; name < 5_000; name++) count(state, clock.now(), `mistake|${name}`);
  expect(state.minutes.get(Math.floor(clock.now() / minute))?.size).toBe(400);
});

it("counts what an isolate with a clock far ahead reports as of now, and keeps the present month", async () => {
  const one = createCounter();
  const { database, clock, store } = one;
  const ahead = createCounter({ database, id: "ahead", clock: createFakeClock(Date.parse("2099-01-31T23:59:30Z")) });
  for (const { state, reporter, clock } of [one, ahead]) {
    count(state, clock.now(), "redis_commands|jobs", 5);
    await reporter.report();
    await clock.advance(minute);
    count(state, clock.now(), "redis_commands|jobs", 5);
    await reporter.report();
  }
  await store.sum();
  const { months, minutes, isolates } = await store.read();
  expect([...months].map(([month, { counts }]) => [month, counts.get("redis_commands|jobs")])).toEqual([
    ["2026-06", 20],
  ]);
  expect([...minutes.values()].map((counts) => numberOf(counts, "redis_commands")).reduce((a, b) => a + b)).toBe(20);
  expect(isolates.get("ahead")?.seenAt).toBeLessThanOrEqual(clock.now());
});

it.each([9_007_199_254_740_991, 150_000_000_000])(
  "goes on after a report of the minute %i, which no calendar shows",
  async (damaged) => {
    const { database, clock, state, reporter, store } = createCounter();
    const report = [1, "x", 1, damaged, damaged, "closed", [[damaged, { [pings]: 1 }]]];
    await database.raw("XADD", "t:mt:reports", "*", "r", JSON.stringify(report));
    count(state, clock.now(), pings);
    await reporter.report();
    expect(numberOf((await store.read()).totals, pings)).toBe(2);
  },
);

it("forgets months and isolates of a time to come that stand in stored sums", async () => {
  const { database, clock, state, reporter, store } = createCounter();
  const far = 9_007_199_254_740_991;
  const months = ["zz", "2099-01", "2099-02", "2026-06"].map((month) => [month, month === "2026-06" ? 1 : far, {}]);
  const ledger = [1, "0-0", far, {}, [[far, { x: 1 }]], [[far, { x: 1 }]], months, [["x", far, far, 1, "closed"]]];
  await database.raw("SET", "t:mt:ledger", JSON.stringify(ledger));
  count(state, clock.now(), "redis_commands|jobs", 3);
  await reporter.report();
  const read = await store.read();
  expect([[...read.months.keys()], [...read.isolates.keys()]]).toEqual([["2026-06"], ["one"]]);
  expect([read.minutes.size, read.tens.size]).toEqual([1, 1]);
  expect(read.since).toBeLessThanOrEqual(clock.now());
});
