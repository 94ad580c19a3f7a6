import { expect, it } from "vitest";
import { createGate } from "../../../src/redis/gate.ts";
import { createFakeClock, settle } from "../../support/clock.ts";

/** A gate with `size` tasks running that end when told to. */
async function busy(size: number) {
  const clock = createFakeClock();
  const gate = createGate({ size, clock });
  const finish: (() => void)[] = [];
  const run = () => gate.execute(() => new Promise<void>((resolve) => finish.push(resolve)), 1_000);
  const running = Array.from({ length: size }, run);
  await settle();
  return { clock, gate, finish, run, running };
}

it("runs at most `size` tasks at once and the others first come, first served", async () => {
  const { gate, finish } = await busy(2);
  const order: number[] = [];
  const waiting = [1, 2, 3].map((n) => gate.execute(async () => void order.push(n), 1_000));
  await settle();
  expect(order).toEqual([]);
  expect(gate.stats()).toMatchObject({ inFlight: 2, waiting: 3, utilisation: 1 });
  finish[0]?.();
  await Promise.all(waiting);
  expect(order).toEqual([1, 2, 3]);
  expect(gate.stats()).toMatchObject({ inFlight: 1, waiting: 0, peak: 2, borrowed: 5, returned: 4, utilisation: 0.5 });
});

it("rejects a task that waited for the borrow timeout, and never runs it", async () => {
  const { clock, gate, finish } = await busy(1);
  let ran = false;
  const waiting = gate.execute(async () => void (ran = true), 100);
  const refused = expect(waiting).rejects.toMatchObject({ code: "E_REDIS_GATE_TIMEOUT" });
  await clock.advance(100);
  await refused;
  finish[0]?.();
  await settle();
  expect(ran).toBe(false);
  expect(gate.stats()).toMatchObject({ inFlight: 0, waiting: 0, timedOut: 1 });
});

it("leaves no timer running when a slot comes free in time", async () => {
  const { clock, finish, run } = await busy(1);
  const second = run();
  expect(clock.sleeping()).toBe(1);
  finish[0]?.();
  await settle();
  expect(clock.sleeping()).toBe(0);
  finish[1]?.();
  await second;
});

it("rejects waiting and later tasks once the gate is closed, and lets running tasks finish", async () => {
  const { gate, finish, run, running } = await busy(1);
  const waiting = expect(run()).rejects.toMatchObject({ code: "E_REDIS_CLOSED" });
  gate.close();
  gate.close();
  await waiting;
  await expect(run()).rejects.toMatchObject({ code: "E_REDIS_CLOSED" });
  finish[0]?.();
  await expect(running[0]).resolves.toBeUndefined();
});

it("frees the slot of a task that throws", async () => {
  const gate = createGate({ size: 1, clock: createFakeClock() });
  await expect(gate.execute(() => Promise.reject(new Error("task")), 10)).rejects.toThrow("task");
  await expect(gate.execute(async () => "next", 10)).resolves.toBe("next");
});
