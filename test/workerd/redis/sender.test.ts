import { expect, it } from "vitest";
import { closed } from "../../../src/redis/breaker.ts";
import { RedisReplyError, RedisTimeoutError, RedisUnavailableError } from "../../../src/redis/errors.ts";
import { createGate } from "../../../src/redis/gate.ts";
import type { RedisEvent } from "../../../src/redis/index.ts";
import type { Command } from "../../../src/redis/repeatable.ts";
import { createSender, errorFor, type SenderOptions } from "../../../src/redis/sender.ts";
import { createRedisState, statsOf } from "../../../src/redis/state.ts";
import { type Reply, TransportFailure } from "../../../src/redis/transport.ts";
import { createFakeClock, settle } from "../../support/clock.ts";

const lost = () => new TransportFailure(new RedisUnavailableError("connection reset"), { mayHaveRun: true });
const timedOut = () => new TransportFailure(new RedisTimeoutError(1_000), { mayHaveRun: true });
const limited = (retryAfterMs?: number) =>
  new TransportFailure(new RedisUnavailableError("Redis is limiting our rate"), {
    mayHaveRun: false,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
const refused = () =>
  new TransportFailure(new RedisReplyError("pipeline", "ERR no"), { mayHaveRun: false, isRetryable: false });

type Outcome = Reply[] | TransportFailure;

/** A sender whose requests end as `outcome` says, by their number from 0. */
function createWire(
  outcome: (request: number) => Outcome,
  { chance = () => 0.5, size = 6, ...others }: Partial<SenderOptions> & { chance?(): number; size?: number } = {},
) {
  const clock = { ...createFakeClock(), random: chance };
  const state = createRedisState();
  const events: RedisEvent[] = [];
  const sent: { at: number; timeoutMs: number }[] = [];
  const startedAt = clock.now();
  const gate = createGate({ size, clock });
  const send = createSender({
    transport: async (_mode, _commands, timeoutMs) => {
      sent.push({ at: clock.now() - startedAt, timeoutMs });
      const ended = outcome(sent.length - 1);
      if (ended instanceof TransportFailure) throw ended;
      return ended;
    },
    gate,
    state,
    clock,
    report: (event) => void events.push(event),
    retries: 2,
    wireMs: 0,
    ...others,
  });
  /** Sends commands, lets the time pass that they need, and returns the replies or the failure. */
  async function run(commands: readonly Command[] = [["GET", "k"]], timeoutMs = 60_000): Promise<unknown> {
    const result = send("pipeline", commands, timeoutMs).catch((cause: unknown) => cause);
    await settle();
    await clock.advance(timeoutMs);
    return result;
  }
  return { clock, state, events, sent, gate, run };
}

const well: Reply[] = [{ result: "1" }];
const typesOf = (events: readonly RedisEvent[]) => events.map(({ type }) => type);

it("waits before each further attempt for a share, by chance, of 50 ms that double up to 400 ms", async () => {
  const chances = [0.9, 0.5, 0.1, 1, 0.5];
  let at = 0;
  const { sent, events, run } = createWire(() => limited(), { retries: 5, chance: () => chances[at++] ?? 0 });
  await run();
  const pauses = [45, 50, 20, 400, 200];
  expect(events.flatMap((event) => (event.type === "retry" ? [event.pauseMs] : []))).toEqual(pauses);
  expect(sent.map((one) => one.at)).toEqual([0, 45, 95, 115, 515, 715]);
});

it("waits for as long as the server asks before it sends again", async () => {
  const { sent, run } = createWire((request) => (request === 0 ? limited(2_000) : well));
  expect(await run()).toEqual(well);
  expect(sent.map(({ at }) => at)).toEqual([0, 2_000]);
});

it.each([
  [1_000, 1],
  [1_001, 2],
])(
  "sends again only what its callers still wait for: with a timeout of %i ms, %i requests",
  async (timeoutMs, times) => {
    const { sent, run } = createWire((request) => (request === 0 ? limited(1_000) : well));
    await run([["GET", "k"]], timeoutMs);
    expect(sent).toHaveLength(times);
  },
);

it.each<[string, readonly Command[], () => TransportFailure, number]>([
  ["reads that may have run", [["GET", "k"]], lost, 3],
  ["a write that may have run", [["INCR", "k"]], lost, 1],
  [
    "a read beside a write that may have run",
    [
      ["GET", "k"],
      ["INCR", "k"],
    ],
    lost,
    1,
  ],
  ["a write that did not run", [["INCR", "k"]], limited, 3],
  ["what the server blames", [["GET", "k"]], refused, 1],
])("sends %s as often as it may", async (_name, commands, failure, times) => {
  const { sent, state, run } = createWire(failure);
  expect(await run(commands)).toBeInstanceOf(TransportFailure);
  expect([sent.length, state.counters.retries]).toEqual([times, times - 1]);
});

it("gives each attempt the time that is left of the callers' timeout", async () => {
  const { sent, run } = createWire((request) => (request === 0 ? limited(200) : well), { wireMs: 1_000 });
  await run([["GET", "k"]], 1_000);
  expect(sent).toEqual([
    { at: 0, timeoutMs: 1_000 },
    { at: 200, timeoutMs: 800 },
  ]);
});

it("waits for a slot no longer than its callers wait, further attempts included", async () => {
  const { gate, run } = createWire(() => limited(500), { size: 1 });
  const result = run([["GET", "k"]], 1_000);
  await settle();
  // Another request takes the slot during the pause.
  void gate.execute(() => new Promise(() => {}), 0);
  expect(await result).toMatchObject({
    code: "E_REDIS_GATE_TIMEOUT",
    message: expect.stringContaining("waited 500 ms"),
  });
});

it("leaves a request on the wire for longer than its callers wait", async () => {
  const { sent, run } = createWire(() => well, { wireMs: 1_500 });
  await run([["GET", "k"]], 250);
  await run([["GET", "k"]], 2_000);
  expect(sent.map(({ timeoutMs }) => timeoutMs)).toEqual([1_500, 2_000]);
});

it.each([
  ["a refused token, a bad request", refused],
  ["a rate limit", () => limited()],
])("takes %s for an answer: it never opens the circuit, and ends a row of failures", async (_name, failure) => {
  const { state, events, run } = createWire(failure, { retries: 0 });
  state.breaker = { value: "closed", failures: 4 };
  for (let request = 0; request < 20; request++) await run();
  expect(state.breaker).toEqual(closed);
  state.breaker = { value: "open", until: 0, cooldownMs: 5_000 };
  await run();
  expect(state.breaker).toEqual(closed);
  expect(typesOf(events)).not.toContain("lost");
});

it("sends nothing for five seconds after five failures in a row, and then one probe", async () => {
  const { clock, state, events, sent, run } = createWire(lost, { retries: 0 });
  for (let request = 0; request < 4; request++) await run([["GET", "k"]], 1);
  expect(state.breaker).toEqual({ value: "closed", failures: 4 });
  await run([["GET", "k"]], 0);
  expect(await run([["GET", "k"]], 0)).toMatchObject({ code: "E_REDIS_CIRCUIT_OPEN", retryAt: clock.now() + 5_000 });
  await clock.advance(4_999);
  expect(await run([["GET", "k"]], 0)).toMatchObject({ code: "E_REDIS_CIRCUIT_OPEN" });
  expect(sent).toHaveLength(5);
  await clock.advance(1);
  await run([["GET", "k"]], 0);
  expect(sent).toHaveLength(6);
  // The circuit is lost once, however often its probes fail.
  expect(typesOf(events).filter((type) => type === "lost")).toHaveLength(1);
});

it.each([
  [250, 1],
  [251, 0],
])(
  "counts silence as a failure where a request had three quarters of its time: %i ms late, %i failures",
  async (late, failures) => {
    const { state, run } = createWire((request) => (request === 0 ? limited(late) : timedOut()), {
      retries: 1,
      wireMs: 1_000,
    });
    await run([["GET", "k"]], 1_000);
    expect(state.breaker).toEqual({ value: "closed", failures });
    expect(state.counters).toMatchObject({ errors: 2, timeouts: 1 });
  },
);

it("reports a refusal that holds for all commands once a request, and none of a single record or command", async () => {
  const texts = [
    "OOM command not allowed",
    "OOM command not allowed",
    "READONLY You can't write against a read only replica.",
    "WRONGTYPE Operation against a key",
    "ERR max request size exceeded",
    "ERR syntax error",
  ];
  const { events, run } = createWire(() => texts.map((error) => ({ error })));
  await run(texts.map(() => ["SET", "k", "v"]));
  expect(typesOf(events)).toEqual(["connect", "refused", "refused"]);
  expect(events.map((event) => ("error" in event ? event.error.message : ""))).toEqual([
    "",
    "Redis refused SET: OOM command not allowed",
    "Redis refused SET: READONLY You can't write against a read only replica.",
  ]);
});

it("reports that Redis is restored once, when a probe closes the circuit", async () => {
  const { state, events, run } = createWire(() => well);
  await run();
  expect(typesOf(events)).toEqual(["connect"]);
  state.breaker = { value: "open", until: 0, cooldownMs: 5_000 };
  await run();
  await run();
  expect(typesOf(events)).toEqual(["connect", "restored"]);
});

it("measures how long each request takes", async () => {
  const { clock, state, run } = createWire(() => {
    void clock.advance(100);
    return well;
  });
  await run();
  expect(statsOf(state).latency.p50).toBeGreaterThanOrEqual(100);
  expect(statsOf(state).latency.p50).toBeLessThanOrEqual(125);
});

it("says that an outcome is unknown for a write alone, and only if it may have run", () => {
  expect(errorFor([["INCR", "k"]], lost())).toMatchObject({ code: "E_REDIS_UNKNOWN_OUTCOME" });
  expect(errorFor([["SET", "k", "v"]], timedOut())).toMatchObject({ code: "E_REDIS_UNKNOWN_OUTCOME" });
  expect(errorFor([["INCR", "k"]], limited())).toMatchObject({ code: "E_REDIS_UNAVAILABLE" });
  expect(errorFor([["GET", "k"]], lost())).toMatchObject({ code: "E_REDIS_UNAVAILABLE" });
  const other = new Error("closed");
  expect(errorFor([["INCR", "k"]], other)).toBe(other);
});
