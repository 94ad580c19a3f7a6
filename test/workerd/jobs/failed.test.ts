import { describe, expect, it } from "vitest";
import { type Job, JobRefusedError, nonceOf } from "../../../src/jobs/index.ts";
import { createJobWorld, future, past, tea } from "./support.ts";

describe("when it fails", () => {
  it("is tried again, later each time, under the same nonce, and given up with the reason", async () => {
    const tries: string[] = [];
    const { database, jobs, run, events } = createJobWorld({
      maxAttempts: 3,
      handlers: {
        tea: async (_job, { nonce, attempt }) => {
          tries.push(`${nonce} ${attempt}`);
          throw new Error("no water");
        },
      },
    });
    const job = await jobs.schedule({ ...tea, dueAt: past() });
    const waits: number[][] = [];
    for (let round = 0; round < 3; round++) {
      const before = Date.now();
      await run();
      const event = events.at(-1);
      if (event?.type !== "retry") break;
      waits.push([event.at - Date.now(), event.at - before]);
      await database.raw("ZADD", "t:j:due", past(), job.id);
    }
    expect(waits).toHaveLength(2);
    // A second for the difference between Redis's clock and this one.
    for (const [index, [least = 0, most = 0]] of waits.entries()) {
      expect(least).toBeLessThan(5_000 * 2 ** index + 1_000);
      expect(most).toBeGreaterThan(5_000 * 2 ** index - 1_000);
    }
    expect(tries).toEqual([1, 2, 3].map((attempt) => `${nonceOf(job)} ${attempt}`));
    expect(await jobs.dead("7")).toMatchObject([{ reason: "no water", job: { id: job.id } }]);
    expect(await jobs.list("7")).toEqual([]);
  });

  it("is given up with the reason that what was thrown has no text", async () => {
    const { jobs, run } = createJobWorld({
      maxAttempts: 1,
      handlers: { tea: () => Promise.reject(Object.create(null)) },
    });
    const job = await jobs.schedule({ ...tea, dueAt: past() });
    await run();
    expect(await jobs.dead("7")).toMatchObject([{ reason: "a value without a text was thrown", job: { id: job.id } }]);
  });

  it("that a handler refuses is given up at once, can be looked at and revived", async () => {
    let isBroken = true;
    const { database, jobs, run, made } = createJobWorld({
      handlers: {
        tea: async () => {
          if (isBroken) throw new JobRefusedError("the channel is gone");
          made.push("done");
        },
      },
    });
    const job = await jobs.schedule({ ...tea, dueAt: past() });
    await run();
    expect((await jobs.dead("7")).map(({ reason }) => reason)).toEqual(["the channel is gone"]);
    const [left] = (await database.raw("HPTTL", "t:j:dead:7", "FIELDS", 1, job.id)) as number[];
    expect(left).toBeGreaterThan(30 * 86_400_000 - 60_000);
    expect(left).toBeLessThanOrEqual(30 * 86_400_000);
    expect([await jobs.dead("8"), await jobs.revive(job.id, "8")]).toEqual([[], undefined]);
    isBroken = false;
    const cost = await database.cost(() => jobs.revive(job.id, "7"));
    expect(cost).toEqual({ requests: 2, EVAL: 1, HGET: 2, HEXISTS: 1, HSET: 1, ZADD: 2, HDEL: 1, ZREM: 1 });
    await run();
    expect([made, await jobs.dead("7"), await jobs.revive(job.id, "7")]).toEqual([["done"], [], undefined]);
  });

  it("stays where it is when it is revived while its owner's key holds another type", async () => {
    const { database, jobs, run } = createJobWorld({
      handlers: {
        tea: async () => {
          throw new JobRefusedError("the channel is gone");
        },
      },
    });
    const { id } = await jobs.schedule({ ...tea, dueAt: past() });
    await run();
    await database.raw("SET", "t:j:of:7", "?");
    await expect(jobs.revive(id, "7")).rejects.toThrow("WRONGTYPE");
    expect((await jobs.dead("7")).map(({ job }) => job.id)).toEqual([id]);
  });

  it("is revived once by two callers at once", async () => {
    const { jobs, run, made } = createJobWorld({
      handlers: {
        tea: async (_job, { attempt }) => {
          if (made.length === 0 && made.push(`refused ${attempt}`)) throw new JobRefusedError("the channel is gone");
          made.push("done");
        },
      },
    });
    const job = await jobs.schedule({ ...tea, dueAt: past() });
    await run();
    const revived = await Promise.all([jobs.revive(job.id, "7"), jobs.revive(job.id, "7")]);
    expect(revived.filter((one) => one !== undefined)).toHaveLength(1);
    await run();
    expect(made).toEqual(["refused 1", "done"]);
  });

  it("of nothing that handles it, waits for a version that does", async () => {
    const { jobs, run, events } = createJobWorld({ handlers: {} });
    await jobs.schedule({ ...tea, dueAt: past() });
    await run();
    expect(events).toMatchObject([{ type: "retry", error: new Error('nothing here handles "tea"') }]);
  });

  it("takes its isolate along each time, is given up like the others", async () => {
    const { database, jobs, run, made } = createJobWorld({ maxAttempts: 3 });
    const job = await jobs.schedule({ ...tea, dueAt: past() });
    // Claimed, and never settled.
    const isolate = createJobWorld({
      database,
      claimMs: 5,
      maxAttempts: 100,
      handlers: { tea: () => new Promise(() => {}) },
    });
    // The server's clock has to pass the claim's end between them.
    const claims = async () => {
      void isolate.run();
      return Math.round((Number(await database.raw("ZSCORE", "t:j:due", job.id)) % 1) * 1024);
    };
    await expect.poll(claims).toBeGreaterThanOrEqual(3);
    const given = async () => {
      await run();
      return jobs.dead("7");
    };
    await expect.poll(given).toMatchObject([{ reason: "3 tries began, but did not end" }]);
    expect(made).toEqual([]);
  });

  it("to be kept for sure: a lost reply is read back", async () => {
    const { database, jobs } = createJobWorld();
    for (const at of ["after", "before"] as const) {
      await database.break({ at, do: "drop", times: 1, match: "HSET" });
      let job: Job | undefined;
      const cost = await database.cost(
        async () => void (job = await jobs.schedule({ ...tea, id: at, dueAt: future() })),
      );
      // It is written once, and read back.
      expect(cost["HSET"]).toBe(1);
      expect(await jobs.get(at)).toEqual(job);
    }
  });
});
