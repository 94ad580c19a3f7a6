import { expect, it } from "vitest";
import { runCron, type TickResult } from "../../../src/runtime/cron.ts";
import { createFakeClock, settle } from "../../support/clock.ts";

/** Runs a tick whose one duty asks to be called again after these times, and fails when they are used up. */
async function tick(...pausesMs: number[]) {
  const clock = createFakeClock();
  const startedAt = clock.now();
  const ran: number[] = [];
  const logged: unknown[] = [];
  const plans: unknown[] = [];
  const services = {
    clock,
    isolate: { ticks: {}, duties: new Map() },
    coordination: { asLeader: () => Promise.reject(new Error("not asked for")) },
    runner: { watch: async (plan: unknown) => void plans.push(plan) },
    log: (...line: unknown[]) => void logged.push(line),
    left: () => 50,
    jobOutcomes: new Map([["done", 2]]),
  };
  const sweep = (given: unknown) => ({
    async run() {
      expect(given).toBe(services);
      ran.push(clock.now() - startedAt);
      const pause = pausesMs.shift();
      if (pause === undefined) throw new Error("no");
      return clock.now() + pause;
    },
  });
  let result: TickResult | undefined;
  void runCron(services as never, { duties: new Map([["sweep", sweep]]) } as never).then((tick) => (result = tick));
  await settle();
  await clock.advance(60_000);
  expect(result).toBeDefined();
  return { ran, logged, plans, startedAt, result };
}

it("does duties for 55 seconds, and watches jobs for two minutes", async () => {
  expect((await tick(54_999, 60_000)).ran).toEqual([0, 54_999]);
  const { ran, plans, startedAt } = await tick(55_000);
  expect(ran).toEqual([0]);
  expect(plans).toEqual([{ looks: [0, 30_000, 90_000].map((ms) => startedAt + ms), until: startedAt + 120_000 }]);
});

it("logs a duty that failed, by its name", async () => {
  const { ran, logged, result } = await tick(54_000);
  expect(ran).toEqual([0, 54_000]);
  expect(result).toEqual({ jobs: { done: 2 }, duties: { rounds: 2, failed: 1 } });
  const stack = expect.stringContaining("cron.test.ts");
  expect(logged).toEqual([["warn", "duty-failed", { duty: "sweep", error: "no", name: "Error", stack }]]);
});
