import { expect, it } from "vitest";
import { JobRefusedError } from "../../../src/jobs/index.ts";
import { createJobWorld, future, past, tea } from "./support.ts";

/** A world in which each job is given up at once. */
const createGraveyard = () =>
  createJobWorld({ handlers: { tea: () => Promise.reject(new JobRefusedError("no water")) } });

it("returns all owners' jobs in pages, the next due first, for three commands, and leaves wake-ups out", async () => {
  const { database, jobs } = createJobWorld();
  const at = future();
  for (const [index, owner] of ["7", "8", "9"].entries()) {
    await jobs.schedule({ ...tea, id: owner, owner, dueAt: at + index });
  }
  await jobs.wake("feeds", at + 10);
  const cost = await database.cost(async () => {
    const { total, jobs: found } = await jobs.page({ count: 2 });
    expect([total, found.map(({ id, isRunning }) => [id, isRunning])]).toEqual([
      4,
      [
        ["7", false],
        ["8", false],
      ],
    ]);
  });
  expect(cost).toEqual({ requests: 2, ZCARD: 1, ZRANGE: 1, HMGET: 1 });
  expect((await jobs.page({ from: 2, count: 2 })).jobs.map(({ id }) => id)).toEqual(["9"]);
  expect(await database.cost(() => jobs.page({ from: 10 }))).toEqual({ requests: 1, ZCARD: 1, ZRANGE: 1 });
});

it("returns fifty from the first on, where nothing else is asked for", async () => {
  const { database, jobs } = createJobWorld();
  const ids = Array.from({ length: 51 }, (_, index) => `j${index + 10}`);
  const record = (id: string) => JSON.stringify([id, "tea", "7", 1, 0, 1, null]);
  await database.raw("ZADD", "t:j:due", ...ids.flatMap((id, index) => [index, id]));
  await database.raw("HSET", "t:j:jobs", ...ids.flatMap((id) => [id, record(id)]));
  await database.raw("ZADD", "t:j:dead", ...ids.flatMap((id, index) => [index, `7\n${id}`]));
  await database.raw("HSET", "t:j:dead:7", ...ids.flatMap((id) => [id, JSON.stringify([1, "no", record(id)])]));
  expect((await jobs.page()).jobs.map(({ id }) => id)).toEqual(ids.slice(0, 50));
  expect((await jobs.deadPage()).dead.map(({ job }) => job.id)).toEqual(ids.toReversed().slice(0, 50));
  // Counted, and in no page; a failure of any other kind is told.
  await database.raw("SET", "t:j:dead:8", "damaged");
  await database.raw("ZADD", "t:j:dead", 99, "8\nx");
  const { total, dead } = await jobs.deadPage({ count: 2 });
  expect([total, dead.map(({ job }) => job.id)]).toEqual([52, ["j60"]]);
  await database.break({ at: "before", do: "drop", match: "HMGET" });
  await expect(jobs.deadPage()).rejects.toThrow();
});

it("marks the job that an invocation runs", async () => {
  const { jobs, run } = createJobWorld({
    handlers: { tea: async () => void seen.push(...(await jobs.page()).jobs.map(({ isRunning }) => isRunning)) },
  });
  const seen: boolean[] = [];
  await jobs.schedule({ ...tea, dueAt: past() });
  await run();
  expect(seen).toEqual([true]);
});

it("returns the dead jobs of all owners, the last first, with one command for each owner", async () => {
  const { database, jobs, run } = createGraveyard();
  for (const [id, owner] of [
    ["a", "7"],
    ["b", "8"],
    ["c", "7"],
  ] as const) {
    await jobs.schedule({ ...tea, id, owner, dueAt: past() });
    await run();
  }
  const cost = await database.cost(async () => {
    const { total, dead } = await jobs.deadPage();
    expect([total, dead.map(({ job, reason }) => [job.id, job.owner, reason])]).toEqual([
      3,
      [
        ["c", "7", "no water"],
        ["b", "8", "no water"],
        ["a", "7", "no water"],
      ],
    ]);
  });
  expect(cost).toEqual({ requests: 2, ZCARD: 1, ZRANGE: 1, HMGET: 2 });
  expect((await jobs.deadPage({ from: 1, count: 1 })).dead.map(({ job }) => job.id)).toEqual(["b"]);
});

it("takes a dead job off the list when it is dropped, revived, forgotten with its owner, or expired", async () => {
  const { database, jobs, run } = createGraveyard();
  for (const [id, owner] of Object.entries({ a: "7", b: "7", c: "8", d: "9" })) {
    await jobs.schedule({ ...tea, id, owner, dueAt: past() });
  }
  await run();
  const ids = async () => (await jobs.deadPage()).dead.map(({ job }) => job.id).toSorted();
  expect(await ids()).toEqual(["a", "b", "c", "d"]);
  const cost = await database.cost(async () => expect(await jobs.drop("a", "7")).toBe(true));
  expect(cost).toEqual({ requests: 1, HDEL: 1, ZREM: 1 });
  expect([await jobs.drop("a", "7"), await jobs.drop("b", "8"), await ids()]).toEqual([false, false, ["b", "c", "d"]]);
  await jobs.revive("b", "7");
  expect(await ids()).toEqual(["c", "d"]);
  await jobs.forget("8");
  expect([await ids(), await database.raw("ZCARD", "t:j:dead")]).toEqual([["d"], 1]);
  await database.raw("DEL", "t:j:dead:9");
  await database.break({ at: "before", do: "drop", match: "ZREM" });
  expect(await jobs.deadPage()).toEqual({ total: 0, dead: [] });
  await database.break({ at: "before", do: "stall", ms: 30, match: "ZREM" });
  expect(await jobs.deadPage()).toEqual({ total: 0, dead: [] });
  expect(await database.raw("EXISTS", "t:j:dead")).toBe(0);
});

it("forgets the places of dead jobs that are kept no longer when another job dies", async () => {
  const { database, jobs, run } = createGraveyard();
  await database.raw("ZADD", "t:j:dead", Date.now() - 31 * 86_400_000, "7\nold");
  await jobs.schedule({ ...tea, id: "new", dueAt: past() });
  await run();
  expect(await database.raw("ZRANGE", "t:j:dead", 0, -1)).toEqual(["7\nnew"]);
});
