import { expect, it } from "vitest";
import { createClaims } from "../../../src/jobs/claims.ts";
import { createJobs } from "../../../src/jobs/index.ts";
import { writeJob } from "../../../src/jobs/job.ts";
import { createKeys } from "../../../src/jobs/keys.ts";
import { createDatabase } from "../../support/database.ts";
import { connect } from "../coordination/support.ts";
import { future, past, tea } from "./support.ts";

function createWorld({ claimMs = 20_000, keepDeadMs = 60_000 } = {}) {
  const database = createDatabase();
  const redis = connect(database);
  const claims = createClaims({ redis, keys: createKeys("t:"), claimMs, keepDeadMs });
  const jobs = createJobs({ redis, prefix: "t:" });
  const put = (...scored: (string | number)[]) => database.raw("ZADD", "t:j:due", ...scored);
  const scoreOf = async (id: string) => Number(await database.raw("ZSCORE", "t:j:due", id));
  return { database, claims, jobs, put, scoreOf };
}

const idsOf = ({ claims }: { claims: { id: string }[] }) => claims.map(({ id }) => id);

it("claims what is due by the numbers of its times, whatever their order as text", async () => {
  const { claims, put } = createWorld();
  await put(
    "-inf",
    "first",
    9,
    "b",
    10,
    "c",
    999_999_999_999,
    "d",
    10_000_000_000_000,
    "later",
    "+inf",
    "never",
    -5,
    "a",
  );
  const { next, ...claimed } = await claims.claim(25);
  expect(idsOf(claimed)).toEqual(["first", "a", "b", "c", "d"]);
  expect(claimed.claims.map(({ dueAt }) => dueAt)).toEqual([0, 0, 9, 10, 999_999_999_999]);
  expect(next).toEqual({ dueAt: 10_000_000_000_000, isClaimed: false });
  const other = createWorld();
  await other.put(1e15, "1e15", 2e12, "2e12", 9e14, "9e14");
  expect((await other.claims.claim(25)).next.dueAt).toBe(2e12);
});

it("claims no more than it is asked for, and tells when the next one is due", async () => {
  const { claims, put } = createWorld();
  await put(...Array.from({ length: 60 }, (_, index) => [index + 1, `job-${index}`]).flat());
  for (const [count, dueAt] of [
    [25, 26],
    [25, 51],
  ] as const) {
    const { next, ...claimed } = await claims.claim(25);
    expect([claimed.claims.length, next]).toEqual([count, { dueAt, isClaimed: false }]);
  }
  const last = await claims.claim(10);
  // The next ones are claimed, and due when their claims end.
  expect([last.claims.length, last.next.isClaimed]).toEqual([10, true]);
  expect(last.next.dueAt).toBeGreaterThan(last.serverNow + 10_000);
  expect((await claims.claim(10)).claims).toEqual([]);
});

it("holds a claim for its time by the server's clock, and counts those that ended unfinished, up to a thousand", async () => {
  const { claims, database, put, scoreOf } = createWorld({ claimMs: 20_000 });
  const before = await database.serverTime();
  await put(1, "a");
  const { serverNow, claims: taken } = await claims.claim(1);
  expect(serverNow).toBeGreaterThanOrEqual(before);
  expect(serverNow).toBeLessThanOrEqual(await database.serverTime());
  expect(Math.floor(await scoreOf("a"))).toBe(serverNow + 20_000);
  expect(taken).toMatchObject([{ attempt: 1, unfinished: 0, dueAt: 1 }]);
  for (const [count, attempt] of [
    [1, 2],
    [9, 10],
    [10, 11],
    [999, 1_000],
    [1_000, 1_000],
    [307.2, 308],
    [512, 513],
  ] as const) {
    await put(String(5 + count / 1_024), "a");
    expect((await claims.claim(1)).claims).toMatchObject([{ attempt, unfinished: attempt - 1 }]);
  }
});

it("ends a claim that holds, and none that was made before another", async () => {
  const { claims, jobs, put } = createWorld();
  await jobs.schedule({ ...tea, id: "a", dueAt: past() });
  const [first] = (await claims.claim(1)).claims;
  await put(9, "a");
  const [second] = (await claims.claim(1)).claims;
  if (!first || !second) throw new Error("Nothing was due.");
  for (const is of ["done", "again", "dead"] as const) {
    const outcome =
      is === "dead" ? { is, dead: { record: "", reason: "", at: 1 } } : is === "again" ? { is, at: 1 } : { is };
    expect(await claims.finish(first, outcome)).toBe(false);
  }
  expect(await jobs.list("7")).toHaveLength(1);
  expect([await claims.finish(second, { is: "done" }), await claims.finish(second, { is: "done" })]).toEqual([
    true,
    false,
  ]);
  expect(await jobs.list("7")).toEqual([]);
});

it("keeps a job that comes again with its owner, and a dead one for its time", async () => {
  const { claims, database, jobs, scoreOf } = createWorld();
  const job = await jobs.schedule({ ...tea, id: "a", dueAt: past() });
  const [claim] = (await claims.claim(1)).claims;
  if (!claim) throw new Error("Nothing was due.");
  const at = future();
  expect(await claims.finish(claim, { is: "again", at, job: { ...job, dueAt: at + 1 }, unfinished: 3 })).toBe(true);
  expect(await scoreOf("a")).toBe(at + 3 / 1_024);
  expect(Number(await database.raw("ZSCORE", "t:j:of:7", "a"))).toBe(at + 1);
  expect(await claims.next()).toEqual({ dueAt: at, isClaimed: true });
  const again = { ...claim, claim: String(await database.raw("ZSCORE", "t:j:due", "a")) };
  expect(await claims.finish(again, { is: "dead", dead: { job, reason: "no", at: 5 } })).toBe(true);
  const [left = 0] = (await database.raw("HPTTL", "t:j:dead:7", "FIELDS", 1, "a")) as number[];
  expect(left).toBeLessThanOrEqual(60_000);
  expect(left).toBeGreaterThan(50_000);
  expect([await jobs.list("7"), await jobs.unreadable()]).toEqual([[], 0]);
});

it("sets what no version can read aside, apart from every owner's jobs", async () => {
  const { claims, database, jobs, put } = createWorld();
  await put(1, "odd");
  await database.raw("HSET", "t:j:jobs", "odd", "{");
  const [claim] = (await claims.claim(1)).claims;
  if (!claim) throw new Error("Nothing was due.");
  expect([claim.job, claim.record]).toEqual([undefined, "{"]);
  await claims.finish(claim, { is: "dead", dead: { record: "{", reason: "unreadable", at: 1 } });
  expect([await jobs.unreadable(), await database.raw("KEYS", "*")]).toEqual([1, ["t:j:unreadable"]]);
});

it("looks at what is due next from 1970 on, and at nothing that never is", async () => {
  const { claims, put } = createWorld();
  expect(await claims.next()).toEqual({ dueAt: Number.POSITIVE_INFINITY, isClaimed: false });
  await put("+inf", "never");
  expect((await claims.next()).dueAt).toBe(Number.POSITIVE_INFINITY);
  await put(10, "ten", 9, "nine");
  expect(await claims.next()).toEqual({ dueAt: 9, isClaimed: false });
  await put(0, "zero");
  expect(await claims.next()).toEqual({ dueAt: 0, isClaimed: false });
});

it.each([
  [4, true],
  [5, false],
])("moves a job whose record changed meanwhile %i times: %s", async (changes, isMoved) => {
  const record = writeJob({ ...tea, id: "a", dueAt: 1, attempts: 0, createdAt: 1 });
  let tries = 0;
  const redis = { hget: async () => record, eval: async () => Number(++tries > changes) };
  const jobs = createJobs({ redis: () => redis as never, prefix: "t:" });
  expect((await jobs.snooze("a", "7", 99))?.dueAt).toBe(isMoved ? 99 : undefined);
  expect(tries).toBe(5);
});

it("does not take a failure for a job that was moved, whatever its record says", async () => {
  const record = writeJob({ ...tea, id: "a", dueAt: 99, attempts: 0, createdAt: 1 });
  const redis = { hget: async () => record, eval: () => Promise.reject(new Error("refused")) };
  const jobs = createJobs({ redis: () => redis as never, prefix: "t:" });
  await expect(jobs.snooze("a", "7", 99)).rejects.toThrow("refused");
});

it.each([
  [1, false],
  [2, false],
  [-1 + 1 / 1_024, false],
  [1 / 1_024, true],
  [59_999 + 1 / 1_024, true],
  [60_000 + 1 / 1_024, false],
])(
  "starts a job that is due in %d ms, unless it runs under a claim that may last as long: %s",
  async (ms, isRunning) => {
    const now = 1_800_000_000_000;
    const database = createDatabase();
    const jobs = createJobs({ redis: connect(database), prefix: "t:", clock: { now: () => now } });
    await jobs.schedule({ ...tea, id: "a", dueAt: now + 1 });
    await database.raw("ZADD", "t:j:due", now + ms, "a");
    const started = await jobs.start("a", "7");
    expect(isRunning ? started : started !== "running" && started?.dueAt).toBe(isRunning ? "running" : now);
  },
);

it("sets a wake-up earlier and never later, and takes back only the one that was set", async () => {
  const { database, jobs, scoreOf } = createWorld();
  const at = future();
  const stall = { at: "before", do: "stall", ms: 30, times: 1 } as const;
  await database.break({ ...stall, match: "ZADD" }, { ...stall, match: "EVAL", skip: 1 });
  await jobs.wake("feeds", at);
  expect(await scoreOf("~feeds")).toBe(at);
  for (const [time, expected] of [
    [at + 1, at],
    [at - 1, at - 1],
    [at, at - 1],
  ] as const) {
    await jobs.wake("feeds", time);
    expect(await scoreOf("~feeds")).toBe(expected);
  }
  await jobs.unwake("feeds", at);
  expect(await scoreOf("~feeds")).toBe(at - 1);
  await jobs.unwake("feeds", at - 1);
  expect(await scoreOf("~feeds")).toBe(0);
});

it.each(["t:j:of:7", "t:j:dead:7", "t:j:dead"])(
  "loses no job that is given up where %s holds another type",
  async (key) => {
    const { database, claims, jobs } = createWorld({ claimMs: 1 });
    await jobs.schedule({ ...tea, id: "a", dueAt: past() });
    await database.raw("DEL", key);
    await database.raw("SET", key, "?");
    const giveUp = async () => {
      const [claim] = (await claims.claim(1)).claims;
      if (!claim?.job) throw new Error("Nothing was due.");
      return claims.finish(claim, { is: "dead", dead: { job: claim.job, reason: "no", at: Date.now() } });
    };
    await expect(giveUp()).rejects.toThrow("WRONGTYPE");
    if (key !== "t:j:of:7") {
      // It is due again until it can be kept with its reason.
      await database.raw("DEL", key);
      expect(await giveUp()).toBe(true);
    }
    expect((await jobs.dead("7")).map(({ job, reason }) => [job.id, reason])).toEqual([["a", "no"]]);
    expect(await database.raw("ZCARD", "t:j:dead")).toBe(1);
    expect([await database.raw("ZCARD", "t:j:due"), await database.raw("HLEN", "t:j:jobs")]).toEqual([0, 0]);
  },
);

it("keeps or moves no job where its owner's key holds another type, and throws", async () => {
  const { database, jobs, scoreOf } = createWorld();
  const at = future();
  await jobs.schedule({ ...tea, id: "a", dueAt: at });
  await database.raw("SET", "t:j:of:7", "?");
  await expect(jobs.schedule({ ...tea, id: "b", dueAt: at })).rejects.toThrow("WRONGTYPE");
  await expect(jobs.snooze("a", "7", at + 1)).rejects.toThrow("WRONGTYPE");
  expect([await scoreOf("a"), (await jobs.get("a"))?.dueAt, await jobs.get("b")]).toEqual([at, at, undefined]);
  expect(await database.raw("ZCARD", "t:j:due")).toBe(1);
});
