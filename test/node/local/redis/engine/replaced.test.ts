import { expect, it } from "vitest";
import type { Backend } from "../../../../../local/redis/backend.ts";
import { createReplacedEngine } from "../../../../../local/redis/engine/replaced.ts";

/** Engines that are the test: each is named by its number, and starts when the test says so. */
function openEngines() {
  const told: string[] = [];
  const engines: { start(): void; fail(reason: Error): void; crash(reason: Error): void }[] = [];
  const start = () =>
    new Promise<Backend>((resolve, reject) => {
      const name = `engine ${engines.length + 1}`;
      let crash: (reason: Error) => void = () => {};
      const backend: Backend = {
        description: name,
        connect: () => Promise.reject(new Error(name)),
        close: async () => void told.push(`${name} closed`),
        onCrash: (listener) => void (crash = listener),
      };
      engines.push({ start: () => resolve(backend), fail: reject, crash: (reason) => crash(reason) });
    });
  return { told, engines, options: { start, log: (line: string) => void told.push(line) } };
}

async function begin() {
  const opened = openEngines();
  const creating = createReplacedEngine(opened.options);
  opened.engines[0]?.start();
  return { ...opened, backend: await creating };
}

it("starts one engine for all that connect after a crash", async () => {
  const { backend, engines, told } = await begin();
  backend.onCrash((reason) => told.push(reason.message));
  expect(backend.description).toBe("engine 1");
  await expect(backend.connect()).rejects.toThrow("engine 1");
  engines[0]?.crash(new Error("boom"));
  expect(engines).toHaveLength(1);
  const waiting = [backend.connect(), backend.connect()].map((one) => expect(one).rejects.toThrow("engine 2"));
  expect(engines).toHaveLength(2);
  engines[1]?.start();
  await Promise.all(waiting);
  expect(told).toEqual(["boom", "A new, empty one was started."]);
  await backend.close();
  expect(told.slice(2)).toEqual(["engine 2 closed"]);
});

it("closes an engine that is on its way, and says nothing of it", async () => {
  const { backend, engines, told } = await begin();
  engines[0]?.crash(new Error("boom"));
  const waiting = expect(backend.connect()).rejects.toThrow("engine 2");
  const closing = backend.close();
  engines[1]?.start();
  await Promise.all([waiting, closing]);
  expect(told).toEqual(["engine 2 closed"]);
});

it("closes while none can be started, and starts none once it is closed", async () => {
  const { backend, engines, told } = await begin();
  engines[0]?.crash(new Error("boom"));
  const waiting = expect(backend.connect()).rejects.toThrow("no memory");
  const closing = backend.close();
  engines[1]?.fail(new Error("no memory"));
  await Promise.all([waiting, closing]);
  await expect(backend.connect()).rejects.toThrow("engine 1");
  expect([engines.length, told]).toEqual([2, []]);
});
