import { expect, it } from "vitest";
import { type Duty, type DutyEvent, type Fence, type Led, runDuties } from "../../../src/coordination/index.ts";
import { createFakeClock, settle } from "../../support/clock.ts";
import { createDatabase } from "../../support/database.ts";
import { createInstance } from "./support.ts";

/** Leads whenever it may, and counts how often it did. */
function createPlace(mayLead: () => boolean = () => true, retryMs = 7_000) {
  const place = { led: 0 };
  const coordination = {
    async asLeader<T>(work: (fence: Fence) => Promise<T>): Promise<Led<T>> {
      if (!mayLead()) return { led: false, by: "bob", retryAt: retryMs };
      place.led += 1;
      return { led: true, value: await work({ token: place.led } as Fence) };
    },
  };
  return { place, coordination };
}

it("sleeps until the next duty is due, and ends in time", async () => {
  const clock = createFakeClock(0);
  const { place, coordination } = createPlace();
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
  expect(await running).toEqual({ rounds: 4, ended: "idle" });
  expect(calls).toEqual(["a@0", "b@0", "a@20000", "b@30000", "a@40000"]);
  expect(place).toEqual({ led: 0 });
});

it("ends at once, without leading, when there is no duty", async () => {
  const { place, coordination } = createPlace();
  expect(await runDuties({ coordination, duties: [], clock: createFakeClock(0) })).toEqual({
    rounds: 0,
    ended: "idle",
  });
  expect(place).toEqual({ led: 0 });
});

it("leads only while a duty of the leader's is due, and gives it the fence", async () => {
  const clock = createFakeClock(0);
  let mayLead = false;
  const { place, coordination } = createPlace(() => mayLead);
  const tokens: (number | undefined)[] = [];
  const duty: Duty = {
    name: "trim",
    isLeaderOnly: true,
    run: async ({ now, fence }) => {
      tokens.push(fence?.token);
      return now + 30_000;
    },
  };
  const running = runDuties({ coordination, duties: [duty], clock });
  await settle();
  await clock.advance(6_000);
  expect([tokens, place.led]).toEqual([[], 0]);
  // Another instance leads until 7 s: then it is tried again.
  mayLead = true;
  await clock.advance(49_000);
  await running;
  expect([tokens, place.led]).toEqual([[1, 2], 2]);
});

it("reports a duty that throws and tries it again later, while the others go on", async () => {
  const clock = createFakeClock(0);
  const { coordination } = createPlace();
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

it("stops a duty that is always due before the invocation's requests are used up", async () => {
  const clock = createFakeClock(0);
  const { coordination } = createPlace();
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
  expect(await running).toEqual({ rounds: 45, ended: "budget" });
});

it.each([Number.NaN, Number.NEGATIVE_INFINITY])("does not spin when a duty says that it is due at %s", async (at) => {
  const clock = createFakeClock(0);
  const { coordination } = createPlace();
  let calls = 0;
  const duty: Duty = { name: "odd", run: async () => (calls++, at) };
  const running = runDuties({ coordination, duties: [duty], clock });
  await settle();
  await clock.advance(55_000);
  await running;
  expect(calls).toBeLessThanOrEqual(55_000 / 250 + 1);
});

it("sends the first commands of all duties of a round as one request", async () => {
  const database = createDatabase();
  const { coordination, time } = createInstance("ada", { database });
  const looks: Duty[] = ["a", "b", "c"].map((name) => ({
    name,
    run: async () => {
      await coordination.info();
      return Number.POSITIVE_INFINITY;
    },
  }));
  const clock = { now: () => time.now, sleep: async (ms: number) => void (time.now += ms), random: Math.random };
  const cost = await database.cost(() => runDuties({ coordination, duties: looks, clock }));
  expect(cost).toEqual({ requests: 1, GET: 3, PTTL: 3, XREVRANGE: 3, HGETALL: 3 });
});

it("leaves a duty alone that another tick of the isolate does", async () => {
  const clock = createFakeClock(0);
  const { coordination } = createPlace();
  const end = Promise.withResolvers<number>();
  let calls = 0;
  const duty: Duty = {
    name: "slow",
    run: () => {
      calls += 1;
      return end.promise;
    },
  };
  const times = new Map();
  const ticks = [1, 2].map(() => runDuties({ coordination, duties: [duty], times, clock, forMs: 4_000 }));
  await settle();
  await clock.advance(4_000);
  expect(calls).toBe(1);
  end.resolve(100_000);
  await settle();
  await clock.advance(1_000);
  await Promise.all(ticks);
  expect([calls, times.get("slow")]).toEqual([1, 100_000]);
});

it("does no duty that is due when its time is over", async () => {
  const clock = createFakeClock(0);
  const { coordination } = createPlace();
  const calls: number[] = [];
  const duty: Duty = { name: "next", run: async ({ now }) => (calls.push(now), now + 55_000) };
  const running = runDuties({ coordination, duties: [duty], clock });
  await settle();
  await clock.advance(60_000);
  expect(await running).toEqual({ rounds: 1, ended: "idle" });
  expect(calls).toEqual([0]);
});

it("does not spin while another instance leads whose lease is about to end", async () => {
  const clock = createFakeClock(0);
  let tries = 0;
  const { coordination } = createPlace(() => (tries++, false), 0);
  const duty: Duty = { name: "trim", isLeaderOnly: true, run: async ({ now }) => now };
  const running = runDuties({ coordination, duties: [duty], clock, forMs: 10_000 });
  await settle();
  await clock.advance(10_000);
  expect((await running).ended).toBe("idle");
  expect(tries).toBe(40);
});

it.each([
  [5, 0],
  [6, 1],
])("keeps five requests back: with %i left it does %i rounds", async (left, rounds) => {
  const { coordination } = createPlace();
  const duty: Duty = { name: "once", run: async () => Number.POSITIVE_INFINITY };
  const clock = createFakeClock(0);
  const running = runDuties({ coordination, duties: [duty], clock, left: () => left });
  await settle();
  await clock.advance(250);
  expect((await running).rounds).toBe(rounds);
});

it("begins no further round once the process stops, and ends the sleep before it", async () => {
  const clock = createFakeClock(0);
  const stop = new AbortController();
  const calls: number[] = [];
  const duty: Duty = {
    name: "look",
    run: async ({ now }) => {
      calls.push(now);
      return now + 20_000;
    },
  };
  const { coordination } = createPlace();
  const running = runDuties({ coordination, duties: [duty], clock, stopping: stop.signal });
  await settle();
  await clock.advance(21_000);
  stop.abort();
  expect(await running).toEqual({ rounds: 2, ended: "idle" });
  expect(calls).toEqual([0, 20_000]);
});
