import { describe, expect, it } from "vitest";
import { createFakeClock } from "../../support/clock.ts";
import { createInstance, createPair } from "./support.ts";

describe("as leader", () => {
  it("leads for as long as the work takes, renews the lease meanwhile, and resigns behind it", async () => {
    const clock = { ...createFakeClock(Date.now()), random: () => 0 };
    const ada = createInstance("ada", { clock });
    const { database } = ada;
    const [holding, end] = [Promise.withResolvers<number>(), Promise.withResolvers<string>()];
    const leading = ada.asLeader(({ token }) => {
      holding.resolve(token);
      return end.promise;
    });
    expect(await holding.promise).toBe(ada.fence().token);
    await clock.advance(56_999);
    expect(ada.leads()?.actUntil).toBe(clock.now() - 56_999 + 72_000);
    await clock.advance(1);
    await expect.poll(() => ada.leads()?.actUntil).toBe(clock.now() + 72_000);
    await clock.advance(70_000);
    await expect.poll(() => ada.isLeader()).toBe(true);
    end.resolve("done");
    expect(await leading).toEqual({ led: true, value: "done" });
    expect([ada.isLeader(), await database.raw("EXISTS", "t:l:main"), clock.sleeping()]).toEqual([false, 0, 0]);
  });

  it("goes on leading where it leads already, and resigns after work that throws", async () => {
    const ada = createInstance("ada");
    expect(ada.leads()).toBeUndefined();
    await ada.database.break({ at: "before", do: "stall", ms: 30, match: "DELEX" });
    await expect(ada.asLeader(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect([ada.isLeader(), await ada.database.raw("EXISTS", "t:l:main")]).toEqual([false, 0]);
    // Also right after it has resigned.
    expect(await ada.asLeader(async () => ada.isLeader())).toEqual({ led: true, value: true });
    await ada.tick(true);
    expect(await ada.asLeader(async () => "done")).toEqual({ led: true, value: "done" });
    expect(ada.isLeader()).toBe(true);
    const { time } = ada;
    expect(ada.leads()).toEqual({ actUntil: time.now + 72_000, endsAt: time.now + 90_000 });
    // Work that takes no time needs no renewal, due as it is, before or behind it.
    time.now += 57_000;
    expect(await ada.database.cost(() => ada.asLeader(async () => "done"))).toEqual({ requests: 0 });
  });

  it("stops renewing once another instance has the lease, and does not seek it again for the same work", async () => {
    const clock = { ...createFakeClock(Date.now()), random: () => 0 };
    const ada = createInstance("ada", { clock });
    const { database } = ada;
    const [holding, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const leading = ada.asLeader(() => {
      holding.resolve();
      return end.promise;
    });
    await holding.promise;
    await database.raw("SET", "t:l:main", "bob 1");
    await clock.advance(57_000);
    await expect.poll(() => ada.isLeader()).toBe(false);
    await database.raw("DEL", "t:l:main");
    expect(await database.cost(() => clock.advance(60_000))).toEqual({ requests: 0 });
    expect([ada.state.leader, clock.sleeping()]).toEqual(["bob", 0]);
    end.resolve();
    await leading;
  });

  it("does no work while another instance leads, and says who does and when to try again", async () => {
    const { bob } = await createPair();
    let calls = 0;
    const led = await bob.asLeader(async () => (calls += 1));
    expect([led, calls]).toEqual([{ led: false, by: "ada", retryAt: bob.nextAt() }, 0]);
    expect(bob.nextAt()).toBeGreaterThan(bob.time.now);
  });
});
