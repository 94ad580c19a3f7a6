import { expect, it } from "vitest";
import { systemClock } from "../../../src/platform/index.ts";
import { createJobWorld } from "./support.ts";

const now = Date.parse("2026-06-10T12:00:00Z");
const clock = { ...systemClock, now: () => now };
/** What a claim adds to the score of a job. */
const claimed = 1 / 1_024;

/** Jobs at these scores, kept past the part, and what it says of them. */
async function overviewOf(scores: Record<string, number>, most?: number) {
  const { database, jobs } = createJobWorld({ clock });
  for (const [id, score] of Object.entries(scores)) {
    await database.raw("ZADD", "t:j:due", score, id);
    if (!id.startsWith("~")) {
      const record = JSON.stringify([id, "tea", "7", Math.floor(score), 0, now, null]);
      await database.raw("HSET", "t:j:jobs", id, id === "damaged" ? "{" : record);
    }
  }
  return { database, jobs, overview: await jobs.overview(most) };
}

it("says nothing of jobs where there are none", async () => {
  const { overview } = await overviewOf({});
  expect(overview).toEqual({
    scheduled: 0,
    due: 0,
    running: 0,
    late: 0,
    latestMs: 0,
    dead: 0,
    unreadable: 0,
    nextAt: null,
    upcoming: [],
  });
});

it("calls a job late that is due for thirty seconds, and says by how long the latest is", async () => {
  const { overview } = await overviewOf({ a: now - 30_000, b: now - 29_999, c: now, d: now + 1 });
  expect(overview).toMatchObject({ scheduled: 4, due: 3, late: 1, latestMs: 30_000, running: 0, nextAt: now + 1 });
  // Before every time, as a score could be that nothing here writes.
  expect((await overviewOf({ a: -5 })).overview).toMatchObject({ late: 1, latestMs: now });
  const early = await overviewOf({ b: now - 29_999, c: now + 5 });
  expect(early.overview).toMatchObject({ due: 1, late: 0, latestMs: 0, nextAt: now + 5 });
});

it("takes a claim that has not ended for a run, and one that has for a job that is due", async () => {
  const { overview } = await overviewOf({
    running: now + 20_000 + claimed,
    died: now - 40_000 + 2 * claimed,
    next: now + 70_000,
  });
  expect(overview).toMatchObject({ scheduled: 3, due: 1, running: 1, late: 1, latestMs: 40_000, nextAt: now + 70_000 });
  expect(overview.upcoming.map(({ id, isRunning }) => [id, isRunning])).toEqual([
    ["died", false],
    ["running", true],
    ["next", false],
  ]);
});

it("counts wake-ups, and shows neither them nor records that cannot be read", async () => {
  const { overview } = await overviewOf({ "~feeds": now + 5, damaged: now + 6, a: now + 7 });
  expect([overview.scheduled, overview.nextAt]).toEqual([3, now + 5]);
  expect(overview.upcoming.map(({ id }) => id)).toEqual(["a"]);
});

it("shows the fifty that are due next, or as many as are asked for", async () => {
  const scores = Object.fromEntries(Array.from({ length: 52 }, (_, index) => [`j${index}`, now + index]));
  const { jobs, overview } = await overviewOf(scores);
  expect(overview.upcoming.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, index) => `j${index}`));
  expect((await jobs.overview(2)).upcoming.map(({ id }) => id)).toEqual(["j0", "j1"]);
});

it("counts two hundred that run at most", async () => {
  const { database, jobs } = createJobWorld({ clock });
  const running = Array.from({ length: 201 }, (_, index) => [now + 20_000 + claimed, `j${index}`]);
  await database.raw("ZADD", "t:j:due", ...running.flat());
  expect(await jobs.overview()).toMatchObject({ scheduled: 201, running: 200 });
});

it("counts jobs that were given up and records that were set aside", async () => {
  const { database, jobs } = createJobWorld({ clock });
  await database.raw("ZADD", "t:j:dead", 1, "7\na", 2, "8\nb");
  await database.raw("HSET", "t:j:unreadable", "x", "{", "y", "{", "z", "{");
  expect(await jobs.overview()).toMatchObject({ dead: 2, unreadable: 3 });
});
