import { expect, it } from "vitest";
import { account, count, createMetricsState, note, observe } from "../../../src/metrics/state.ts";

const minute = 60_000;

it("counts by minute, and knows work from what is none", () => {
  const state = createMetricsState();
  expect(state).toMatchObject({ hasWorked: false, credit: 1, reportedAt: 0, sequence: 0, pending: undefined });
  note(state, minute - 1, "idle", 2);
  expect(state.hasWorked).toBe(false);
  observe(state, minute, "latency", 7);
  expect(state.hasWorked).toBe(false);
  count(state, minute, "work");
  count(state, 2 * minute - 1, "work", 4);
  note(state, minute, "idle");
  expect(state.hasWorked).toBe(true);
  expect([...state.minutes].map(([at, tally]) => [at, Object.fromEntries(tally)])).toEqual([
    [0, { idle: 2 }],
    [1, { latency: [7, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], work: 5, idle: 1 }],
  ]);
});

it("keeps ten minutes apart, and adds the oldest to the next one, in whichever order they came", () => {
  const state = createMetricsState();
  for (const at of [3, 2, 5, 4, 7, 6, 9, 8, 11, 10]) count(state, at * minute, "a", at);
  expect([...state.minutes.keys()].toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  count(state, 12 * minute, "a", 12);
  expect([...state.minutes.keys()].toSorted((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect([3, 4].map((at) => state.minutes.get(at)?.get("a"))).toEqual([5, 4]);
});

it("takes no more than 400 series in a minute, and goes on with those it knows", () => {
  const state = createMetricsState();
  for (let name = 0; name < 399; name++) note(state, 0, `n${name}`);
  observe(state, 0, "last", 1);
  note(state, 0, "late");
  observe(state, 0, "later", 1);
  note(state, 0, "n0");
  observe(state, 0, "last", 1);
  const tally = state.minutes.get(0);
  expect([tally?.size, tally?.get("n0"), tally?.get("late"), tally?.get("later")]).toEqual([
    400,
    2,
    undefined,
    undefined,
  ]);
  expect(tally?.get("last")).toEqual([2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
});

it("earns a report with twenty commands, saves three at most, and spends what reports cost", () => {
  const state = createMetricsState();
  account(state, 1, true);
  expect(state.credit).toBe(0);
  account(state, 20, false);
  expect(state.credit).toBeCloseTo(1, 9);
  account(state, 2, true);
  expect(state.credit).toBeCloseTo(-1, 9);
  account(state, 10_000, false);
  expect(state.credit).toBe(3);
});
