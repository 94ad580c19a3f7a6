import { expect, it } from "vitest";
import { createLease, type Tenure, withLease } from "../../../src/coordination/index.ts";
import { createFakeClock } from "../../support/clock.ts";
import { createDatabase } from "../../support/database.ts";
import { connect } from "./support.ts";

function createWorker(holder: string, database = createDatabase(), chance = 0) {
  const clock = { ...createFakeClock(), random: () => chance };
  const lease = createLease({
    name: "work",
    holder,
    prefix: "t:",
    redis: connect(database),
    clock,
    leaseMs: 10_000,
  });
  const holding = Promise.withResolvers<Tenure>();
  const end = Promise.withResolvers<string>();
  const start = () =>
    withLease(
      lease,
      (tenure) => {
        holding.resolve(tenure);
        return end.promise;
      },
      { clock },
    );
  return { clock, database, holding: holding.promise, end, start };
}

it("runs work once at a time, names who runs it, and frees the lease right after", async () => {
  const ada = createWorker("ada");
  const bob = createWorker("bob", ada.database);
  const running = ada.start();
  const tenure = await ada.holding;
  expect([tenure.token, tenure.signal.aborted]).toEqual([tenure.grant().token, false]);
  expect(await bob.start()).toEqual({ ran: false, by: "ada" });
  ada.end.resolve("done");
  expect(await running).toEqual({ ran: true, value: "done", isCertain: true });
  expect(tenure.grant).toThrow('The lease "work" is no longer held');
  bob.end.resolve("mine");
  expect(await bob.start()).toMatchObject({ ran: true, value: "mine" });
});

it("renews the lease while the work goes on, with 1 command per renewal", async () => {
  const ada = createWorker("ada");
  const cost = await ada.database.cost(async () => {
    const running = ada.start();
    const { signal, grant } = await ada.holding;
    const before = grant().actUntil;
    await ada.clock.advance(4_000);
    await expect.poll(() => grant().actUntil - before).toBe(4_000);
    // Past the deadline that it had at first, and right up to the next renewal.
    await ada.clock.advance(3_999);
    await ada.clock.advance(0);
    expect(signal.aborted).toBe(false);
    ada.end.resolve("done");
    await running;
  });
  expect(cost).toEqual({ requests: 4, SET: 2, XADD: 1, DELEX: 1 });
  expect(ada.clock.sleeping()).toBe(0);
});

it("aborts the signal when another instance holds the lease", async () => {
  const ada = createWorker("ada");
  const running = ada.start();
  const { signal, grant } = await ada.holding;
  await ada.database.raw("SET", "t:l:work", "bob 1");
  await ada.clock.advance(4_000);
  await expect.poll(() => signal.aborted).toBe(true);
  expect(grant).toThrow('The lease "work" is no longer held');
  ada.end.resolve("too late");
  expect(await running).toEqual({ ran: true, value: "too late", isCertain: false });
  expect(await ada.database.raw("GET", "t:l:work")).toBe("bob 1");
});

it("aborts the signal at its own deadline when Redis does not answer", async () => {
  const ada = createWorker("ada");
  const running = ada.start();
  const { signal } = await ada.holding;
  await ada.database.break({ at: "before", do: "drop" });
  await ada.clock.advance(7_999);
  expect(signal.aborted).toBe(false);
  await ada.clock.advance(1);
  expect(signal.aborted).toBe(true);
  ada.end.resolve("");
  expect(await running).toMatchObject({ isCertain: false });
});

it("releases the lease after work that throws, and throws its error", async () => {
  const ada = createWorker("ada");
  const running = ada.start();
  await ada.holding;
  await ada.database.break({ at: "before", do: "stall", ms: 30, match: "DELEX" });
  ada.end.reject(new Error("broken"));
  await expect(running).rejects.toThrow("broken");
  expect(await ada.database.raw("EXISTS", "t:l:work")).toBe(0);
});

it.each([
  [0, 4_000, 1_000],
  [1, 4_800, 1_200],
])("tries a renewal that failed again in a quarter of the time, by chance %i", async (chance, firstMs, nextMs) => {
  const ada = createWorker("ada", createDatabase(), chance);
  const running = ada.start();
  const { signal, grant } = await ada.holding;
  const { actUntil } = grant();
  await ada.database.break({ at: "before", do: "drop", times: 2 });
  await ada.clock.advance(firstMs);
  await expect.poll(() => ada.clock.sleeping()).toBe(2);
  await ada.clock.advance(nextMs - 1);
  expect(grant().actUntil).toBe(actUntil);
  await ada.clock.advance(1);
  await expect.poll(() => grant().actUntil).toBe(actUntil + firstMs + nextMs);
  expect(signal.aborted).toBe(false);
  ada.end.resolve("done");
  expect(await running).toMatchObject({ isCertain: true });
});

it("gives the value of work whose lease could not be released", async () => {
  const ada = createWorker("ada");
  const running = ada.start();
  await ada.holding;
  await ada.database.break({ at: "before", do: "drop", match: "DELEX" });
  ada.end.resolve("done");
  expect(await running).toEqual({ ran: true, value: "done", isCertain: true });
});

it("does not run work whose lease came too late, and names no holder", async () => {
  const database = createDatabase();
  const clock = createFakeClock();
  const commands = connect(database)();
  let asked = 0;
  const redis = () => {
    // The mint: the isolate freezes until its answer is too old.
    if (++asked === 2) void clock.advance(8_000);
    return commands;
  };
  const lease = createLease({ name: "work", holder: "ada", prefix: "t:", redis, clock, leaseMs: 10_000 });
  const result = await withLease(lease, async () => "ran", { clock });
  expect(result).toEqual({ ran: false, by: null });
});

it("is not certain of work that ended at its deadline, nor gives it a lease for more", async () => {
  const database = createDatabase();
  const time = createFakeClock();
  // The isolate is frozen: no timer fires, and nothing aborts the signal.
  const sleep = (_ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
  const clock = { ...time, sleep };
  const shared = { name: "work", prefix: "t:", redis: connect(database), clock, leaseMs: 10_000 };
  const work = async ({ grant, signal }: Tenure) => {
    await time.advance(8_000);
    expect(grant).toThrow("no longer held");
    return signal.aborted;
  };
  const result = await withLease(createLease({ ...shared, holder: "ada" }), work, { clock });
  expect(result).toEqual({ ran: true, value: false, isCertain: false });
});
