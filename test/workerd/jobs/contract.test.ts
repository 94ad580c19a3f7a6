import { expect, it } from "vitest";
import { createClaims } from "../../../src/jobs/claims.ts";
import { createJobsState } from "../../../src/jobs/index.ts";
import { createKeys } from "../../../src/jobs/keys.ts";
import { createDatabase } from "../../support/database.ts";
import { createTimeline } from "../../support/timeline.ts";
import { connect } from "../coordination/support.ts";
import { createJobWorld, future, past, tea } from "./support.ts";

it("costs what the design says to keep, list, put off and cancel", async () => {
  const { database, jobs } = createJobWorld();
  const keep = await database.cost(() => jobs.schedule({ ...tea, owner: "9", dueAt: future() }));
  expect(keep).toEqual({ requests: 1, HSET: 1, ZADD: 2 });
  const given = () => database.cost(() => jobs.schedule({ ...tea, id: "a", dueAt: future() }));
  expect(await given()).toEqual({ requests: 1, EVAL: 1, HGET: 1, HSET: 1, ZADD: 2 });
  expect(await given()).toEqual({ requests: 1, EVAL: 1, HGET: 1, ZSCORE: 1, HSET: 1, ZADD: 2 });
  expect(await database.cost(() => jobs.list("7"))).toEqual({ requests: 2, ZRANGE: 1, HMGET: 1 });
  expect(await database.cost(() => jobs.list("8"))).toEqual({ requests: 1, ZRANGE: 1 });
  const snooze = await database.cost(() => jobs.snooze("a", "7", future()));
  expect(snooze).toEqual({ requests: 2, EVAL: 1, HGET: 2, HSET: 1, ZADD: 2 });
  const start = () => database.cost(() => jobs.start("a", "7"));
  expect(await start()).toEqual({ requests: 2, EVAL: 1, HGET: 2, ZSCORE: 1, HSET: 1, ZADD: 2 });
  await database.raw("ZADD", "t:j:due", `${Date.now() + 15_000}.0009765625`, "a");
  expect(await start()).toEqual({ requests: 2, EVAL: 1, HGET: 2, ZSCORE: 1 });
  const cancel = await database.cost(() => jobs.cancel("a", "7"));
  expect(cancel).toEqual({ requests: 1, EVAL: 1, ZREM: 2, HDEL: 1 });
});

it("costs one command to look, five to claim what is due, and five to settle each job, all in one request", async () => {
  const { database, jobs, runner, run } = createJobWorld();
  const look = () => runner.watch({ looks: [Date.now()], until: Date.now() });
  expect(await database.cost(look)).toEqual({ requests: 1, ZRANGE: 1 });
  await jobs.schedule({ ...tea, dueAt: past() });
  await jobs.schedule({ ...tea, dueAt: past() });
  const cost = await database.cost(run);
  expect(cost).toEqual({ requests: 2, EVAL: 3, TIME: 1, ZRANGE: 1, ZADD: 1, HMGET: 1, ZSCORE: 2, ZREM: 4, HDEL: 2 });
  expect(await database.raw("DBSIZE")).toBe(0);
  expect(await database.cost(run)).toEqual({ requests: 1, EVAL: 1, TIME: 1, ZRANGE: 1 });
});

it("costs no request of its own to settle a job when another is due within three seconds", async () => {
  const until = Date.now() + 60_000;
  const { database, jobs, runner } = createJobWorld({
    handlers: {
      async tea({ id }) {
        if (id !== "first") return;
        const { dueAt } = await jobs.schedule({ ...tea, dueAt: Date.now() + 300 });
        void runner.watch({ dueAt, until });
      },
    },
  });
  await jobs.schedule({ ...tea, id: "first", dueAt: past() });
  const cost = await database.cost(() => runner.watch({ dueAt: 0, until }));
  // The first claim, the other job that is scheduled, its claim with the first job settled, and the end.
  expect(cost).toMatchObject({ requests: 4, HSET: 1, ZRANGE: 2, EVAL: 4 });
  expect(await database.raw("DBSIZE")).toBe(0);
});

it("costs an older tick nothing to look while a younger one of its isolate does", async () => {
  const timeline = createTimeline();
  const { clock, drive } = timeline;
  const database = createDatabase();
  const shared = { database, clock, state: createJobsState(), redis: connect(database, 10_000, timeline.fetch) };
  const [older, younger] = [createJobWorld(shared), createJobWorld(shared)];
  const now = clock.now();
  const cost = await database.cost(() =>
    drive(
      Promise.all([
        older.runner.watch({ looks: [now + 30_000], until: now + 60_000 }),
        younger.runner.watch({ looks: [now, now + 30_000, now + 90_000], until: now + 120_000 }),
      ]),
    ),
  );
  expect(cost).toEqual({ requests: 3, ZRANGE: 3 });
});

it("costs three commands to give back a job that there are no requests left for", async () => {
  const { database, jobs, run } = createJobWorld({ budget: { left: () => 9, held: () => 0, hold: () => () => {} } });
  for (const id of ["a", "b"]) await jobs.schedule({ ...tea, id, dueAt: past() });
  expect(await database.cost(run)).toMatchObject({ EVAL: 4, ZSCORE: 2 });
  const claims = createClaims({ redis: connect(database), keys: createKeys("t:"), claimMs: 1, keepDeadMs: 1 });
  await jobs.schedule({ ...tea, id: "c", dueAt: past() });
  const [claim] = (await claims.claim(1)).claims;
  if (!claim) throw new Error("Nothing was due.");
  const release = () => claims.finish(claim, { is: "again", at: claim.dueAt, unfinished: claim.unfinished });
  expect(await database.cost(release)).toEqual({ requests: 1, EVAL: 1, ZSCORE: 1, ZADD: 1 });
  expect(await database.raw("ZSCORE", "t:j:due", "c")).toBe(String(claim.dueAt));
});

it("costs one command to set a wake-up, and three to take it back", async () => {
  const { database, jobs } = createJobWorld();
  const at = future();
  expect(await database.cost(() => jobs.wake("feeds", at))).toEqual({ requests: 1, ZADD: 1 });
  expect(await database.cost(() => jobs.unwake("feeds", at))).toEqual({ requests: 1, EVAL: 1, ZSCORE: 1, ZREM: 1 });
});

it("costs eight commands in two requests to overlook all jobs, and seven in one when none wait", async () => {
  const { database, jobs } = createJobWorld();
  const empty = await database.cost(() => jobs.overview());
  expect(empty).toEqual({ requests: 1, ZCARD: 2, ZCOUNT: 2, ZRANGE: 2, HLEN: 1 });
  await jobs.schedule({ ...tea, dueAt: past() });
  await jobs.schedule({ ...tea, dueAt: future() });
  const cost = await database.cost(async () => {
    const { upcoming, ...counts } = await jobs.overview(1);
    expect(upcoming).toHaveLength(1);
    expect(counts).toMatchObject({ scheduled: 2, due: 1, late: 0, running: 0, dead: 0, latestMs: 0 });
  });
  expect(cost).toEqual({ requests: 2, ZCARD: 2, ZCOUNT: 2, ZRANGE: 2, HLEN: 1, HMGET: 1 });
});

it("overlooks what runs, what is late and what is due next", async () => {
  const { database, jobs } = createJobWorld();
  const claims = createClaims({ redis: connect(database), keys: createKeys("t:"), claimMs: 20_000, keepDeadMs: 1 });
  await jobs.schedule({ ...tea, dueAt: past() });
  await claims.claim(1);
  await jobs.schedule({ ...tea, dueAt: Date.now() - 90_000 });
  const dueAt = future();
  await jobs.schedule({ ...tea, every: { cron: "0 9 * * *", zone: "UTC" }, dueAt });
  const { scheduled, running, due, late, latestMs, nextAt, upcoming } = await jobs.overview();
  expect({ scheduled, running, due, late, nextAt }).toEqual({
    scheduled: 3,
    running: 1,
    due: 1,
    late: 1,
    nextAt: dueAt,
  });
  expect(latestMs).toBeGreaterThanOrEqual(90_000);
  expect(upcoming.map(({ isRunning, every }) => [isRunning, every?.cron])).toEqual([
    [false, undefined],
    [true, undefined],
    [false, "0 9 * * *"],
  ]);
});
