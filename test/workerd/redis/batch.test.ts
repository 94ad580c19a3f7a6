import { expect, it } from "vitest";
import { createBatch } from "../../../src/redis/batch.ts";
import type { Mode } from "../../../src/redis/transport.ts";
import { createFakeClock, settle } from "../../support/clock.ts";

/** A batch whose requests take `tookMs` and reply with what was sent. */
function createWire(tookMs: number[] = [], lateMs = 0) {
  const real = createFakeClock();
  // Timers of a busy isolate are late.
  const sleep = (ms: number, signal?: AbortSignal) => real.sleep(ms === 0 ? 0 : ms + lateMs, signal);
  const clock = { ...real, sleep };
  const sent: { mode: Mode; count: number; timeoutMs: number }[] = [];
  const batch = createBatch({
    clock,
    wireMs: 0,
    async send(mode, commands, timeoutMs) {
      sent.push({ mode, count: commands.length, timeoutMs });
      await real.sleep(tookMs[sent.length - 1] ?? 0);
      return commands.map(([, result]) => ({ result }));
    },
  });
  const names = (count: number) => Array.from({ length: count }, (_, index) => ["GET", `k${index}`] as const);
  return { clock, sent, add: batch.add, names };
}

it("sends up to a thousand commands in a request, and keeps the replies of more in order", async () => {
  const { clock, sent, add, names } = createWire();
  const asked = Promise.all(names(2_001).map((command) => add("pipeline", [command], 1_000)));
  await clock.advance(0);
  await clock.advance(0);
  await clock.advance(0);
  expect((await asked).flat()).toEqual(names(2_001).map(([, result]) => ({ result })));
  expect(sent.map(({ count }) => count)).toEqual([1_000, 1_000, 1]);
});

it.each([
  [400, [1_000]],
  [401, [600, 401]],
])("keeps the commands of one call together: after 600 of another, %i leave as %j", async (count, counts) => {
  const { clock, sent, add, names } = createWire();
  const asked = Promise.all([add("pipeline", names(600), 1_000), add("pipeline", names(count), 1_000)]);
  await clock.advance(0);
  await clock.advance(0);
  expect((await asked).map(({ length }) => length)).toEqual([600, count]);
  expect(sent.map((one) => one.count)).toEqual(counts);
});

it("counts the room that each call leaves in a request", async () => {
  const { clock, sent, add, names } = createWire();
  const asked = Promise.all([600, 300, 200, 800].map((count) => add("pipeline", names(count), 1_000)));
  await clock.advance(0);
  await clock.advance(0);
  await asked;
  expect(sent.map(({ count }) => count)).toEqual([900, 1_000]);
});

it("rejects what waits behind another request at its own timeout, and does not send it", async () => {
  const { clock, sent, add, names } = createWire([2_000]);
  const first = add("multi-exec", names(1), 500).catch((error: unknown) => error);
  const second = add("pipeline", names(1), 500).catch((error: unknown) => error);
  await settle();
  await clock.advance(500);
  expect(await second).toMatchObject({ code: "E_REDIS_GATE_TIMEOUT" });
  expect(await first).toMatchObject({ mayHaveRun: true });
  await clock.advance(1_500);
  expect(sent).toHaveLength(1);
});

it("sends each transaction alone, also beside another", async () => {
  const { clock, sent, add, names } = createWire();
  const asked = Promise.all([
    add("multi-exec", names(2), 1_000),
    add("multi-exec", names(3), 1_000),
    add("pipeline", names(1), 1_000),
    add("pipeline", names(1), 1_000),
  ]);
  for (let request = 0; request < 3; request++) await clock.advance(0);
  await asked;
  expect(sent.map(({ mode, count }) => [mode, count])).toEqual([
    ["multi-exec", 2],
    ["multi-exec", 3],
    ["pipeline", 2],
  ]);
});

it.each([
  [[11], [2]],
  [[12], [1, 1]],
  [[5, 16], [3]],
  [
    [5, 30],
    [2, 1],
  ],
])("counts commands that follow after %j awaits to the same tick, or not: %j", async (turns, counts) => {
  const { clock, sent, add, names } = createWire();
  const asked = [add("pipeline", names(1), 1_000)];
  for (const count of turns) {
    for (let turn = 0; turn < count; turn++) await Promise.resolve();
    asked.push(add("pipeline", names(1), 1_000));
  }
  await settle();
  await clock.advance(0);
  await Promise.all(asked);
  expect(sent.map(({ count }) => count)).toEqual(counts);
});

it("gives a request a millisecond whose callers' time is over, as a busy isolate waits for longer", async () => {
  const { clock, sent, add, names } = createWire([600], 200);
  const first = add("multi-exec", names(1), 500);
  const second = add("pipeline", names(1), 500);
  await settle();
  await clock.advance(600);
  await clock.advance(0);
  expect(await Promise.all([first, second])).toHaveLength(2);
  expect(sent.map(({ timeoutMs }) => timeoutMs)).toEqual([500, 1]);
});

it("lets a request take as long as the most patient of its calls waits, less what earlier ones took", async () => {
  const { clock, sent, add, names } = createWire([300]);
  const asked = Promise.all([
    add("multi-exec", names(1), 500),
    add("pipeline", names(1), 1_000),
    add("pipeline", names(1), 700),
  ]);
  await settle();
  await clock.advance(300);
  await clock.advance(0);
  await asked;
  expect(sent.map(({ timeoutMs }) => timeoutMs)).toEqual([500, 700]);
  expect(clock.sleeping()).toBe(0);
});
