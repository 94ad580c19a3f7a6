import { describe, expect, it } from "vitest";
import {
  type Job,
  JobLimitError,
  JobRefusedError,
  JobTakenError,
  nextOccurrence,
  nonceOf,
  RecurrenceError,
} from "../../../src/jobs/index.ts";
import { systemClock } from "../../../src/platform/index.ts";
import { createJobWorld, future, past, tea } from "./support.ts";

describe("a job", () => {
  it("is run when it is due, not before, and then is gone", async () => {
    const { jobs, run, made } = createJobWorld();
    const due = await jobs.schedule({ ...tea, dueAt: past() });
    const later = await jobs.schedule({ ...tea, data: "later", dueAt: future() });
    await run();
    await run();
    expect(made).toEqual([`tea ${nonceOf(due)} 1`]);
    expect([await jobs.get(due.id), await jobs.get(later.id)]).toEqual([undefined, later]);
    expect((await jobs.list("7")).map(({ id }) => id)).toEqual([later.id]);
  });

  it("is taken by one of several who look at once", async () => {
    const { database, jobs, ...ada } = createJobWorld();
    const bob = createJobWorld({ database });
    for (let index = 0; index < 30; index++) await jobs.schedule({ ...tea, id: `${index}`, dueAt: past() });
    await Promise.all([ada.run(), bob.run()]);
    const all = [...ada.made, ...bob.made];
    expect([all.length, new Set(all).size]).toEqual([30, 30]);
  });

  it("has another nonce for each due time, short enough for Discord", () => {
    const [first, moved, other] = [
      nonceOf({ id: "1300000000000000001", dueAt: 1_800_000_000_000 }),
      nonceOf({ id: "1300000000000000001", dueAt: 1_800_000_000_001 }),
      nonceOf({ id: "1300000000000000002", dueAt: 1_800_000_000_000 }),
    ];
    expect(new Set([first, moved, other]).size).toBe(3);
    expect(first?.length).toBeLessThanOrEqual(25);
  });

  it("is its owner's alone to put off or cancel", async () => {
    const { jobs } = createJobWorld();
    const job = await jobs.schedule({ ...tea, dueAt: future() });
    expect([await jobs.cancel(job.id, "8"), await jobs.snooze(job.id, "8", future())]).toEqual([false, undefined]);
    expect(await jobs.list("7")).toEqual([job]);
    expect([await jobs.cancel(job.id, "7"), await jobs.cancel(job.id, "7")]).toEqual([true, false]);
    expect(await jobs.list("7")).toEqual([]);
  });

  it("is not replaced, moved or ended by another owner who asks for its id", async () => {
    const { database, jobs } = createJobWorld();
    const job = await jobs.schedule({ ...tea, id: "x", dueAt: future() });
    const theirs = { ...tea, owner: "8", id: "x", dueAt: future() };
    const cost = await database.cost(async () => expect(jobs.schedule(theirs)).rejects.toThrow(JobTakenError));
    expect(cost).toEqual({ requests: 1, EVAL: 1, HGET: 1, ZSCORE: 1 });
    expect([await jobs.cancel("x", "8"), await jobs.snooze("x", "8", future())]).toEqual([false, undefined]);
    expect([await jobs.get("x"), await jobs.list("7"), await jobs.list("8")]).toEqual([job, [job], []]);
    expect(Number(await database.raw("ZSCORE", "t:j:due", "x"))).toBe(job.dueAt);
  });

  it("is forgotten with all others of its owner, those given up as well, and with none of another owner", async () => {
    const { database, jobs } = createJobWorld();
    await jobs.schedule({ ...tea, id: "other", owner: "8", dueAt: future() });
    // More than a script may pass to one command.
    const ids = Array.from({ length: 9_000 }, (_, index) => `a${index}`);
    for (const key of ["t:j:due", "t:j:of:7"]) await database.raw("ZADD", key, ...ids.flatMap((id) => [future(), id]));
    for (const key of ["t:j:jobs", "t:j:dead:7"]) await database.raw("HSET", key, ...ids.flatMap((id) => [id, "x"]));
    await database.raw("ZADD", "t:j:dead", ...ids.flatMap((id) => [1, `7\n${id}`]), 1, "8\nother");
    await jobs.forget("7");
    expect(await database.raw("ZRANGE", "t:j:dead", 0, -1)).toEqual(["8\nother"]);
    expect(await jobs.list("7")).toEqual([]);
    expect(await jobs.dead("7")).toEqual([]);
    expect(await database.raw("ZRANGE", "t:j:due", 0, -1)).toEqual(["other"]);
    expect(await database.raw("HKEYS", "t:j:jobs")).toEqual(["other"]);
    expect(await jobs.list("8")).toHaveLength(1);
    expect(await database.cost(() => jobs.forget("7"))).toEqual({
      requests: 1,
      EVAL: 1,
      ZRANGE: 1,
      HKEYS: 1,
      UNLINK: 1,
    });
    await jobs.schedule({ ...tea, id: "last", dueAt: future() });
    const cost = await database.cost(() => jobs.forget("7"));
    expect(cost).toEqual({ requests: 1, EVAL: 1, ZRANGE: 1, ZREM: 1, HDEL: 1, HKEYS: 1, UNLINK: 1 });
  });

  it("is replaced by its owner, who asks twice", async () => {
    const { jobs } = createJobWorld();
    await jobs.schedule({ ...tea, id: "x", dueAt: future() });
    const again = await jobs.schedule({ ...tea, id: "x", data: "more tea", dueAt: future() + 1 });
    expect([await jobs.get("x"), await jobs.list("7")]).toEqual([again, [again]]);
  });

  it("does not come back, once given up, over another owner's job of its id", async () => {
    const refuse = () => Promise.reject(new JobRefusedError("no"));
    const { jobs, run } = createJobWorld({ handlers: { tea: refuse } });
    await jobs.schedule({ ...tea, id: "x", dueAt: past() });
    await run();
    const theirs = await jobs.schedule({ ...tea, owner: "8", id: "x", dueAt: future() });
    await expect(jobs.revive("x", "7")).rejects.toThrow(JobTakenError);
    expect([await jobs.get("x"), (await jobs.dead("7")).length]).toEqual([theirs, 1]);
  });

  it("is refused under an id that would stand for a wake-up", async () => {
    const { database, jobs } = createJobWorld();
    await expect(jobs.schedule({ ...tea, id: "~feeds", dueAt: future() })).rejects.toThrow('begin with "~"');
    expect(await database.raw("DBSIZE")).toBe(0);
  });

  it("is refused when it is one more than its owner may have, however many are asked for at once", async () => {
    const { database, jobs } = createJobWorld();
    const asked = Array.from({ length: 60 }, (_, index) =>
      jobs.schedule({ ...tea, id: `tea:${index}`, dueAt: future(), most: 25 }),
    );
    const refused = (await Promise.allSettled(asked)).filter(({ status }) => status === "rejected");
    expect(refused.map((one) => (one as PromiseRejectedResult).reason as unknown)).toEqual(
      Array.from({ length: 35 }, () => expect.any(JobLimitError)),
    );
    expect(refused[0]).toMatchObject({ reason: { most: 25 } });
    expect(await jobs.list("7", 100)).toHaveLength(25);
    expect(await database.raw("HLEN", "t:j:jobs")).toBe(25);
    // One that its owner has already is replaced, and another owner's count is another.
    await jobs.schedule({ ...tea, id: "tea:0", data: "more", dueAt: future(), most: 25 });
    await jobs.schedule({ ...tea, owner: "8", dueAt: future(), most: 1 });
    await expect(jobs.schedule({ ...tea, owner: "8", dueAt: future(), most: 1 })).rejects.toThrow(JobLimitError);
  });

  it.each([
    [9, 10, true],
    [10, 9, false],
  ])("is counted by numbers: of %i, where %i are allowed, one more is kept: %s", async (count, most, isKept) => {
    const { jobs } = createJobWorld();
    await Promise.all(Array.from({ length: count }, () => jobs.schedule({ ...tea, dueAt: future() })));
    const one = jobs.schedule({ ...tea, dueAt: future(), most });
    if (isKept) await one;
    else await expect(one).rejects.toThrow(JobLimitError);
    expect(await jobs.list("7", 100)).toHaveLength(count + Number(isKept));
  });

  it("is one of 25 that are listed, the next due first, or of as many as are asked for", async () => {
    const { jobs } = createJobWorld();
    const at = future();
    await Promise.all(
      Array.from({ length: 30 }, (_, index) => jobs.schedule({ ...tea, data: index, dueAt: at - index })),
    );
    expect((await jobs.list("7")).map(({ data }) => data)).toEqual(
      Array.from({ length: 25 }, (_, index) => 29 - index),
    );
    expect((await jobs.list("7", 3)).map(({ data }) => data)).toEqual([29, 28, 27]);
  });

  it("that was set aside without knowing its owner is forgotten when they are listed", async () => {
    const { database, jobs } = createJobWorld();
    const { id } = await jobs.schedule({ ...tea, dueAt: future() });
    await database.raw("ZADD", "t:j:of:7", 1, "gone");
    const listed = async () => (await jobs.list("7")).map((job) => job.id);
    await database.break({ at: "before", do: "drop", match: "ZREM" });
    expect(await listed()).toEqual([id]);
    await database.break({ at: "before", do: "stall", ms: 30, match: "ZREM" });
    expect(await listed()).toEqual([id]);
    expect(await database.raw("ZRANGE", "t:j:of:7", 0, -1)).toEqual([id]);
  });

  it("has all its tries before it again when it is revived", async () => {
    const { database, jobs, run } = createJobWorld({
      maxAttempts: 2,
      handlers: { tea: () => Promise.reject(new Error("no")) },
    });
    const { id } = await jobs.schedule({ ...tea, dueAt: past() });
    await run();
    await database.raw("ZADD", "t:j:due", past(), id);
    await run();
    expect((await jobs.dead("7")).map(({ job }) => job.attempts)).toEqual([1]);
    await jobs.revive(id, "7");
    expect((await jobs.get(id))?.attempts).toBe(0);
  });

  it("tells when it was put in, put off or revived, so that it can be run on time, and not when that failed", async () => {
    const told: [string, number][] = [];
    const { database, jobs, run } = createJobWorld({
      onScheduled: ({ id, dueAt }) => void told.push([id, dueAt]),
      handlers: { tea: () => Promise.reject(new JobRefusedError("no")) },
    });
    const [due, later] = [past(), future()];
    await jobs.schedule({ ...tea, id: "a", dueAt: due });
    await jobs.snooze("a", "8", later);
    await jobs.snooze("a", "7", due + 1);
    await run();
    expect(told).toEqual([
      ["a", due],
      ["a", due + 1],
    ]);
    const before = Date.now();
    await jobs.revive("a", "7");
    expect(told[2]?.[1]).toBeGreaterThanOrEqual(before);
    await database.break({ at: "before", do: "drop" });
    await expect(jobs.schedule({ ...tea, id: "b", dueAt: later })).rejects.toThrow();
    await database.mend();
    expect(told).toHaveLength(3);
  });

  it("begins anew when it is put off: its tries are not counted any longer", async () => {
    const { jobs, run } = createJobWorld({ handlers: { tea: () => Promise.reject(new Error("no")) } });
    const { id } = await jobs.schedule({ ...tea, dueAt: past() });
    await run();
    expect((await jobs.get(id))?.attempts).toBe(1);
    expect(await jobs.snooze(id, "7", future())).toMatchObject({ attempts: 0 });
    expect((await jobs.get(id))?.attempts).toBe(0);
  });

  it("keeps a job put off when the reply is lost, and reports the loss when the request never arrived", async () => {
    const { database, jobs } = createJobWorld();
    const at = future();
    const { id } = await jobs.schedule({ ...tea, dueAt: at });
    await database.break({ at: "after", do: "drop", times: 1, match: "EVAL" });
    expect((await jobs.snooze(id, "7", at + 1))?.dueAt).toBe(at + 1);
    await database.break({ at: "before", do: "drop", times: 1, match: "EVAL" });
    await expect(jobs.snooze(id, "7", at + 2)).rejects.toMatchObject({ code: "E_REDIS_UNKNOWN_OUTCOME" });
    expect((await jobs.get(id))?.dueAt).toBe(at + 1);
  });

  it("does not keep a job a second time that was due before its lost reply was found out", async () => {
    const now = 1_800_000_000_000;
    const { database, jobs } = createJobWorld({ clock: { ...systemClock, now: () => now } });
    const lost = { at: "before", do: "drop", times: 1, match: "HSET" } as const;
    await database.break(lost);
    await expect(jobs.schedule({ ...tea, dueAt: now })).rejects.toMatchObject({ code: "E_REDIS_UNKNOWN_OUTCOME" });
    expect(await database.raw("DBSIZE")).toBe(0);
    await database.break(lost);
    const kept = await jobs.schedule({ ...tea, dueAt: now + 1 });
    expect(await jobs.list("7")).toEqual([kept]);
  });

  it("is cancelled and forgotten when the reply to it is lost", async () => {
    const { database, jobs } = createJobWorld();
    const { id } = await jobs.schedule({ ...tea, dueAt: future() });
    await database.break({ at: "after", do: "drop", times: 1 });
    expect(await jobs.cancel(id, "7")).toBe(true);
    await jobs.schedule({ ...tea, dueAt: future() });
    await database.break({ at: "before", do: "drop", times: 1 });
    await jobs.forget("7");
    expect(await database.raw("DBSIZE")).toBe(0);
  });

  it("lists jobs that were given up the last first, and revives them within the owner's limit", async () => {
    const { database, jobs, run } = createJobWorld({
      handlers: { tea: () => Promise.reject(new JobRefusedError("no")) },
    });
    for (const id of ["a", "b"]) {
      await jobs.schedule({ ...tea, id, dueAt: past() });
      await run();
      const record = JSON.parse(String(await database.raw("HGET", "t:j:dead:7", id))) as unknown[];
      await database.raw("HSET", "t:j:dead:7", id, JSON.stringify(record.with(0, id === "a" ? 9 : 10)));
    }
    expect((await jobs.dead("7")).map(({ job }) => job.id)).toEqual(["b", "a"]);
    await jobs.schedule({ ...tea, dueAt: future() });
    await expect(jobs.revive("a", "7", 1)).rejects.toThrow(JobLimitError);
    expect(await jobs.revive("a", "7", 2)).toMatchObject({ id: "a", attempts: 0 });
    expect((await jobs.dead("7")).map(({ job }) => job.id)).toEqual(["b"]);
  });

  it("is put off by each of two deliveries that arrive at once", async () => {
    const { jobs } = createJobWorld();
    const { id } = await jobs.schedule({ ...tea, dueAt: future() });
    const times = Array.from({ length: 4 }, (_, index) => future() + index);
    const moved = await Promise.all(times.map((dueAt) => jobs.snooze(id, "7", dueAt)));
    expect(moved.map((job) => job?.dueAt)).toEqual(times);
    expect(times).toContain((await jobs.get(id))?.dueAt);
  });

  it("is not run before the time in its record, whatever the sorted set says", async () => {
    const { database, jobs, run, made } = createJobWorld();
    const job = await jobs.schedule({ ...tea, dueAt: future() });
    await database.raw("ZADD", "t:j:due", past(), job.id);
    await run();
    expect([made, Number(await database.raw("ZSCORE", "t:j:due", job.id))]).toEqual([[], job.dueAt]);
  });

  it("is run again, at its new time, when it is put off while it runs", async () => {
    const { database, jobs, ...world } = createJobWorld({
      handlers: { tea: async ({ id }) => void (await jobs.snooze(id, "7", future())) },
    });
    const job = await jobs.schedule({ ...tea, dueAt: past() });
    await world.run();
    expect(world.events.map(({ type }) => type)).toEqual(["done", "claim-lost"]);
    expect((await jobs.get(job.id))?.dueAt).toBeGreaterThan(Date.now());
    expect(await database.raw("ZSCORE", "t:j:due", job.id)).not.toBeNull();
  });

  it("does not come back when it is cancelled while it runs", async () => {
    const { jobs, run } = createJobWorld({
      handlers: {
        tea: async ({ id }) => {
          await jobs.cancel(id, "7");
          throw new Error("try me again");
        },
      },
    });
    const job = await jobs.schedule({ ...tea, dueAt: past() });
    await run();
    expect([await jobs.get(job.id), await jobs.list("7")]).toEqual([undefined, []]);
  });
});

describe("again and again", () => {
  const daily = { cron: "0 9 * * *", zone: "Europe/Berlin" };
  const at = (text: string) => Date.parse(text);
  const iso = (ms: number) => new Date(ms).toISOString();

  it("goes by the clocks of its time zone, summer and winter", () => {
    expect(iso(nextOccurrence(daily, at("2026-03-28T09:00:00Z")))).toBe("2026-03-29T07:00:00.000Z");
    expect(iso(nextOccurrence(daily, at("2026-10-25T00:00:00Z")))).toBe("2026-10-25T08:00:00.000Z");
    expect(iso(nextOccurrence({ cron: "*/30 * * * * *", zone: "UTC" }, at("2026-01-01T00:00:01Z")))).toBe(
      "2026-01-01T00:00:30.000Z",
    );
  });

  it("runs once where the clocks skip its time, and once where they show it twice", () => {
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
  ])("refuses %j when it is put in", async (every) => {
    const { jobs } = createJobWorld();
    await expect(jobs.schedule({ ...tea, every })).rejects.toThrow(RecurrenceError);
    await expect(jobs.schedule({ ...tea, every, dueAt: future() })).rejects.toThrow(RecurrenceError);
  });

  it("is due at its first time after now, or now, where no time is given", async () => {
    const now = at("2026-01-01T09:00:00Z");
    const { jobs } = createJobWorld({ clock: { ...systemClock, now: () => now } });
    const [recurring, once] = [await jobs.schedule({ ...tea, every: daily }), await jobs.schedule(tea)];
    expect([iso(recurring.dueAt), once.dueAt, once.createdAt]).toEqual(["2026-01-02T08:00:00.000Z", now, now]);
  });

  it("is due next after now, not after what it missed, and under another nonce", async () => {
    const { jobs, run, made } = createJobWorld();
    const every = { cron: "*/10 * * * *", zone: "UTC" };
    const before = Date.now();
    const job = await jobs.schedule({ ...tea, every, dueAt: before - 86_400_000 });
    await run();
    const next = (await jobs.get(job.id)) as Job;
    expect(next.dueAt).toBeGreaterThan(before);
    expect(next.dueAt).toBeLessThanOrEqual(Date.now() + 600_000);
    await run();
    expect([made.length, nonceOf(next) === nonceOf(job)]).toEqual([1, false]);
    expect(await jobs.list("7")).toEqual([next]);
  });
});
