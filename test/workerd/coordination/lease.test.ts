import { describe, expect, it } from "vitest";
import { createLease, type Grant, LeaseTimingError } from "../../../src/coordination/index.ts";
import { createDatabase } from "../../support/database.ts";
import { clockOf, connect, createContender, createTime } from "./support.ts";

async function acquired({ lease }: Pick<ReturnType<typeof createContender>, "lease">): Promise<Grant> {
  const acquisition = await lease.acquire();
  if (!acquisition.held) throw new Error(`not held: ${JSON.stringify(acquisition)}`);
  return acquisition.grant;
}

describe("what it costs", () => {
  it("acquiring a free one: 2 commands in 2 round trips", async () => {
    const ada = createContender("ada");
    expect(await ada.database.cost(() => acquired(ada))).toEqual({ requests: 2, SET: 1, INCR: 1 });
  });

  it("finding it held: 1 in 1, and the reply names the holder", async () => {
    const database = createDatabase();
    await acquired(createContender("ada", { database }));
    const bob = createContender("bob", { database });
    const cost = await database.cost(async () =>
      expect(await bob.lease.acquire()).toEqual({ held: false, reason: "taken", by: "ada" }),
    );
    expect(cost).toEqual({ requests: 1, SET: 1 });
  });

  it("renewing and releasing: 1 in 1 each", async () => {
    const ada = createContender("ada");
    const grant = await acquired(ada);
    expect(await ada.database.cost(() => ada.lease.renew(grant))).toEqual({ requests: 1, SET: 1 });
    expect(await ada.database.cost(() => ada.lease.release(grant))).toEqual({ requests: 1, DELEX: 1 });
  });
});

describe("tokens", () => {
  it("grow with every holder, and the counter never expires", async () => {
    const database = createDatabase();
    const tokens: number[] = [];
    for (const holder of ["ada", "bob", "ada"]) {
      const contender = createContender(holder, { database });
      const grant = await acquired(contender);
      tokens.push(grant.token);
      await contender.lease.release(grant);
    }
    expect(tokens).toEqual([1, 2, 3]);
    expect(await database.raw("PTTL", "t:le:work")).toBe(-1);
  });

  it("that come after the deadline are void, and the lease is given back", async () => {
    const database = createDatabase();
    const time = createTime();
    const redis = connect(database)();
    let asked = 0;
    const lease = createLease({
      name: "work",
      holder: "ada",
      prefix: "t:",
      clock: clockOf(time),
      redis: () => {
        // The second command is the mint: the isolate freezes until its answer is too old.
        if (++asked === 2) time.now += 30_000;
        return redis;
      },
    });
    expect(await lease.acquire()).toEqual({ held: false, reason: "late" });
    expect(await database.raw("EXISTS", "t:l:work")).toBe(0);
  });
});

describe("deadlines", () => {
  it("count from before the request, however long its answer takes", async () => {
    const database = createDatabase();
    const time = createTime();
    const redis = connect(database)();
    const slow = createContender("ada", {
      database,
      time,
      redis: () => {
        queueMicrotask(() => (time.now += 1_000));
        return redis;
      },
    });
    const began = time.now;
    const grant = await acquired(slow);
    expect(time.now).toBe(began + 2_000);
    expect(grant.actUntil).toBe(began + 24_000);
    const renewal = await slow.lease.renew(grant);
    expect(renewal).toMatchObject({ renewed: true, grant: { actUntil: began + 2_000 + 24_000, token: grant.token } });
  });

  it("end the holder's acting before Redis gives the lease away", async () => {
    const ada = createContender("ada", { leaseMs: 10_000 });
    const grant = await acquired(ada);
    const left = Number(await ada.database.raw("PTTL", "t:l:work"));
    expect(grant.actUntil - ada.time.now).toBe(8_000);
    expect(left).toBeGreaterThan(9_000);
    expect(ada.lease.isHeld(grant)).toBe(true);
    ada.time.now = grant.actUntil;
    expect(ada.lease.isHeld(grant)).toBe(false);
  });

  it("are renewed no earlier than the retry, and up to a fifth later", async () => {
    const early = await acquired(createContender("ada"));
    const late = await acquired(createContender("ada", { clock: clockOf(createTime(), 1) }));
    expect([early.renewAt, late.renewAt].map((at) => at - createTime().now)).toEqual([12_000, 14_400]);
  });

  it.each([
    [{ leaseMs: 10_000, renewDeadlineMs: 9_900 }, /renewDeadlineMs \(9900\) must be at least 102 ms below/],
    [{ leaseMs: 10_000, renewDeadlineMs: 6_000, retryMs: 5_000 }, /above 1.2 x retryMs/],
    [{ leaseMs: 0 }, /leaseMs must be whole milliseconds/],
    [{ leaseMs: 1.5 }, /leaseMs must be whole milliseconds/],
  ])("refuse %j", (durations, text) => {
    expect(() => createContender("ada", durations)).toThrow(LeaseTimingError);
    expect(() => createContender("ada", durations)).toThrow(text);
  });
});

describe("a lost reply", () => {
  it("to the claim is read back: ours if it was set", async () => {
    const ada = createContender("ada");
    await ada.database.break({ at: "after", do: "drop", times: 1, match: "SET" });
    const grant = await acquired(ada);
    expect(await ada.database.raw("GET", "t:l:work")).toBe(grant.value);
  });

  it("to the claim is read back: set now if it was not", async () => {
    const ada = createContender("ada");
    await ada.database.break({ at: "before", do: "drop", times: 1, match: "SET" });
    expect(ada.lease.isHeld(await acquired(ada))).toBe(true);
  });

  it("to the mint leaves a gap and no doubt", async () => {
    const ada = createContender("ada");
    await ada.database.break({ at: "after", do: "drop", times: 1, match: "incr" });
    expect((await acquired(ada)).token).toBe(2);
  });

  it("to every mint: the lease is given back, and the failure told", async () => {
    const ada = createContender("ada");
    await ada.database.break({ at: "after", do: "drop", times: 2, match: "incr" });
    await expect(ada.lease.acquire()).rejects.toThrow("may or may not have run");
    expect(await ada.database.raw("EXISTS", "t:l:work")).toBe(0);
  });

  it("to a renewal is settled by renewing again", async () => {
    const ada = createContender("ada");
    const grant = await acquired(ada);
    await ada.database.break({ at: "after", do: "drop", times: 1 });
    expect(await ada.lease.renew(grant)).toMatchObject({ renewed: true });
    await ada.database.break({ at: "before", do: "drop", times: 2 });
    await expect(ada.lease.renew(grant)).rejects.toThrow("may or may not have run");
    expect(ada.lease.isHeld(grant)).toBe(true);
  });
});

describe("somebody else's lease", () => {
  it("is neither renewed nor released, and the reply says whose it is", async () => {
    const database = createDatabase();
    const ada = createContender("ada", { database });
    const lapsed = await acquired(ada);
    await database.raw("DEL", "t:l:work");
    expect(await ada.lease.renew(lapsed)).toEqual({ renewed: false, by: null });
    await acquired(createContender("bob", { database }));
    expect(await ada.lease.renew(lapsed)).toEqual({ renewed: false, by: "bob" });
    expect(await ada.lease.release(lapsed)).toBe(false);
    expect(await database.raw("EXISTS", "t:l:work")).toBe(1);
  });

  it("includes an earlier one of the same holder", async () => {
    const database = createDatabase();
    const ada = createContender("ada", { database });
    const lapsed = await acquired(ada);
    await database.raw("DEL", "t:l:work");
    await acquired(ada);
    expect(await ada.lease.release(lapsed)).toBe(false);
    expect(await ada.lease.renew(lapsed)).toEqual({ renewed: false, by: "ada" });
  });

  it("is free at once after a release", async () => {
    const database = createDatabase();
    const ada = createContender("ada", { database });
    const bob = createContender("bob", { database });
    await ada.lease.release(await acquired(ada));
    expect((await acquired(bob)).token).toBe(2);
  });
});
