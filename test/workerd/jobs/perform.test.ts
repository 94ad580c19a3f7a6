import { expect, it } from "vitest";
import type { Claim } from "../../../src/jobs/claims.ts";
import { type Job, type JobEvent, JobPutOffError, JobRefusedError, nonceOf } from "../../../src/jobs/index.ts";
import { createPerform, type JobHandler, type PerformOptions } from "../../../src/jobs/perform.ts";

const now = 1_800_000_000_000;
const job: Job = {
  id: "a",
  kind: "tea",
  owner: "7",
  data: null,
  dueAt: now - 500,
  attempts: 0,
  createdAt: now - 1_000,
};
const every = { cron: "*/10 * * * *", zone: "UTC" };

/** Performs a claim of a job, whose handler does `handle`. */
async function perform(
  {
    claim,
    claimedAt = now,
    chance = 0,
    ...options
  }: Partial<PerformOptions> & {
    claim?: Partial<Claim>;
    claimedAt?: number;
    chance?: number;
  },
  handle: JobHandler = async () => {},
) {
  const events: JobEvent[] = [];
  const run = createPerform({
    handlers: { tea: handle },
    wakes: {},
    maxAttempts: 8,
    maxFailures: 20,
    clock: { random: () => chance },
    serverNow: () => now,
    report: (event) => void events.push(event),
    ...options,
  });
  const outcome = await run(
    { id: "a", claim: "1", dueAt: job.dueAt, attempt: 1, unfinished: 0, record: "x", job, ...claim },
    claimedAt,
  );
  return { outcome, events };
}

const fail = () => Promise.reject(new Error("no"));

it.each([
  [1, 0, 5_000],
  [1, 0.5, 6_250],
  [1, 1, 7_500],
  // Rounded up: a job is due at whole milliseconds.
  [1, 0.0001, 5_001],
  [2, 0, 10_000],
  [7, 0, 320_000],
  [8, 0, 600_000],
  [12, 1, 900_000],
])("tries again after the try %i, by chance of %d, in %i ms", async (attempt, chance, ms) => {
  const { outcome, events } = await perform({ claim: { attempt }, chance, maxAttempts: 20 }, fail);
  expect(outcome).toEqual({ is: "again", at: now + ms, job: { ...job, attempts: attempt } });
  expect(events).toMatchObject([{ type: "retry", attempt, at: now + ms }]);
});

it.each([
  [7, "again"],
  [8, "dead"],
])("gives a job up at its eighth try, not before: %i, %s", async (attempt, is) => {
  expect((await perform({ claim: { attempt } }, fail)).outcome.is).toBe(is);
});

it("does not begin a ninth try where eight did not end", async () => {
  let calls = 0;
  const count = async () => void (calls += 1);
  expect((await perform({ claim: { attempt: 8, unfinished: 7 } }, count)).outcome).toEqual({ is: "done" });
  expect((await perform({ claim: { attempt: 9, unfinished: 8 } }, count)).outcome).toMatchObject({
    is: "dead",
    dead: { reason: "8 tries began, but did not end", at: now },
  });
  expect(calls).toBe(1);
});

it("runs a job from its time on, and tells its handler which try this is and how late it was", async () => {
  const runs: unknown[] = [];
  const note: JobHandler = async (_job, run) => void runs.push(run);
  const early = await perform({ claim: { unfinished: 2, attempt: 3 }, claimedAt: job.dueAt - 1 }, note);
  expect([early.outcome, runs]).toEqual([{ is: "again", at: job.dueAt, unfinished: 2 }, []]);
  const { events } = await perform({ claim: { attempt: 3 }, claimedAt: job.dueAt }, note);
  expect(runs).toEqual([{ nonce: nonceOf(job), attempt: 3 }]);
  expect(events).toEqual([{ type: "done", job, attempt: 3, lateMs: 500 }]);
});

it.each([
  [now + 60_000, now + 60_000],
  [now + 1_000, now + 1_000],
  [now, now + 1_000],
  [0, now + 1_000],
])("puts a job off to %i, but for a second at least, and charges it no try", async (at, expected) => {
  const { outcome } = await perform({ claim: { attempt: 8 } }, () => Promise.reject(new JobPutOffError("later", at)));
  expect(outcome).toEqual({ is: "again", at: expected, job: { ...job, attempts: 7 } });
});

it("keeps 500 characters of why a job was given up", async () => {
  const { outcome } = await perform({}, () => Promise.reject(new JobRefusedError("x".repeat(600))));
  expect(outcome).toMatchObject({ is: "dead", dead: { reason: "x".repeat(500) } });
});

it("gives a job up for whatever its handler throws, and takes the time in another error for none", async () => {
  const { outcome } = await perform({ claim: { attempt: 8 } }, () => Promise.reject("no water"));
  expect(outcome).toMatchObject({ is: "dead", dead: { reason: "no water" } });
  const odd = Object.assign(new Error("no"), { at: now + 60_000 });
  expect((await perform({}, () => Promise.reject(odd))).outcome).toMatchObject({ is: "again", at: now + 5_000 });
});

it.each([
  ["after now, where it was late", now - 86_400_000, now + 600_000],
  ["after its time, where this clock is behind", now + 1_200_000, now + 1_800_000],
])("has a recurring job occur next %s", async (_when, dueAt, at) => {
  const recurring = { ...job, every, dueAt };
  const { outcome } = await perform({ claim: { job: recurring }, claimedAt: now + 2_000_000 });
  expect(outcome).toEqual({ is: "again", at, job: { ...recurring, dueAt: at, attempts: 0, failures: 0 } });
});

it.each([
  [18, false, "again"],
  [19, false, "dead"],
  [0, true, "dead"],
])("goes on with a recurring job after %i failures (final: %s): %s", async (failures, isFinal, is) => {
  const recurring = { ...job, every, failures };
  const { outcome } = await perform({ claim: { job: recurring } }, () =>
    Promise.reject(new JobRefusedError("no", { isFinal })),
  );
  expect(outcome.is).toBe(is);
  if (outcome.is === "again") expect(outcome.job).toMatchObject({ failures: failures + 1, problem: "no", attempts: 0 });
});

it("keeps a recurring job whose recurrence it cannot read, as another version may have written it", async () => {
  const recurring = { ...job, every: { cron: "0 9 * * tomorrow", zone: "UTC" } };
  const { outcome, events } = await perform({ claim: { job: recurring } });
  const reason = expect.stringContaining('"0 9 * * tomorrow" in UTC: ');
  expect(outcome).toEqual({ is: "dead", dead: { job: recurring, reason, at: now } });
  expect(events.map(({ type }) => type)).toEqual(["done", "dead"]);
});

it("is done with a recurring job that does not come again", async () => {
  const over = { ...job, every: { cron: "0 0 0 1 1 * 2020", zone: "UTC" } };
  expect((await perform({ claim: { job: over } })).outcome).toEqual({ is: "done" });
});

it("has nothing to do for a job without a record", async () => {
  const { outcome, events } = await perform({ claim: { record: null, job: undefined } });
  expect([outcome, events]).toEqual([{ is: "done" }, []]);
});

it.each([
  [7, { is: "again", at: now + 320_000, unfinished: 7 }],
  [8, { is: "dead", dead: { record: "x", reason: "its record cannot be read", at: now } }],
])("sets a record that it cannot read aside at the eighth try: %i", async (attempt, expected) => {
  const { outcome, events } = await perform({ claim: { attempt, job: undefined } });
  expect([outcome, events]).toEqual([expected, [{ type: "unreadable", id: "a" }]]);
});

it.each<[string, () => Promise<number | undefined>, number, object]>([
  ["is done with nothing more to do", async () => undefined, 1, { is: "done" }],
  ["comes again later", async () => now + 1, 1, { is: "again", at: now + 1 }],
  ["keeps its place where it comes again at once", async () => now, 1, { is: "again", at: now - 9_000 }],
  ["is tried again when it fails", fail, 3, { is: "again", at: now + 20_000, unfinished: 3 }],
  ["is tried again for ever", fail, 100, { is: "again", at: now + 600_000, unfinished: 8 }],
])("a wake-up %s", async (_how, feeds, attempt, expected) => {
  const { outcome } = await perform({ wakes: { feeds }, claim: { id: "~feeds", dueAt: now - 9_000, attempt } });
  expect(outcome).toEqual(expected);
});

it.each(["constructor", "toString", "__proto__"])(
  "has no handler, and no wake-up, for a name that every object has: %s",
  async (name) => {
    const { outcome, events } = await perform({ claim: { job: { ...job, kind: name } } });
    expect([outcome.is, events]).toMatchObject([
      "again",
      [{ type: "retry", error: new Error(`nothing here handles "${name}"`) }],
    ]);
    expect((await perform({ claim: { id: `~${name}`, record: null, job: undefined } })).outcome).toEqual({
      is: "done",
    });
  },
);
