import { describe, expect, it } from "vitest";
import {
  addReport,
  age,
  createLedger,
  type Ledger,
  monthOf,
  readLedger,
  writeLedger,
} from "../../../src/metrics/ledger.ts";
import { type Report, readMinutes, readReport, writeReport } from "../../../src/metrics/report.ts";

const now = Date.parse("2026-06-10T12:00:00Z");
const present = now / 60_000;

const report = (more: Partial<Report> = {}): Report => ({
  id: "a",
  sequence: 1,
  startedAt: now - 5,
  at: now,
  breaker: "closed",
  minutes: [[present, new Map([["a|x", 1]])]],
  ...more,
});

const shown = ({ totals, minutes, tens, months, isolates, ...rest }: Ledger) => ({
  ...rest,
  totals: Object.fromEntries(totals),
  minutes: [...minutes].map(([at, counts]) => [at, Object.fromEntries(counts)]),
  tens: [...tens].map(([at, counts]) => [at, Object.fromEntries(counts)]),
  months: [...months].map(([month, { since, counts }]) => [month, since, Object.fromEntries(counts)]),
  isolates: Object.fromEntries(isolates),
});

it("sums reports: all of them, by minute without labels, by ten minutes, and by month what is billed", () => {
  const ledger = createLedger();
  const billed = new Map([
    ["a|x", 1],
    ["a|y", 2],
    ["b", 4],
  ]);
  addReport(ledger, "1-0", report({ minutes: [[present, billed]] }), { monthly: ["a"], now });
  const later = report({ sequence: 2, at: now + 1, breaker: "open", minutes: [[present - 11, billed]] });
  addReport(ledger, "2-0", later, { monthly: ["a"], now: now + 1 });
  expect(shown(ledger)).toEqual({
    last: "2-0",
    since: (present - 11) * 60_000,
    totals: { "a|x": 2, "a|y": 4, b: 8 },
    minutes: [
      [present, { a: 3, b: 4 }],
      [present - 11, { a: 3, b: 4 }],
    ],
    tens: [
      [present / 10, { "a|x": 1, "a|y": 2, b: 4 }],
      [present / 10 - 2, { "a|x": 1, "a|y": 2, b: 4 }],
    ],
    months: [["2026-06", (present - 11) * 60_000, { "a|x": 2, "a|y": 4 }]],
    isolates: { a: { startedAt: now - 5, seenAt: now + 1, sequence: 2, breaker: "open" } },
  });
});

it("counts a report once for its number, and goes past it", () => {
  const ledger = createLedger();
  for (const [id, sequence] of [
    ["1-0", 2],
    ["2-0", 2],
    ["3-0", 1],
    ["4-0", 3],
  ] as const) {
    addReport(ledger, id, report({ sequence }), { monthly: [], now });
  }
  addReport(ledger, "5-0", report({ id: "b" }), { monthly: [], now });
  expect([ledger.last, ledger.totals.get("a|x"), ledger.isolates.get("a")?.sequence]).toEqual(["5-0", 3, 3]);
});

it("keeps 62 minutes, seven times ten, two months, and isolates for twenty minutes", () => {
  const ledger = createLedger();
  for (const offset of [0, 61, 62]) ledger.minutes.set(present - offset, new Map());
  for (const offset of [0, 6, 7]) ledger.tens.set(present / 10 - offset, new Map());
  for (const month of ["2026-06", "2025-12", "2026-05", "2026-04"])
    ledger.months.set(month, { since: 1, counts: new Map() });
  for (const silentMs of [0, 1_200_000, 1_200_001]) {
    ledger.isolates.set(String(silentMs), { startedAt: 1, seenAt: now - silentMs, sequence: 1, breaker: "closed" });
  }
  age(ledger, now + 59_999);
  expect([...ledger.isolates.keys()]).toEqual(["0"]);
  expect([...ledger.minutes.keys()]).toEqual([present, present - 61]);
  expect([...ledger.tens.keys()]).toEqual([present / 10, present / 10 - 6]);
  expect([...ledger.months.keys()]).toEqual(["2026-06", "2026-05"]);
  ledger.isolates.set("1200000", { startedAt: 1, seenAt: now - 1_200_000, sequence: 1, breaker: "closed" });
  age(ledger, now);
  expect([...ledger.isolates.keys()]).toEqual(["0", "1200000"]);
});

it("drops what is more than an hour ahead, and keeps the month that is about to begin", () => {
  const ledger = createLedger();
  for (const offset of [60, 61]) ledger.minutes.set(present + offset, new Map());
  for (const offset of [6, 7]) ledger.tens.set(present / 10 + offset, new Map());
  for (const aheadMs of [3_600_000, 3_600_001]) {
    ledger.isolates.set(String(aheadMs), { startedAt: 1, seenAt: now + aheadMs, sequence: 1, breaker: "closed" });
  }
  age(ledger, now);
  expect([[...ledger.minutes.keys()], [...ledger.tens.keys()], [...ledger.isolates.keys()]]).toEqual([
    [present + 60],
    [present / 10 + 6],
    ["3600000"],
  ]);
  // Within the same ten minutes nothing of them is dropped.
  const tens = createLedger();
  tens.tens.set(present / 10 - 6, new Map());
  age(tens, now + 9 * 60_000);
  expect(tens.tens.size).toBe(1);
});

it.each([
  ["2026-06-30T23:30:00Z", ["2026-06", "2026-07"]],
  ["2026-06-30T22:59:59.999Z", ["2026-06"]],
  ["2026-07-01T00:10:00Z", ["2026-06", "2026-07"]],
])("at %s knows the months %j", (at, months) => {
  const ledger = createLedger();
  for (const month of ["2026-06", "2026-07"]) {
    ledger.months.set(month, { since: Date.parse(`${month}-01T00:00:00Z`), counts: new Map() });
  }
  // One of them lies ahead by its name, the other by its time.
  ledger.months.set("2099-01", { since: 1, counts: new Map() });
  ledger.months.set("2026-01", { since: Date.parse("2099-01-01T00:00:00Z"), counts: new Map() });
  age(ledger, Date.parse(at));
  expect([...ledger.months.keys()]).toEqual(months);
});

it("takes a time that is an hour ahead for true, and a later one for now", () => {
  const seenAt = (at: number) => {
    const ledger = createLedger();
    addReport(ledger, "1-0", report({ at, startedAt: at }), { monthly: [], now });
    const { a } = Object.fromEntries(ledger.isolates);
    return [a?.seenAt, a?.startedAt];
  };
  expect([seenAt(now + 3_600_000), seenAt(now + 3_600_001)]).toEqual([
    [now + 3_600_000, now + 3_600_000],
    [now, now],
  ]);
});

it("names months in UTC", () => {
  expect([monthOf(Date.parse("2026-06-30T23:59:59.999Z")), monthOf(Date.parse("2026-07-01T00:00:00Z"))]).toEqual([
    "2026-06",
    "2026-07",
  ]);
});

describe("what was written", () => {
  const ledger = createLedger();
  for (const breaker of ["closed", "open", "half-open"] as const) {
    addReport(ledger, "7-1", report({ id: breaker, breaker }), { monthly: ["a"], now });
  }
  const text = writeLedger(ledger);
  const changed = (index: number, value: unknown) => JSON.stringify((JSON.parse(text) as unknown[]).with(index, value));

  it("is read back", () => {
    expect(readLedger(text)).toEqual(ledger);
  });

  it.each([
    [null],
    ["{}"],
    [changed(0, 2)],
    [changed(1, 7)],
    [changed(2, -1)],
    [changed(2, "1")],
    [changed(3, [])],
    [changed(4, {})],
    [changed(4, [["1", {}]])],
    [changed(4, [[1, []]])],
    [changed(4, [1])],
    [changed(5, null)],
  ])("is not read where it is damaged: %s", (damaged) => {
    expect(readLedger(damaged)).toBeUndefined();
  });

  it("leaves out months and isolates that cannot be read", () => {
    const month = ["2026-06", 1, { a: 1 }];
    const months = [
      month,
      [7, 1, {}],
      [["2026-03"], 1, {}],
      ["zz", 1, {}],
      ["2026-05", -1, {}],
      ["2026-04", 1, []],
      "x",
    ];
    expect([...(readLedger(changed(6, months))?.months ?? [])]).toEqual([
      ["2026-06", { since: 1, counts: new Map([["a", 1]]) }],
    ]);
    const isolate = ["a", 1, 2, 3, "open"];
    const damaged = [0, 1, 2, 3, 4].map((index) => (isolate as unknown[]).with(index, null));
    expect([...(readLedger(changed(7, [isolate, ...damaged, null]))?.isolates ?? [])]).toEqual([
      ["a", { startedAt: 1, seenAt: 2, sequence: 3, breaker: "open" }],
    ]);
    expect(readLedger(changed(7, null))?.isolates.size).toBe(0);
  });
});

describe("a report", () => {
  const text = writeReport(report());
  const fields = JSON.parse(text) as unknown[];

  it("is read back", () => {
    for (const breaker of ["closed", "open", "half-open"] as const) {
      expect(readReport(writeReport(report({ breaker })))).toEqual(report({ breaker }));
    }
  });

  it.each([
    undefined,
    "{}",
    "null",
    "[99]",
    ...fields.map((_field, index) => JSON.stringify(fields.with(index, null))),
  ])("is not read where it is damaged: %s", (damaged) => {
    expect(readReport(damaged)).toBeUndefined();
  });

  it.each([2, 3, 4])("is not read with a fraction or a number below 0 in field %i", (index) => {
    for (const value of [-1, 0.5, "1"]) expect(readReport(JSON.stringify(fields.with(index, value)))).toBeUndefined();
    expect(readReport(JSON.stringify(fields.with(index, 0)))).toBeDefined();
  });

  it("has minutes that are whole, each with its counts", () => {
    expect(readMinutes([[1, { a: 2 }]])).toEqual([[1, new Map([["a", 2]])]]);
    expect(readMinutes([])).toEqual([]);
    for (const list of [{}, [[1]], [[0.5, {}]], [7], [[1, { a: "2" }]]]) expect(readMinutes(list)).toBeUndefined();
  });
});
