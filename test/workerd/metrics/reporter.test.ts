import { expect, it } from "vitest";
import { account, count } from "../../../src/metrics/index.ts";
import { readReport } from "../../../src/metrics/report.ts";
import { createCounter } from "./support.ts";

const second = 1_000;
const minute = 60_000;

/** Returns the reports in the stream. */
async function reportsIn({ database }: ReturnType<typeof createCounter>) {
  const entries = (await database.raw("XRANGE", "t:mt:reports", "-", "+")) as [string, [string, string]][];
  return entries.map(([, [field, text]]) => ({ field, ...readReport(text) }));
}

it("reports who it is, since when, its breaker, and what was counted by minute", async () => {
  const counter = createCounter({ breaker: () => "half-open" });
  const { clock, state, reporter } = counter;
  const startedAt = clock.now();
  count(state, clock.now(), "a", 2);
  await clock.advance(minute);
  count(state, clock.now(), "a", 3);
  await reporter.report();
  const first = startedAt / minute;
  expect(await reportsIn(counter)).toEqual([
    {
      field: "r",
      id: "one",
      sequence: 1,
      startedAt,
      at: clock.now(),
      breaker: "half-open",
      minutes: [
        [first, new Map([["a", 2]])],
        [first + 1, new Map([["a", 3]])],
      ],
    },
  ]);
  expect([state.hasWorked, state.minutes.size, state.sequence, state.pending]).toEqual([false, 0, 1, undefined]);
});

it("adds what the counters of other parts grew by, once, and nothing where they did not grow", async () => {
  const counters = new Map([
    ["x", 5],
    ["y", 0],
  ]);
  const counter = createCounter({ counters: () => counters });
  await counter.reporter.report();
  counters.set("x", 7).set("y", 1);
  await counter.reporter.report();
  await counter.reporter.report();
  const grown = (await reportsIn(counter)).map(({ minutes }) => Object.fromEntries(minutes?.[0]?.[1] ?? []));
  expect(grown).toEqual([{ x: 5 }, { x: 2, y: 1 }]);
});

it("reports along ten seconds after the last report at the earliest, with work alone, and with credit for it", async () => {
  const reported: number[] = [];
  const counter = createCounter({ onReported: () => reported.push(1) });
  const { clock, state, reporter, settled } = counter;
  const along = async () => {
    reporter.reportAlong();
    await settled();
    return reported.splice(0).length;
  };
  expect(await along()).toBe(0);
  count(state, clock.now(), "a");
  expect(await along()).toBe(1);
  expect(state.reportedAt).toBe(clock.now());
  count(state, clock.now(), "a");
  await clock.advance(10 * second - 1);
  expect(await along()).toBe(0);
  await clock.advance(1);
  expect(await along()).toBe(1);
  // Ten minutes earn one report where no commands do.
  account(state, 1, true);
  count(state, clock.now(), "a");
  await clock.advance(10 * minute - 1);
  expect(await along()).toBe(0);
  await clock.advance(1);
  expect(await along()).toBe(1);
});

it("gives up a report ten minutes after it was made, and not earlier", async () => {
  for (const [waitMs, sums] of [
    [10 * minute, [1, 2]],
    [10 * minute + 1, [2]],
  ] as const) {
    const counter = createCounter();
    const { clock, state, reporter, database } = counter;
    count(state, clock.now(), "a", 1);
    await database.break({ at: "before", do: "drop", match: "XADD", times: 1 });
    await reporter.report();
    expect(state.pending).toBeDefined();
    await clock.advance(waitMs);
    count(state, clock.now(), "a", 2);
    await reporter.report();
    const found = (await reportsIn(counter)).map(({ minutes }) => minutes?.[0]?.[1].get("a"));
    expect(found).toEqual(sums);
    expect(state.pending).toBeUndefined();
  }
});

it("tells that a report was taken, and does not where Redis did not answer", async () => {
  let told = 0;
  const { clock, state, reporter, database } = createCounter({ onReported: () => (told += 1) });
  count(state, clock.now(), "a");
  await database.break({ at: "before", do: "drop", match: "XADD", times: 1 });
  await reporter.report();
  expect(told).toBe(0);
  await reporter.report();
  expect(told).toBe(1);
});

it("keeps some 10,000 reports", async () => {
  const sent: unknown[][] = [];
  const { clock, state, reporter } = createCounter({
    redis: () => ({ exec: async (command: unknown[]) => sent.push(command) }) as never,
  });
  count(state, clock.now(), "a");
  await reporter.report();
  expect(sent.map((command) => command.slice(0, 6))).toEqual([["XADD", "t:mt:reports", "MAXLEN", "~", 10_000, "*"]]);
});

it("keeps a newer report that is under way when an older one is taken after all", async () => {
  const replies: (() => void)[] = [];
  const { clock, state, reporter } = createCounter({
    redis: () => ({ exec: () => new Promise<void>((resolve) => replies.push(resolve)) }) as never,
  });
  const report = () => {
    count(state, clock.now(), "a");
    return reporter.report();
  };
  const older = report();
  await clock.advance(10 * minute + 1);
  const newer = report();
  const { pending } = state;
  replies[0]?.();
  await older;
  expect([state.pending, state.sequence]).toEqual([pending, 2]);
  replies.at(-1)?.();
  await newer;
  expect(state.pending).toBeUndefined();
});

it("reports along without a failure where Redis does not answer", async () => {
  const { clock, state, reporter, database, settled } = createCounter();
  count(state, clock.now(), "a");
  await database.break({ at: "before", do: "drop", match: "XADD", times: 1 });
  reporter.reportAlong();
  await settled();
  expect(state.pending).toBeDefined();
});
