import { expect, it } from "vitest";
import { createConnection, createRedisState, type RedisEvent } from "../../../src/redis/index.ts";
import { createFakeClock, settle } from "../../support/clock.ts";
import { partsOf } from "../../support/connection.ts";

interface Sent {
  commands: unknown[];
  answer(): void;
}

/** A connection whose requests are answered by hand, on a clock that is moved by hand. */
function createWire(timeoutMs = 250, wireMs = 1_500) {
  const clock = createFakeClock();
  const state = createRedisState();
  const events: RedisEvent["type"][] = [];
  const sent: Sent[] = [];
  const kept: Promise<unknown>[] = [];
  /** Timers of a busy isolate are late by that. */
  const busy = { ms: 0 };
  const wire = (_input: unknown, init?: { body?: unknown; signal?: AbortSignal | null }) =>
    new Promise<Response>((resolve, reject) => {
      init?.signal?.addEventListener("abort", () => reject(new Error("aborted")));
      const commands = JSON.parse(String(init?.body)) as unknown[];
      sent.push({ commands, answer: () => resolve(Response.json(commands.map(() => ({ result: "1" })))) });
    });
  const connect = () =>
    createConnection({
      url: "https://redis.test",
      token: "t",
      state,
      timeoutMs,
      wireMs,
      retries: 0,
      clock: { ...clock, sleep: (ms, signal) => clock.sleep(ms === 0 ? 0 : ms + busy.ms, signal) },
      fetch: wire,
      report: (event) => events.push(event.type),
      waitUntil: (work) => void kept.push(work),
    });
  return { clock, state, events, sent, kept, busy, connect, ...partsOf(connect()) };
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => value,
    (error: { code: string }) => error.code,
  );

it("does not open the circuit for answers that a busy isolate took too late", async () => {
  const { clock, state, events, connect, busy } = createWire(1_500);
  busy.ms = 400;
  const reads = Array.from({ length: 20 }, () => codeOf(connect().commands.get("k")));
  await settle();
  await clock.advance(10_000);
  expect(new Set(await Promise.all(reads))).toEqual(new Set(["E_REDIS_BUSY"]));
  expect(state.breaker).toEqual({ value: "closed", failures: 0 });
  expect(events).not.toContain("lost");
});

it("takes an answer for as much longer as the isolate was busy", async () => {
  const { clock, commands, sent, busy, kept } = createWire(250, 250);
  busy.ms = 100;
  const read = codeOf(commands.get("k"));
  await settle();
  // The time is taken by one timer, and what its caller waits for needs no more life.
  expect(clock.sleeping()).toBe(1);
  await clock.advance(400);
  sent[0]?.answer();
  expect(await read).toBe("1");
  expect(kept).toEqual([]);
});

it("opens the circuit when Redis is silent for as long as an answer may take, but not for a call's shorter timeout", async () => {
  const { clock, state, connect, kept } = createWire(250);
  const reads = Array.from({ length: 5 }, () => codeOf(connect().commands.get("k")));
  await settle();
  await clock.advance(300);
  expect(await Promise.all(reads)).toEqual(Array.from({ length: 5 }, () => "E_REDIS_TIMEOUT"));
  expect(state.breaker).toEqual({ value: "closed", failures: 0 });
  expect(kept).toHaveLength(5);
  await clock.advance(1_500);
  await Promise.all(kept);
  expect(state.breaker.value).toBe("open");
});

it("closes the count of failures with an answer that came after its caller's timeout", async () => {
  const { clock, state, commands, sent, stats, kept } = createWire(250);
  state.breaker = { value: "closed", failures: 4 };
  const read = codeOf(commands.get("k"));
  await settle();
  await clock.advance(300);
  expect(await read).toBe("E_REDIS_TIMEOUT");
  sent[0]?.answer();
  await Promise.all(kept);
  expect(state.breaker).toEqual({ value: "closed", failures: 0 });
  expect(stats()).toMatchObject({ errors: 0, timeouts: 0 });
});

it("does not count the time in the queue of its slots as silence of Redis", async () => {
  const { clock, state, sent, connect } = createWire(1_500);
  const { within } = partsOf(connect());
  const reads: Promise<unknown>[] = [];
  // Six requests take all slots; the seventh leaves 50 ms before its timeout.
  for (let index = 0; index < 7; index++) {
    reads.push(codeOf(within(1_500).get(`k${index}`)));
    await settle();
  }
  expect(sent).toHaveLength(6);
  await clock.advance(1_450);
  for (const { answer } of sent) answer();
  await expect.poll(() => sent.length).toBe(7);
  await clock.advance(100);
  expect(await reads[6]).toBe("E_REDIS_TIMEOUT");
  expect(state.breaker).toEqual({ value: "closed", failures: 0 });
});

it("settles each call of a tick by its own timeout, also behind a transaction, and does not send what no caller waits for", async () => {
  const { clock, commands, within, sent } = createWire(1_500);
  const settledAt: Record<string, number> = {};
  const startedAt = clock.now();
  const note = (name: string, work: Promise<unknown>) =>
    codeOf(work).then((code) => {
      settledAt[name] = clock.now() - startedAt;
      return code;
    });
  const first = note("transaction", commands.multi().incr("a").exec());
  const behind = note("behind", within(250).get("b"));
  await settle();
  await clock.advance(1_200);
  expect(await behind).toBe("E_REDIS_GATE_TIMEOUT");
  sent[0]?.answer();
  await settle();
  await first;
  expect(settledAt).toEqual({ behind: 250, transaction: 1_200 });
  expect(sent).toHaveLength(1);
});
