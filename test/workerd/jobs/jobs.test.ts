import { describe, expect, it } from "vitest";
import { type Job, JobRefusedError, nextOccurrence, nonceOf, RecurrenceError } from "../../../src/jobs/index.ts";
import { createJobWorld, future, past, tea } from "./support.ts";

describe("cost", () => {
  it("schedules with 3 commands, lists with 2, snoozes with 6 and cancels with 4", async () => {
    const { database, jobs } = createJobWorld();
    const keep = await database.cost(() => jobs.schedule({ ...tea, id: "a", dueAt: future() }));
    expect(keep).toEqual({ requests: 1, HSET: 1, ZADD: 2 });
    expect(await database.cost(() => jobs.list("7"))).toEqual({ requests: 2, ZRANGE: 1, HMGET: 1 });
    expect(await database.cost(() => jobs.list("8"))).toEqual({ requests: 1, ZRANGE: 1 });
    const snooze = await database.cost(() => jobs.snooze("a", "7", future()));
    expect(snooze).toEqual({ requests: 2, EVAL: 1, HGET: 2, HSET: 1, ZADD: 2 });
    const cancel = await database.cost(() => jobs.cancel("a", "7"));
    expect(cancel).toEqual({ requests: 1, EVAL: 1, ZREM: 2, HDEL: 1 });
  });

  it("looks with 1 command, claims behind the fence with 6, and settles with the next look in 1 round trip", async () => {
    const { database, jobs, runner, lead } = createJobWorld();
    const fence = await lead();
    const tick = (inMs = 0) => runner.duty.run({ now: Date.now() + inMs, fence, left: () => 50 });
    expect(await database.cost(tick)).toEqual({ requests: 1, ZRANGE: 1 });
    expect(await database.cost(tick)).toEqual({ requests: 0 });
    await jobs.schedule({ ...tea, dueAt: past() });
    expect(await database.cost(() => tick(30_000))).toEqual({ requests: 1, ZRANGE: 1 });
    const claim = await database.cost(tick);
    expect(claim).toEqual({ requests: 1, EVAL: 1, MGET: 1, TIME: 1, ZRANGE: 1, ZADD: 1, HMGET: 1 });
    const settle = await database.cost(tick);
    expect(settle).toEqual({ requests: 1, EVAL: 1, ZSCORE: 1, ZREM: 2, HDEL: 1, ZRANGE: 1 });
    expect(await database.raw("DBSIZE")).toBe(2);
  });
});

describe("a job", () => {
  it("runs a job when it is due, not before, and removes it", async () => {
    const { jobs, runner, made } = createJobWorld();
    const due = await jobs.schedule({ ...tea, dueAt: past() });
    const later = await jobs.schedule({ ...tea, data: "later", dueAt: future() });
    expect([await runner.run(), await runner.run()]).toEqual([1, 0]);
    expect(made).toEqual([`tea ${nonceOf(due)} 1`]);
    expect([await jobs.get(due.id), await jobs.get(later.id)]).toEqual([undefined, later]);
    expect((await jobs.list("7")).map(({ id }) => id)).toEqual([later.id]);
  });

  it("lets one of several runners claim a job", async () => {
    const { database, jobs, ...ada } = createJobWorld();
    const bob = createJobWorld({ database });
    for (let index = 0; index < 30; index++) await jobs.schedule({ ...tea, id: `${index}`, dueAt: past() });
    for (let round = 0; round < 3; round++) await Promise.all([ada.runner.run(), bob.runner.run()]);
    const all = [...ada.made, ...bob.made];
    expect([all.length, new Set(all).size]).toEqual([30, 30]);
  });

  it("gives each due time another nonce, short enough for Discord", () => {
    const [first, moved, other] = [
      nonceOf({ id: "1300000000000000001", dueAt: 1_800_000_000_000 }),
      nonceOf({ id: "1300000000000000001", dueAt: 1_800_000_000_001 }),
      nonceOf({ id: "1300000000000000002", dueAt: 1_800_000_000_000 }),
    ];
    expect(new Set([first, moved, other]).size).toBe(3);
    expect(first?.length).toBeLessThanOrEqual(25);
  });

  it("lets only its owner snooze or cancel a job", async () => {
    const { jobs } = createJobWorld();
    const job = await jobs.schedule({ ...tea, dueAt: future() });
    expect([await jobs.cancel(job.id, "8"), await jobs.snooze(job.id, "8", future())]).toEqual([false, undefined]);
    expect(await jobs.list("7")).toEqual([job]);
    expect([await jobs.cancel(job.id, "7"), await jobs.cancel(job.id, "7")]).toEqual([true, false]);
    expect(await jobs.list("7")).toEqual([]);
  });

  it("does not run a job before the time in its record, whatever the sorted set says", async () => {
    const { database, jobs, runner, made } = createJobWorld();
    const job = await jobs.schedule({ ...tea, dueAt: future() });
    await database.raw("ZADD", "t:j:due", past(), job.id);
    await runner.run();
    expect([made, Number(await database.raw("ZSCORE", "t:j:due", job.id))]).toEqual([[], job.dueAt]);
  });

  it("runs a job again at its new time when it is snoozed while it runs", async () => {
    const { database, jobs, ...world } = createJobWorld({
      handlers: { tea: async ({ id }) => void (await jobs.snooze(id, "7", future())) },
    });
    const job = await jobs.schedule({ ...tea, dueAt: past() });
    await world.runner.run();
    expect(world.events.map(({ type }) => type)).toEqual(["done", "claim-lost"]);
    expect((await jobs.get(job.id))?.dueAt).toBeGreaterThan(Date.now());
    expect(await database.raw("ZSCORE", "t:j:due", job.id)).not.toBeNull();
  });

  it("does not retry a job that is cancelled while it runs", async () => {
    const { jobs, runner } = createJobWorld({
      handlers: {
        tea: async ({ id }) => {
          await jobs.cancel(id, "7");
          throw new Error("try me again");
        },
      },
    });
    const job = await jobs.schedule({ ...tea, dueAt: past() });
    await runner.run();
    expect([await jobs.get(job.id), await jobs.list("7")]).toEqual([undefined, []]);
  });
});

describe("a job that fails", () => {
  it("retries a job that fails, later each time and under the same nonce, and gives it up with the reason", async () => {
    const tries: string[] = [];
    const { database, jobs, runner, events } = createJobWorld({
      maxAttempts: 3,
      handlers: {
        tea: async (_job, { nonce, attempt }) => {
          tries.push(`${nonce} ${attempt}`);
          throw new Error("no water");
        },
      },
    });
    const job = await jobs.schedule({ ...tea, dueAt: past() });
    const waits: number[] = [];
    for (let round = 0; round < 3; round++) {
      await runner.run();
      const event = events.at(-1);
      if (event?.type !== "retry") break;
      waits.push(Math.round((event.at - Date.now()) / 1_000));
      await database.raw("ZADD", "t:j:due", past(), job.id);
    }
    expect(waits).toEqual([5, 10]);
    expect(tries).toEqual([1, 2, 3].map((attempt) => `${nonceOf(job)} ${attempt}`));
    expect(await jobs.dead()).toMatchObject([{ reason: "no water", job: { id: job.id } }]);
    expect(await jobs.list("7")).toEqual([]);
  });

  it("gives a refused job up at once, lists it and revives it", async () => {
    let isBroken = true;
    const { database, jobs, runner, made } = createJobWorld({
      handlers: {
        tea: async () => {
          if (isBroken) throw new JobRefusedError("the channel is gone");
          made.push("done");
        },
      },
    });
    const job = await jobs.schedule({ ...tea, dueAt: past() });
    await runner.run();
    expect((await jobs.dead()).map(({ reason }) => reason)).toEqual(["the channel is gone"]);
    const [left] = (await database.raw("HPTTL", "t:j:dead", "FIELDS", 1, job.id)) as number[];
    expect(left).toBeGreaterThan(29 * 86_400_000);
    isBroken = false;
    const cost = await database.cost(() => jobs.revive(job.id));
    expect(cost).toEqual({ requests: 2, HGET: 1, HSET: 1, ZADD: 2, HDEL: 1 });
    await runner.run();
    expect([made, await jobs.dead(), await jobs.revive(job.id)]).toEqual([["done"], [], undefined]);
  });

  it("retries a job without a handler, so that another version can handle it", async () => {
    const { jobs, runner, events } = createJobWorld({ handlers: {} });
    await jobs.schedule({ ...tea, dueAt: past() });
    await runner.run();
    expect(events).toMatchObject([{ type: "retry", error: new Error('no handler for "tea"') }]);
  });

  it("gives up a job whose isolate dies each time", async () => {
    const { database, jobs, runner, made } = createJobWorld({ maxAttempts: 3, claimMs: 1 });
    const job = await jobs.schedule({ ...tea, dueAt: past() });
    // Claims it, and never settles it.
    const isolate = createJobWorld({
      database,
      claimMs: 1,
      maxAttempts: 100,
      handlers: { tea: () => new Promise(() => {}) },
    });
    // The server's clock must pass the end of each claim.
    const claims = async () => {
      void isolate.runner.run();
      return Math.round((Number(await database.raw("ZSCORE", "t:j:due", job.id)) % 1) * 1024);
    };
    await expect.poll(claims).toBeGreaterThanOrEqual(3);
    await runner.run();
    expect(made).toEqual([]);
    expect(await jobs.dead()).toMatchObject([{ reason: "3 tries began, but did not end" }]);
  });

  it("stores a job when the request or its reply is lost", async () => {
    const { database, jobs } = createJobWorld();
    for (const at of ["after", "before"] as const) {
      await database.break({ at, do: "drop", times: 1, match: "HSET" });
      const job = await jobs.schedule({ ...tea, id: at, dueAt: future() });
      expect(await jobs.get(at)).toEqual(job);
    }
  });

  it("claims nothing for a leader that was superseded", async () => {
    const { database, jobs, runner, lead, made } = createJobWorld();
    const fence = await lead();
    await jobs.schedule({ ...tea, dueAt: past() });
    await runner.duty.run({ now: Date.now(), fence, left: () => 50 });
    await database.raw("DEL", "t:l:main");
    await lead("bob");
    await runner.duty.run({ now: Date.now(), fence, left: () => 50 });
    expect(made).toEqual([]);
    expect(await database.raw("ZRANGE", "t:j:due", 0, -1)).toHaveLength(1);
  });
});

describe("a recurring job", () => {
  const daily = { cron: "0 9 * * *", zone: "Europe/Berlin" };
  const at = (text: string) => Date.parse(text);
  const iso = (ms: number) => new Date(ms).toISOString();

  it("finds the next occurrence by the clocks of its time zone, in summer and winter", () => {
    expect(iso(nextOccurrence(daily, at("2026-03-28T09:00:00Z")))).toBe("2026-03-29T07:00:00.000Z");
    expect(iso(nextOccurrence(daily, at("2026-10-25T00:00:00Z")))).toBe("2026-10-25T08:00:00.000Z");
    expect(iso(nextOccurrence({ cron: "*/30 * * * * *", zone: "UTC" }, at("2026-01-01T00:00:01Z")))).toBe(
      "2026-01-01T00:00:30.000Z",
    );
  });

  it("occurs once when the clocks skip its time, and once when they show it twice", () => {
    const nightly = { cron: "30 2 * * *", zone: "Europe/Berlin" };
    const times: string[] = [];
    for (const night of ["2026-03-28T12:00:00Z", "2026-10-24T12:00:00Z"]) {
      let next = at(night);
      for (let count = 0; count < 2; count++) times.push(iso((next = nextOccurrence(nightly, next))));
    }
    expect(times.map((time) => time.slice(0, 10))).toEqual(["2026-03-29", "2026-03-30", "2026-10-25", "2026-10-26"]);
  });

  it.each([
    [{ cron: "61 * * * *", zone: "UTC" }],
    [{ cron: "0 9 * * *", zone: "Europe/Atlantis" }],
    [{ cron: "0 0 31 2 *", zone: "UTC" }],
  ])("refuses to schedule %j", async (every) => {
    const { jobs } = createJobWorld();
    await expect(jobs.schedule({ ...tea, every })).rejects.toThrow(RecurrenceError);
  });

  it("makes a recurring job due after now, without the occurrences it missed, under another nonce", async () => {
    const { jobs, runner, made } = createJobWorld();
    const every = { cron: "*/10 * * * *", zone: "UTC" };
    const job = await jobs.schedule({ ...tea, every, dueAt: Date.now() - 86_400_000 });
    await runner.run();
    const next = (await jobs.get(job.id)) as Job;
    expect(next.dueAt).toBeGreaterThan(Date.now());
    expect(next.dueAt).toBeLessThanOrEqual(Date.now() + 600_000);
    expect([made.length, await runner.run(), nonceOf(next) === nonceOf(job)]).toEqual([1, 0, false]);
    expect(await jobs.list("7")).toEqual([next]);
  });
});
