import { describe, expect, it } from "vitest";
import { createLease, type Grant, LeaseTimingError } from "../../../src/coordination/index.ts";
import { createDatabase } from "../../support/database.ts";
import { clockOf, connect, createContender, createTime } from "./support.ts";

async function acquired({ lease }: Pick<ReturnType<typeof createContender>, "lease">): Promise<Grant> {
  const acquisition = await lease.acquire();
  if (!acquisition.held) throw new Error(`not held: ${JSON.stringify(acquisition)}`);
  return acquisition.grant;
}

describe("cost", () => {
  it("acquires a free lease with 2 commands in 2 round trips", async () => {
    const ada = createContender("ada");
    expect(await ada.database.cost(() => acquired(ada))).toEqual({ requests: 2, SET: 1, XADD: 1 });
  });

  it("names the holder of a lease that is taken, with 1 command in 1 round trip", async () => {
    const database = createDatabase();
    await acquired(createContender("ada", { database }));
    const bob = createContender("bob", { database });
    const cost = await database.cost(async () =>
      expect(await bob.lease.acquire()).toEqual({ held: false, reason: "taken", by: "ada" }),
    );
    expect(cost).toEqual({ requests: 1, SET: 1 });
  });

  it("renews and releases a lease with 1 command in 1 round trip each", async () => {
    const ada = createContender("ada");
    const grant = await acquired(ada);
    expect(await ada.database.cost(() => ada.lease.renew(grant))).toEqual({ requests: 1, SET: 1 });
    expect(await ada.database.cost(() => ada.lease.release(grant))).toEqual({ requests: 1, DELEX: 1 });
  });
});

describe("tokens", () => {
  it("mints a greater token for every holder, from a stream of one entry that never expires", async () => {
    const database = createDatabase();
    const tokens: number[] = [];
    for (const holder of ["ada", "bob", "ada"]) {
      const contender = createContender(holder, { database });
      const grant = await acquired(contender);
      tokens.push(grant.token);
      await contender.lease.release(grant);
    }
    expect(tokens).toEqual([...new Set(tokens)].toSorted((a, b) => a - b));
    expect([await database.raw("XLEN", "t:le:work"), await database.raw("PTTL", "t:le:work")]).toEqual([1, -1]);
  });

  it("frees the lease when its token comes after the deadline", async () => {
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
    await database.break({ at: "before", do: "stall", ms: 30, match: "DELEX" });
    expect(await lease.acquire()).toEqual({ held: false, reason: "late" });
    expect(await database.raw("EXISTS", "t:l:work")).toBe(0);
    // It expires where it cannot be freed.
    asked = 0;
    await database.break({ at: "before", do: "drop", match: "DELEX" });
    expect(await lease.acquire()).toEqual({ held: false, reason: "late" });
  });
});

describe("deadlines", () => {
  it("counts deadlines from before the request", async () => {
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
    expect([grant.actUntil, grant.renewAt]).toEqual([began + 24_000, began + 12_000]);
    // Redis may have begun to count as late as the answer came.
    expect(grant.endsAt).toBe(began + 2_000 + 30_000);
    const renewal = await slow.lease.renew(grant);
    expect(renewal).toMatchObject({ renewed: true, grant: { actUntil: began + 2_000 + 24_000, token: grant.token } });
  });

  it("ends a holder's time to act before Redis frees the lease", async () => {
    const ada = createContender("ada", { leaseMs: 10_000 });
    const before = await ada.database.serverTime();
    const grant = await acquired(ada);
    expect(grant.actUntil - ada.time.now).toBe(8_000);
    const endsAt = await ada.database.raw("PEXPIRETIME", "t:l:work");
    expect(endsAt).toBeGreaterThanOrEqual(before + 10_000);
    expect(endsAt).toBeLessThanOrEqual((await ada.database.serverTime()) + 10_000);
    expect(ada.lease.isHeld(grant)).toBe(true);
    ada.time.now = grant.actUntil;
    expect(ada.lease.isHeld(grant)).toBe(false);
  });

  it("keeps the lease in Redis for its whole time anew with a renewal", async () => {
    const ada = createContender("ada", { leaseMs: 10_000 });
    const grant = await acquired(ada);
    await ada.database.raw("PEXPIRE", "t:l:work", 1_000);
    const before = await ada.database.serverTime();
    await ada.lease.renew(grant);
    const endsAt = await ada.database.raw("PEXPIRETIME", "t:l:work");
    expect(endsAt).toBeGreaterThanOrEqual(before + 10_000);
    expect(endsAt).toBeLessThanOrEqual((await ada.database.serverTime()) + 10_000);
  });

  it.each([
    [23_999, true],
    [24_000, false],
  ])("holds a lease whose token came %i ms after it was asked for: %s", async (ms, held) => {
    const time = createTime();
    const database = createDatabase();
    const redis = connect(database)();
    let asked = 0;
    const { lease } = createContender("ada", {
      time,
      redis: () => {
        if (++asked === 2) time.now += ms;
        return redis;
      },
    });
    expect((await lease.acquire()).held).toBe(held);
    expect(await database.raw("EXISTS", "t:l:work")).toBe(Number(held));
  });

  it("accepts durations right at their bounds", () => {
    const bounds = { leaseMs: 10_000, renewDeadlineMs: 9_898, retryMs: 8_248 };
    expect(createContender("ada", bounds).lease.timing).toEqual(bounds);
    expect(createContender("ada", { ...bounds, retryMs: 1 }).lease.timing.retryMs).toBe(1);
    const odd = { leaseMs: 10_001, renewDeadlineMs: 9_898 };
    expect(createContender("ada", odd).lease.timing.renewDeadlineMs).toBe(9_898);
    expect(() => createContender("ada", { ...odd, renewDeadlineMs: 9_899 })).toThrow("at least 103 ms below");
    expect(() => createContender("ada", { ...bounds, renewDeadlineMs: 9_899 })).toThrow("at least 102 ms below");
    const exact = { leaseMs: 10_000, renewDeadlineMs: 6_000 };
    expect(() => createContender("ada", { ...exact, retryMs: 5_000 })).toThrow("above 1.2 x retryMs");
    expect(createContender("ada", { ...exact, retryMs: 4_999 }).lease.timing.retryMs).toBe(4_999);
  });

  it("rounds the durations down that follow from the lease's", () => {
    const { timing } = createContender("ada", { leaseMs: 10_004 }).lease;
    expect(timing).toEqual({ leaseMs: 10_004, renewDeadlineMs: 8_003, retryMs: 4_001 });
  });

  it("renews no earlier than `retryMs`, and up to a fifth later", async () => {
    const time = createTime();
    const early = await acquired(createContender("ada", { time }));
    const late = await acquired(createContender("ada", { clock: clockOf(time, 1) }));
    expect([early.renewAt, late.renewAt].map((at) => at - time.now)).toEqual([12_000, 14_400]);
  });

  it.each([
    [{ leaseMs: 10_000, renewDeadlineMs: 9_900 }, /renewDeadlineMs \(9900\) must be at least 102 ms below/],
    [{ leaseMs: 10_000, renewDeadlineMs: 6_000, retryMs: 5_000 }, /above 1.2 x retryMs/],
    [{ leaseMs: 0 }, /leaseMs must be whole milliseconds/],
    [{ leaseMs: 1.5 }, /leaseMs must be whole milliseconds/],
  ])("refuses the durations %j", (durations, text) => {
    expect(() => createContender("ada", durations)).toThrow(LeaseTimingError);
    expect(() => createContender("ada", durations)).toThrow(text);
  });
});

describe("a lost reply", () => {
  it("acquires the lease when the reply to its claim is lost", async () => {
    const ada = createContender("ada");
    await ada.database.break({ at: "after", do: "drop", times: 1, match: "SET" });
    const grant = await acquired(ada);
    expect(await ada.database.raw("GET", "t:l:work")).toBe(grant.value);
  });

  it("acquires the lease when its claim is lost on the way", async () => {
    const ada = createContender("ada");
    await ada.database.break({ at: "before", do: "drop", times: 1, match: "SET" });
    expect(ada.lease.isHeld(await acquired(ada))).toBe(true);
  });

  it("mints again when the reply to a minting is lost", async () => {
    const ada = createContender("ada");
    await ada.database.break({ at: "after", do: "drop", times: 1, match: "XADD" });
    const cost = await ada.database.cost(() => acquired(ada));
    expect(cost).toEqual({ requests: 3, SET: 1, XADD: 2 });
  });

  it("frees the lease and throws when every reply to a minting is lost", async () => {
    const ada = createContender("ada");
    const lost = { at: "after", do: "drop", times: 2, match: "XADD" } as const;
    await ada.database.break(lost, { at: "before", do: "stall", ms: 30, match: "DELEX" });
    await expect(ada.lease.acquire()).rejects.toThrow("XADD");
    expect(await ada.database.raw("EXISTS", "t:l:work")).toBe(0);
    await ada.database.break(lost, { at: "before", do: "drop", match: "DELEX" });
    await expect(ada.lease.acquire()).rejects.toThrow("XADD");
  });

  it("renews again when the reply to a renewal is lost, and counts from the second request", async () => {
    const database = createDatabase();
    const time = createTime();
    const redis = connect(database)();
    let stepMs = 0;
    const ada = createContender("ada", {
      database,
      time,
      redis: () => {
        time.now += stepMs;
        return redis;
      },
    });
    const grant = await acquired(ada);
    await ada.database.break({ at: "after", do: "drop", times: 1 });
    stepMs = 1_000;
    expect(await ada.lease.renew(grant)).toMatchObject({ renewed: true, grant: { actUntil: grant.actUntil + 1_000 } });
    await ada.database.break({ at: "before", do: "drop", times: 2 });
    await expect(ada.lease.renew(grant)).rejects.toThrow("may or may not have run");
    expect(ada.lease.isHeld(grant)).toBe(true);
  });
});

describe("another holder's lease", () => {
  it("is left as it is by a contender that asks for it, its value and its time", async () => {
    const database = createDatabase();
    const { value } = await acquired(createContender("ada", { database }));
    await database.raw("PEXPIRE", "t:l:work", 5_000);
    expect((await createContender("bob", { database }).lease.acquire()).held).toBe(false);
    expect(await database.raw("GET", "t:l:work")).toBe(value);
    expect(await database.raw("PTTL", "t:l:work")).toBeLessThanOrEqual(5_000);
  });

  it("neither renews nor releases another holder's lease, and names that holder", async () => {
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

  it("neither renews nor releases a later lease of the same holder", async () => {
    const database = createDatabase();
    const ada = createContender("ada", { database });
    const lapsed = await acquired(ada);
    await database.raw("DEL", "t:l:work");
    await acquired(ada);
    expect(await ada.lease.release(lapsed)).toBe(false);
    expect(await ada.lease.renew(lapsed)).toEqual({ renewed: false, by: "ada" });
  });

  it("frees the lease at once after a release", async () => {
    const database = createDatabase();
    const ada = createContender("ada", { database });
    const bob = createContender("bob", { database });
    const grant = await acquired(ada);
    await ada.lease.release(grant);
    expect((await acquired(bob)).token).toBeGreaterThan(grant.token);
  });
});
