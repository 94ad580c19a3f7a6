import { expect, it } from "vitest";
import { cacheKind } from "../../../src/cache/index.ts";
import { type Clock, systemClock } from "../../../src/platform/index.ts";
import { createDatabase } from "../../support/database.ts";
import { base, createTestIsolate } from "./support.ts";

const user = cacheKind<string>({ ...base, waitMs: 2_000 });
const billed = (cost: Record<string, number>): number =>
  Object.entries(cost).reduce((sum, [name, count]) => (name === "requests" ? sum : sum + count), 0);
const slowly = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

it("fetches once, for the cost of one miss, for thirty invocations of an isolate that miss at once", async () => {
  const isolate = createTestIsolate();
  let calls = 0;
  const fetcher = async () => {
    calls += 1;
    await slowly(100);
    return "Ada";
  };
  const cost = await isolate.database.cost(async () => {
    const reads = Array.from({ length: 30 }, () => isolate.invocation().of(user).get("1", fetcher));
    expect(new Set(await Promise.all(reads))).toEqual(new Set(["Ada"]));
    await isolate.settled();
  });
  expect(calls).toBe(1);
  expect(cost).toEqual({ requests: 3, MGET: 1, SET: 2 });
  expect(isolate.invocation().of(user).stats()).toMatchObject({ misses: 1, localHits: 29 });
});

it("polls once for thirty keys that another isolate is fetching", async () => {
  const database = createDatabase();
  const [one, other] = [createTestIsolate({ database }), createTestIsolate({ database })];
  const ids = Array.from({ length: 30 }, (_, index) => String(index));
  let calls = 0;
  const fetcher = async () => {
    calls += 1;
    await slowly(200);
    return "Ada";
  };
  const started = one.invocation().of(user);
  const filling = Promise.all(ids.map((id) => started.get(id, fetcher)));
  await expect.poll(() => calls, { interval: 5 }).toBe(30);
  const cost = await database.cost(async () => {
    const waiting = other.invocation().of(user);
    await Promise.all(ids.map((id) => waiting.get(id, fetcher)));
  });
  await filling;
  await one.settled();
  expect(calls).toBe(30);
  // 30 first reads, the polls, and the other isolate's fills.
  expect(cost["MGET"]).toBeLessThanOrEqual(36);
  expect(billed(cost)).toBeLessThanOrEqual(70);
});

it("waits for L1 or a free place, instead of throwing, while Redis does not answer", async () => {
  const isolate = createTestIsolate();
  await isolate.database.break({ at: "before", do: "drop" });
  let calls = 0;
  const fetcher = async () => {
    calls += 1;
    await slowly(150);
    return "Ada";
  };
  // Twelve entries of eight places, each wanted by ten invocations.
  const reads = Array.from({ length: 120 }, (_, index) =>
    isolate
      .invocation()
      .of(user)
      .get(String(index % 12), fetcher),
  );
  expect(new Set(await Promise.all(reads))).toEqual(new Set(["Ada"]));
  expect(calls).toBeLessThanOrEqual(24);
  await isolate.database.mend();
});

it("does not wait for an invocation that died longer than a second, and looks meanwhile ever less often, by chance", async () => {
  const sleeps: number[] = [];
  const time = { now: 1_000_000 };
  const clock: Clock = {
    now: () => time.now,
    random: () => 0.75,
    sleep: async (ms, signal) => {
      if (ms >= 5_000) return systemClock.sleep(ms, signal);
      sleeps.push(ms);
      time.now += ms;
    },
  };
  const isolate = createTestIsolate({ clock });
  const read = (endsBy: number) => {
    isolate.state.loading.set("t:c:user:1", { endsBy });
    return isolate
      .invocation()
      .of(user)
      .get("1", async () => "Ada");
  };
  expect(await read(time.now + 5_000)).toBe("Ada");
  const waited = sleeps.splice(0);
  const total = waited.reduce((sum, ms) => sum + ms, 0);
  expect([total >= 1_000, total - (waited.at(-1) ?? 0) < 1_000]).toEqual([true, true]);
  // Every time 9/8 by chance of five, or of a quarter of what it has waited.
  expect(waited.slice(0, 6)).toEqual([5.625, 5.625, 5.625, 5.625, 6.328125, 8.10791015625]);
  expect((waited.at(-1) ?? 0) / (waited.at(-2) ?? 1)).toBeGreaterThan(1.2);
  await isolate.settled();
  await isolate.invocation().of(user).delete("1");
  // The mark has ended.
  expect(await read(time.now - 1)).toBe("Ada");
  expect(sleeps).toEqual([]);
  await isolate.settled();
  expect(isolate.state.loading.size).toBe(0);
  await isolate.invocation().of(user).delete("1");
  // The mark ends now.
  await read(time.now);
  expect(sleeps).toHaveLength(1);
  await isolate.settled();
});

it("stops waiting for an invocation that failed, and leaves the mark of the next one", async () => {
  let sleeps = 0;
  const clock: Clock = {
    ...systemClock,
    sleep: async (ms, signal) => {
      if (ms >= 5_000) return systemClock.sleep(ms, signal);
      sleeps += 1;
      isolate.state.loading.delete("t:c:user:1");
    },
  };
  const isolate = createTestIsolate({ clock });
  isolate.state.loading.set("t:c:user:1", { endsBy: clock.now() + 60_000 });
  const next = { endsBy: clock.now() + 60_000 };
  const fetcher = async () => {
    isolate.state.loading.set("t:c:user:1", next);
    return "Ada";
  };
  expect(await isolate.invocation().of(user).get("1", fetcher)).toBe("Ada");
  expect([sleeps, isolate.state.loading.get("t:c:user:1")]).toEqual([1, next]);
  await isolate.settled();
});

it("does not wait for a fetch under way where it has no fetcher", async () => {
  const sleeps: number[] = [];
  const clock: Clock = {
    ...systemClock,
    sleep: (ms, signal) => (sleeps.push(ms), systemClock.sleep(ms, signal)),
  };
  const isolate = createTestIsolate({ clock });
  const [began, end] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()];
  const fetching = isolate
    .invocation()
    .of(user)
    .get("1", () => (began.resolve(), end.promise));
  await began.promise;
  expect(await isolate.invocation().of(user).get("1")).toBeUndefined();
  // The fetch has its timeout.
  expect(sleeps).toEqual([5_000]);
  end.resolve("Ada");
  expect(await fetching).toBe("Ada");
  await isolate.settled();
});
