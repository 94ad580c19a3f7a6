import { expect, it } from "vitest";
import { account, count, note } from "../../../src/metrics/index.ts";
import { createCounter } from "./support.ts";

it("costs nothing while nothing is counted, and while only ticks are", async () => {
  const { database, clock, state, reporter, settled } = createCounter();
  const cost = await database.cost(async () => {
    for (let ticks = 0; ticks < 120; ticks++) {
      note(state, clock.now(), "redis_commands|idle", 2);
      account(state, 2, false);
      reporter.reportAlong();
      await settled();
      await clock.advance(30_000);
    }
  });
  expect(cost).toEqual({ requests: 0 });
  expect(state.minutes.size).toBeLessThanOrEqual(10);
});

it("costs one command for a report, and none when nothing was counted since", async () => {
  const { database, clock, state, reporter } = createCounter();
  count(state, clock.now(), "interactions|/ping|command|ok");
  expect(await database.cost(() => reporter.report())).toEqual({ requests: 1, XADD: 1 });
  expect(await database.cost(() => reporter.report())).toEqual({ requests: 0 });
});

it.each([
  ["one command a second", 1, 1_000],
  ["five commands a second", 5, 1_000],
  ["200 commands a second", 200, 1_000],
  ["one command a minute", 1, 60_000],
])(
  "costs at most a twentieth of %s, and a report in ten minutes, and reports at most once in ten seconds",
  async (_name, commands, everyMs) => {
    const { database, clock, state, reporter, settled } = createCounter();
    const seconds = (everyMs * 600) / 1_000;
    const cost = await database.cost(async () => {
      for (let done = 0; done < 600; done++) {
        count(state, clock.now(), "interactions|/ping|command|ok");
        account(state, commands, false);
        const before = state.sequence;
        reporter.reportAlong();
        if (state.sequence > before) account(state, 1, true);
        await settled();
        await clock.advance(everyMs);
      }
    });
    const reports = cost["XADD"] ?? 0;
    expect(reports).toBeGreaterThan(0);
    expect(reports).toBeLessThanOrEqual(1 + 600 * commands * 0.05 + seconds / 600);
    expect(reports).toBeLessThanOrEqual(1 + seconds / 10);
  },
);

it("costs two commands to read the sums of fifty isolates, and five to sum what waits", async () => {
  const first = createCounter();
  const { database, clock, store, settled } = first;
  for (let isolate = 0; isolate < 50; isolate++) {
    const { state, reporter } = isolate === 0 ? first : createCounter({ database, clock, id: `isolate-${isolate}` });
    count(state, clock.now(), "interactions|/ping|command|ok");
    await reporter.report();
  }
  const summing = await database.cost(() => store.sum());
  expect(summing).toEqual({ requests: 4, GET: 1, XRANGE: 1, SET: 1, XTRIM: 1, PEXPIRE: 1 });
  expect(await database.cost(() => store.sum())).toEqual({ requests: 2, GET: 1, XRANGE: 1 });
  const reading = await database.cost(async () => {
    expect((await store.read()).totals.get("interactions|/ping|command|ok")).toBe(50);
    await settled();
  });
  expect(reading).toEqual({ requests: 2, GET: 1, XRANGE: 1 });
});

it("gives every key a life with the first reading", async () => {
  const { database, clock, state, reporter, store, settled } = createCounter();
  count(state, clock.now(), "interactions|/ping|command|ok");
  await reporter.report();
  await store.read();
  await settled();
  const keys = (await database.raw("KEYS", "*")) as string[];
  expect(keys.toSorted()).toEqual(["t:mt:ledger", "t:mt:reports"]);
  for (const key of keys) expect(await database.raw("TTL", key), key).toBeGreaterThan(86_400);
});
