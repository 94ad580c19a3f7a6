import { describe, expect, it } from "vitest";
import { createJobRunner, createJobsState, JobPutOffError, JobTimeError } from "../../../src/jobs/index.ts";
import { noteServerTime } from "../../../src/jobs/state.ts";
import { type Budget, systemClock } from "../../../src/platform/index.ts";
import { createFakeClock, settle } from "../../support/clock.ts";
import { createJobWorld, future, past, tea } from "./support.ts";

const second = 1_000;

/** A budget that counts what jobs report to have sent. */
function createTestBudget(limit: number): Budget & { spend(requests: number): void } {
  let [spent, held] = [0, 0];
  return {
    left: () => Math.max(0, limit - spent - held),
    held: () => held,
    hold(requests) {
      held += requests;
      return () => void (held -= requests);
    },
    spend: (requests) => void (spent += requests),
  };
}

describe("the requests of an invocation", () => {
  it("bound how many jobs are run, in the order of their times, and charge those that wait no try", async () => {
    const budget = createTestBudget(20);
    const ran: string[] = [];
    const { database, jobs, run } = createJobWorld({
      budget,
      handlers: {
        async tea({ id }) {
          ran.push(id);
          budget.spend(2);
        },
      },
    });
    const ids = Array.from({ length: 12 }, (_, index) => `job-${String(index).padStart(2, "0")}`);
    for (const [index, id] of ids.entries()) await jobs.schedule({ ...tea, id, dueAt: past() - 100 + index });
    await run();
    expect(ran.length).toBeGreaterThanOrEqual(4);
    expect(ran).toEqual(ids.slice(0, ran.length));
    for (const id of ids.slice(ran.length)) {
      const job = await jobs.get(id);
      expect([job?.attempts, await database.raw("ZSCORE", "t:j:due", id)]).toEqual([0, String(job?.dueAt)]);
    }
    expect(budget.left()).toBeGreaterThanOrEqual(5);
    expect(budget.held()).toBe(0);
  });

  it("are waited for while other work holds them, three for a job", async () => {
    const budget = createTestBudget(20);
    const made: number[] = [];
    const { jobs, runner } = createJobWorld({ budget, handlers: { tea: async () => void made.push(budget.held()) } });
    await jobs.schedule({ ...tea, dueAt: past() });
    const endHold = budget.hold(18);
    const watching = runner.watch({ dueAt: 0, until: Date.now() + 10 * second });
    await systemClock.sleep(50);
    expect(made).toEqual([]);
    endHold();
    await watching;
    expect(made).toEqual([3]);
  });

  it("leave jobs to an older tick of the isolate when a younger one has used its own up", async () => {
    const shared = { state: createJobsState() };
    const older = createJobWorld(shared);
    const budget = createTestBudget(12);
    const younger = createJobWorld({
      ...shared,
      database: older.database,
      budget,
      handlers: { tea: async () => budget.spend(3) },
    });
    for (let index = 0; index < 3; index++) await older.jobs.schedule({ ...tea, dueAt: past() });
    const now = Date.now();
    const until = now + 5 * second;
    await Promise.all([
      older.runner.watch({ looks: [now + 200], until }),
      younger.runner.watch({ looks: [now], until }),
    ]);
    expect(younger.events.map(({ type }) => type)).toContain("done");
    expect(older.made.length).toBe(3 - younger.events.length);
    expect(await older.jobs.list("7")).toEqual([]);
  });

  it("are shared by jobs and a wake-up that are due at once", async () => {
    const budget = createTestBudget(50);
    const done = { jobs: 0, wakes: 0 };
    const { database, jobs, run } = createJobWorld({
      budget,
      handlers: {
        async tea() {
          done.jobs += 1;
          budget.spend(2);
          await systemClock.sleep(5);
        },
      },
      wakes: {
        // Each message costs a request.
        async feeds() {
          while (budget.left() > 8) {
            budget.spend(1);
            done.wakes += 1;
            await systemClock.sleep(5);
          }
          return Date.now();
        },
      },
    });
    for (let index = 0; index < 30; index++) await jobs.schedule({ ...tea, dueAt: past() });
    const wakeAt = past() - second;
    await jobs.wake("feeds", wakeAt);
    await run();
    expect(done.jobs).toBeGreaterThan(5);
    expect(done.wakes).toBeGreaterThan(5);
    // It keeps its place.
    expect(await database.raw("ZSCORE", "t:j:due", "~feeds")).toBe(String(wakeAt));
  });
});

describe("jobs side by side", () => {
  it.each([
    [50, 2],
    [51, 3],
  ])("are run to the last of %i, 25 in each of %i claims, six at a time", async (count, claims) => {
    let [running, most] = [0, 0];
    const ran = new Set<string>();
    const { database, jobs, run } = createJobWorld({
      handlers: {
        async tea({ id }) {
          most = Math.max(most, (running += 1));
          ran.add(id);
          await systemClock.sleep(1);
          running -= 1;
        },
      },
    });
    await Promise.all(
      Array.from({ length: count }, (_, index) => jobs.schedule({ ...tea, id: `${index}`, dueAt: past() })),
    );
    const { HMGET } = await database.cost(run);
    expect([ran.size, most, HMGET, await database.raw("DBSIZE")]).toEqual([count, 6, claims, 0]);
  });

  it("hold their claims for 20 s", async () => {
    const { database, jobs, run } = createJobWorld({
      handlers: {
        async tea({ id }) {
          const left = Number(await database.raw("ZSCORE", "t:j:due", id)) - (await database.serverTime());
          expect(left).toBeLessThanOrEqual(20_001);
          expect(left).toBeGreaterThan(17_000);
        },
      },
    });
    await jobs.schedule({ ...tea, dueAt: past() });
    await run();
    expect(await jobs.list("7")).toEqual([]);
  });

  it("runs a job on time that is due while another takes long", async () => {
    const ran: string[] = [];
    const quick = Promise.withResolvers<void>();
    const until = Date.now() + 60 * second;
    const { jobs, runner } = createJobWorld({
      handlers: {
        async tea({ data }) {
          ran.push(`${String(data)} begins`);
          if (data === "slow") {
            const { dueAt } = await jobs.schedule({ ...tea, data: "quick", dueAt: Date.now() + 20 });
            void runner.watch({ dueAt, until });
            await quick.promise;
          }
          ran.push(`${String(data)} ends`);
          if (data === "quick") quick.resolve();
        },
      },
    });
    await jobs.schedule({ ...tea, data: "slow", dueAt: past() });
    await runner.watch({ dueAt: 0, until });
    expect(ran).toEqual(["slow begins", "quick begins", "quick ends", "slow ends"]);
    expect(await jobs.list("7")).toEqual([]);
  });

  it("gives jobs back whose turn comes late in their claim, and charges them no try", async () => {
    const attempts: number[] = [];
    let aheadMs = 0;
    const { jobs, runner } = createJobWorld({
      width: 1,
      clock: { ...systemClock, now: () => Date.now() + aheadMs },
      handlers: {
        async tea(_job, { attempt }) {
          attempts.push(attempt);
          // More than half of the claim, by the clock of the invocation.
          aheadMs += 10_001;
        },
      },
    });
    for (const id of ["a", "b", "c"]) await jobs.schedule({ ...tea, id, dueAt: past() });
    await runner.watch({ dueAt: 0, until: Date.now() + 100 * second });
    expect(attempts).toEqual([1, 1, 1]);
    expect(await jobs.list("7")).toEqual([]);
  });

  it("watches once for all jobs that are scheduled in one invocation", async () => {
    const { database, jobs, runner, made } = createJobWorld();
    const dueAts = Array.from({ length: 20 }, (_, index) => Date.now() + 100 + index);
    for (const dueAt of dueAts) await jobs.schedule({ ...tea, dueAt });
    const cost = await database.cost(() =>
      Promise.all(dueAts.map((dueAt) => runner.watch({ dueAt, until: Date.now() + 60 * second }))),
    );
    expect(made).toHaveLength(20);
    expect(cost["requests"]).toBeLessThan(30);
  });
});

it("looks again after a failure in a second and by chance up to a half more, twice as long each time, eight at most", async () => {
  const clock = createFakeClock();
  const startedAt = clock.now();
  const failedAt: number[] = [];
  const chances = [0, 1, 0.5, 0, 0, 0];
  const runner = createJobRunner({
    state: createJobsState(),
    redis: () => ({ exec: fail, eval: fail }) as never,
    prefix: "t:",
    handlers: {},
    clock: { ...clock, random: () => chances[failedAt.length - 1] ?? 0 },
    report: ({ type }) => expect(type).toBe("failed"),
  });
  function fail() {
    failedAt.push(clock.now() - startedAt);
    return Promise.reject(new Error("Redis is away"));
  }
  const watching = runner.watch({ looks: [startedAt], until: startedAt + 40_000 });
  await settle();
  await clock.advance(60_000);
  await watching;
  expect(failedAt).toEqual([0, 1_000, 4_000, 9_000, 17_000, 25_000, 33_000]);
});

describe("a lost reply", () => {
  it("settles a job again, and does not run it again, when the reply to settling is lost", async () => {
    for (const at of ["before", "after"] as const) {
      const { database, jobs, run, made, events } = createJobWorld();
      await jobs.schedule({ ...tea, dueAt: past() });
      await database.break({ at, do: "drop", times: 1, match: "EVAL", skip: 1 });
      await run();
      expect(await database.raw("DBSIZE")).toBe(0);
      expect([made.length, events.map(({ type }) => type)]).toEqual([1, ["done"]]);
    }
  });

  it("runs jobs when their claim ends, after the reply to the claim was lost", async () => {
    const { database, jobs, runner, made } = createJobWorld({ claimMs: 500, retryMs: 50 });
    await jobs.schedule({ ...tea, dueAt: past() });
    await database.break({ at: "after", do: "drop", times: 1, match: "EVAL" });
    await runner.watch({ dueAt: Date.now(), until: Date.now() + 60 * second });
    expect(made).toHaveLength(1);
  });
});

describe("a time that is none", () => {
  const times = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 1.5, 8.64e15 + 1];

  it.each(times)("refuses %d when a job is scheduled, put off or woken", async (dueAt) => {
    const { database, jobs } = createJobWorld();
    const { id } = await jobs.schedule({ ...tea, dueAt: future() });
    const cost = await database.cost(async () => {
      await expect(jobs.schedule({ ...tea, dueAt })).rejects.toThrow(JobTimeError);
      await expect(jobs.snooze(id, "7", dueAt)).rejects.toThrow(JobTimeError);
      await expect(jobs.wake("feeds", dueAt)).rejects.toThrow(JobTimeError);
    });
    expect(cost).toEqual({ requests: 0 });
  });

  it.each(times)("of %d that a handler puts a job off to, or a wake-up returns, is an ordinary failure", async (at) => {
    const { database, jobs, run, events } = createJobWorld({
      handlers: { tea: () => Promise.reject(new JobPutOffError("later", at)) },
      wakes: { feeds: async () => at },
    });
    const { id } = await jobs.schedule({ ...tea, dueAt: past() });
    await jobs.wake("feeds", past());
    const before = Date.now();
    await run();
    const after = Date.now();
    expect(events.map(({ type }) => type).toSorted()).toEqual(["retry", "wake-failed"]);
    expect((await jobs.get(id))?.attempts).toBe(1);
    for (const member of [id, "~feeds"]) {
      const score = Number(await database.raw("ZSCORE", "t:j:due", member));
      expect(score).toBeGreaterThanOrEqual(before + 5 * second);
      expect(score).toBeLessThanOrEqual(after + 5 * second + 2);
    }
  });

  it("lets a job wait a second that is put off to a time that has passed, and charges no try", async () => {
    const { jobs, run, database } = createJobWorld({
      handlers: { tea: () => Promise.reject(new JobPutOffError("later", 0)) },
    });
    const { id } = await jobs.schedule({ ...tea, dueAt: past() });
    const before = Date.now();
    await run();
    const after = Date.now();
    expect((await jobs.get(id))?.attempts).toBe(0);
    const score = Number(await database.raw("ZSCORE", "t:j:due", id));
    expect(score).toBeGreaterThanOrEqual(before + second);
    expect(score).toBeLessThanOrEqual(after + second);
  });
});

describe("the difference of the clocks", () => {
  it("is kept while replies agree with it, and corrected as far as they do not", () => {
    const state = createJobsState();
    const told: number[] = [];
    for (const [sentAt, receivedAt, serverNow] of [
      [1_000, 1_040, 1_020],
      [2_000, 3_400, 2_700],
      [3_000, 3_040, 3_520],
      [4_000, 5_500, 4_600],
      [6_000, 6_040, 5_520],
    ] as const) {
      noteServerTime(state, sentAt, receivedAt, serverNow);
      told.push(state.aheadMs);
    }
    expect(told).toEqual([0, 0, 480, 480, -480]);
  });
});

it("tells by the server's clock how late a job was, whatever the own one shows", async () => {
  const { jobs, runner, events } = createJobWorld({
    clock: { ...systemClock, random: () => 0, now: () => Date.now() - 3_600 * second },
  });
  await jobs.schedule({ ...tea, dueAt: past() });
  const before = Date.now();
  await runner.watch({ dueAt: 0, until: Date.now() });
  const [event] = events;
  if (event?.type !== "done") throw new Error("It was not done.");
  expect(event.lateMs).toBeGreaterThanOrEqual(second);
  expect(event.lateMs).toBeLessThanOrEqual(second + Date.now() - before + second);
});

describe("a process that stops", () => {
  it("claims nothing more, and settles what runs", async () => {
    const stop = new AbortController();
    const brewing = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const { jobs, runner, database } = createJobWorld({
      stopping: stop.signal,
      batch: 1,
      handlers: {
        async tea() {
          begun.resolve();
          await brewing.promise;
        },
      },
    });
    await jobs.schedule({ ...tea, dueAt: past() });
    const now = Date.now();
    const watching = runner.watch({ looks: [now, now + 30_000], dueAt: 0, until: now + 60_000 });
    await begun.promise;
    const { id } = await jobs.schedule({ ...tea, dueAt: past() });
    stop.abort();
    brewing.resolve();
    await watching;
    expect(await database.raw("HKEYS", "t:j:jobs")).toEqual([id]);
  });

  it("ends the sleep before a look, and does not begin to watch", async () => {
    const stop = new AbortController();
    const { runner, database } = createJobWorld({ stopping: stop.signal });
    const later = Date.now() + 60_000;
    const watching = runner.watch({ looks: [later], until: later });
    stop.abort();
    await watching;
    const cost = await database.cost(() => runner.watch({ looks: [Date.now()], dueAt: 0, until: later }));
    expect(cost).toEqual({ requests: 0 });
  });
});
