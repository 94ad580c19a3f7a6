import { expect, it } from "vitest";
import { type Coordination, type Duty, type DutyEvent, runDuties } from "../../../src/coordination/index.ts";
import { createFakeClock, settle } from "../../support/clock.ts";
import { createDatabase } from "../../support/database.ts";
import { createInstance } from "./support.ts";

/** Makes a coordination that counts its calls. */
function createPlace(isLeader: () => boolean) {
  const place = { ticks: 0, resigned: 0 };
  const coordination = {
    tick: async () => void (place.ticks += 1),
    nextAt: () => Number.POSITIVE_INFINITY,
    heartbeatAt: () => Number.POSITIVE_INFINITY,
    leads: () => undefined,
    isLeader,
    fence: () => ({ token: 1 }),
    resign: async () => void (place.resigned += 1),
  } as unknown as Coordination;
  return { place, coordination };
}

it("sleeps until the next duty is due, ends in time, and resigns", async () => {
  const clock = createFakeClock(0);
  const { place, coordination } = createPlace(() => true);
  const calls: string[] = [];
  const every = (name: string, ms: number): Duty => ({
    name,
    run: async ({ now }) => {
      calls.push(`${name}@${now}`);
      return now + ms;
    },
  });
  const running = runDuties({ coordination, duties: [every("a", 20_000), every("b", 30_000)], clock });
  await settle();
  await clock.advance(55_000);
  expect(await running).toEqual({ ticks: 4, ended: "time" });
  expect(calls).toEqual(["a@0", "b@0", "a@20000", "b@30000", "a@40000"]);
  expect(place).toEqual({ ticks: 4, resigned: 1 });
});

it("runs the leader's duties only while it leads, and gives them the fence", async () => {
  const clock = createFakeClock(0);
  let isLeader = false;
  const { coordination } = createPlace(() => isLeader);
  const tokens: (number | undefined)[] = [];
  const duty: Duty = {
    name: "trim",
    isLeaderOnly: true,
    run: async ({ fence }) => {
      tokens.push(fence?.token);
      return Number.POSITIVE_INFINITY;
    },
  };
  const running = runDuties({ coordination, duties: [duty], clock, maxPauseMs: 1_000 });
  await settle();
  await clock.advance(10_000);
  expect(tokens).toEqual([]);
  isLeader = true;
  await clock.advance(45_000);
  await running;
  expect(tokens).toEqual([1]);
});

it("reports a duty that throws, calls it again later, and runs the others on time", async () => {
  const clock = createFakeClock(0);
  const { coordination } = createPlace(() => true);
  const events: DutyEvent[] = [];
  let tries = 0;
  const failing: Duty = {
    name: "failing",
    run: async () => {
      tries += 1;
      throw new Error("no");
    },
  };
  let calm = 0;
  const other: Duty = { name: "calm", run: async ({ now }) => now + 10_000 * ++calm };
  const running = runDuties({
    coordination,
    duties: [failing, other],
    clock,
    report: (event) => void events.push(event),
  });
  await settle();
  await clock.advance(55_000);
  await running;
  expect([tries, events.length, calm]).toEqual([11, 11, 3]);
});

it("stops before a free plan's subrequests are used up", async () => {
  const clock = createFakeClock(0);
  const { coordination, place } = createPlace(() => true);
  let spent = 0;
  const greedy: Duty = {
    name: "greedy",
    run: async ({ now }) => {
      spent += 1;
      return now;
    },
  };
  const running = runDuties({ coordination, duties: [greedy], clock, left: () => 50 - spent });
  await settle();
  await clock.advance(55_000);
  expect(await running).toEqual({ ticks: 45, ended: "budget" });
  expect(place.resigned).toBe(1);
});

it("sends one request for all duties of a round", async () => {
  const database = createDatabase();
  const { coordination, time } = createInstance("ada", { database });
  const looks: Duty[] = ["a", "b", "c"].map((name) => ({
    name,
    run: async () => {
      await coordination.info();
      return Number.POSITIVE_INFINITY;
    },
  }));
  // The first sleep lasts until the end.
  const clock = { now: () => time.now, sleep: async () => void (time.now += 55_000), random: Math.random };
  const cost = await database.cost(() => runDuties({ coordination, duties: looks, clock }));
  // The shared request, the token's, and the resignation.
  expect(cost).toEqual({ requests: 3, HSETEX: 1, SET: 1, INCR: 1, GET: 6, PTTL: 3, HGETALL: 3, DELEX: 1 });
});
