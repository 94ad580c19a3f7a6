import { expect, it, onTestFinished, vi } from "vitest";
import type { Backend } from "../../../../../local/redis/backend.ts";
import { createEngine, createEngineThread } from "../../../../../local/redis/index.ts";
import { createRespClient } from "../../../../../local/redis/resp/client.ts";

// The times of an engine, by a clock that the test moves.

function fake(...toFake: ("setInterval" | "clearInterval" | "performance")[]) {
  vi.useFakeTimers({ toFake });
  onTestFinished(() => void vi.useRealTimers());
}

function connect(backend: Backend) {
  onTestFinished(() => backend.close());
  const client = createRespClient(backend);
  return async (...command: string[]) => (await client.send([command]))[0];
}

/** A search in C, which never looks at the time. */
const search = "return string.find(string.rep('a', 60), string.rep('a?', 60) .. string.rep('a', 60))";

it.each([
  [{}, 10],
  [{ stuckMs: 3_000 }, 6],
])("ends a thread %j that is silent for more than %i s, and none that answers", async (options, seconds) => {
  fake("setInterval", "clearInterval", "performance");
  const backend = await createEngineThread(options);
  const crashes: string[] = [];
  backend.onCrash(({ message }) => void crashes.push(message));
  const run = connect(backend);
  for (let round = 0; round < 30; round++) {
    vi.advanceTimersByTime(500);
    await run("PING");
  }
  const stuck = run("EVAL", search, "0").catch((error: Error) => error.message);
  vi.advanceTimersByTime(500 + seconds * 1_000);
  expect(crashes).toEqual([]);
  vi.advanceTimersByTime(500);
  expect(crashes).toEqual([expect.stringMatching(`did not answer for ${seconds} s, most likely because of a script`)]);
  expect(await stuck).toBe(crashes[0]);
  expect(vi.getTimerCount()).toBe(0);
});

it("keeps the time that it is told, ahead of the machine's", async () => {
  const backend = await createEngineThread({ aheadMs: 3_600_000 });
  const run = connect(backend);
  const aheadMs = async () => {
    const [seconds] = (await run("TIME")) as [Buffer, Buffer];
    return Number(seconds.toString()) * 1_000 - Date.now();
  };
  expect(Math.abs((await aheadMs()) - 3_600_000)).toBeLessThan(5_000);
  backend.setAhead(86_400_000);
  expect(Math.abs((await aheadMs()) - 86_400_000)).toBeLessThan(5_000);
  backend.setAhead(0);
  expect(Math.abs(await aheadMs())).toBeLessThan(5_000);
});

it("answers without waiting for a timer, which wakes it ten times a second for what is due", async () => {
  fake("setInterval", "clearInterval");
  let now = 1_700_000_000_000;
  const backend = await createEngine({ now: () => now });
  const [run, other] = [connect(backend), connect(backend)];
  expect(await run("ECHO", "a")).toEqual(Buffer.from("a"));
  let isOver = false;
  const waiting = run("BLPOP", "list", "0.05").finally(() => (isOver = true));
  await other("PING");
  now += 60;
  vi.advanceTimersByTime(99);
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  expect(isOver).toBe(false);
  vi.advanceTimersByTime(1);
  expect(await waiting).toBeNull();
});

it("lets a script run for a moment", async () => {
  const run = connect(await createEngine());
  expect(await run("EVAL", "local n = 0 for i = 1, 3000000 do n = n + 1 end return n", "0")).toBe(3_000_000);
});
