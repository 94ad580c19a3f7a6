import { describe, expect, it } from "vitest";
import { JobRefusedError } from "../../../src/jobs/index.ts";
import { createJobWorld, past, tea } from "./support.ts";

describe("a recurring job", () => {
  const every = { cron: "*/10 * * * *", zone: "UTC" };
  const failing = (createError: () => Error) =>
    createJobWorld({
      handlers: {
        async tea() {
          throw createError();
        },
      },
    });

  it.each([
    ["was refused", () => new JobRefusedError("the channel is closed"), 1],
    ["was tried 8 times", () => new Error("the channel is closed"), 8],
  ])("goes on after an occurrence that %s, and says why it failed", async (_how, error, tries) => {
    const { database, jobs, run, events } = failing(error);
    const { id } = await jobs.schedule({ ...tea, every, dueAt: past() });
    for (let attempt = 1; attempt <= tries; attempt++) {
      await database.raw("ZADD", "t:j:due", past(), id);
      await run();
      if (attempt < tries) expect((await jobs.get(id))?.attempts).toBe(attempt);
    }
    const job = await jobs.get(id);
    expect(job).toMatchObject({ failures: 1, problem: "the channel is closed", attempts: 0 });
    expect(job?.dueAt).toBeGreaterThan(Date.now());
    expect(await database.raw("ZSCORE", "t:j:due", id)).toBe(String(job?.dueAt));
    expect(events.at(-1)).toMatchObject({ type: "occurrence-failed", reason: "the channel is closed" });
    expect(await jobs.dead("7")).toEqual([]);
  });

  it("forgets its failures when an occurrence succeeds, and when it is put off", async () => {
    let isBroken = true;
    const { database, jobs, run } = createJobWorld({
      handlers: {
        async tea() {
          if (isBroken) throw new JobRefusedError("no");
        },
      },
    });
    const { id } = await jobs.schedule({ ...tea, every, dueAt: past() });
    const occur = async () => {
      const job = await jobs.get(id);
      await jobs.snooze(id, "7", past());
      expect((await jobs.get(id))?.failures).toBeUndefined();
      await run();
      return job;
    };
    await run();
    await occur();
    expect((await jobs.get(id))?.failures).toBe(1);
    isBroken = false;
    await occur();
    expect(await jobs.get(id)).not.toHaveProperty("failures");
    expect(await database.raw("ZCARD", "t:j:due")).toBe(1);
  });

  it("is given up at the twentieth failure in a row, not before", async () => {
    const { database, jobs, run } = failing(() => new JobRefusedError("no"));
    const { id } = await jobs.schedule({ ...tea, every, dueAt: past() });
    /** Makes the next occurrence due now. */
    const hasten = async () => {
      const record = JSON.parse(String(await database.raw("HGET", "t:j:jobs", id))) as unknown[];
      const dueAt = past();
      await database.raw("HSET", "t:j:jobs", id, JSON.stringify(record.with(3, dueAt)));
      await database.raw("ZADD", "t:j:due", dueAt, id);
    };
    for (let failures = 1; failures < 20; failures++) {
      await run();
      expect((await jobs.get(id))?.failures).toBe(failures);
      await hasten();
    }
    await run();
    expect(await jobs.get(id)).toBeUndefined();
    expect(await jobs.dead("7")).toMatchObject([{ reason: "no", job: { id, failures: 19 } }]);
    // A revived job has twenty failures ahead of it again.
    await jobs.revive(id, "7");
    await run();
    expect((await jobs.get(id))?.failures).toBe(1);
  });

  it("is given up at once when its handler says so", async () => {
    const { jobs, run } = failing(() => new JobRefusedError("the server is gone", { isFinal: true }));
    const { id } = await jobs.schedule({ ...tea, every, dueAt: past() });
    await run();
    expect([await jobs.get(id), (await jobs.dead("7")).map(({ reason }) => reason)]).toEqual([
      undefined,
      ["the server is gone"],
    ]);
  });
});
