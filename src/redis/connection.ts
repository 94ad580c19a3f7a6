import { type Clock, lazy, systemClock } from "../platform/index.ts";
import { createBatch } from "./batch.ts";
import type { BreakerOptions } from "./breaker.ts";
import { createCommands, type RedisCommands, type Submit } from "./commands.ts";
import type { RedisEvent } from "./events.ts";
import { createGate, type GateStats } from "./gate.ts";
import { checkHealth } from "./health.ts";
import type { AroundRequest, RedisMeter } from "./meter.ts";
import type { Command } from "./repeatable.ts";
import { createSender, errorFor } from "./sender.ts";
import { type HealthResult, type RedisState, type RedisStats, statsOf } from "./state.ts";
import { createTransport, type Mode, type Reply } from "./transport.ts";

export interface ConnectionOptions {
  /** The REST endpoint and its token. */
  url: string;
  token: string;
  /** The isolate's share: breaker, statistics, read-your-writes token. */
  state: RedisState;
  /** How long a call may take in milliseconds, waiting for a slot and every attempt included. Default: 1,500. */
  timeoutMs?: number;
  /**
   * How long a request stays on the wire, in milliseconds, although its callers have stopped waiting: only silence of that
   * length counts towards opening the circuit. Default: `timeoutMs`.
   */
  wireMs?: number;
  /** Further attempts, for commands that may run twice. Default: 2. */
  retries?: number;
  /** Requests in flight at once. Default: 6, the connections of an invocation on Workers. */
  size?: number;
  /** When the circuit opens, and for how long. Default: 5 failures in a row, 5 to 60 seconds. */
  breaker?: BreakerOptions;
  fetch?: typeof fetch;
  clock?: Clock;
  /** Receives what happens on the wire, for logs and metrics. */
  report?: (event: RedisEvent) => void;
  /** Counts what is billed and how long answers take. Scripts then count their calls. Default: nothing is counted. */
  meter?: RedisMeter;
  /** What commands are billed to unless `billedTo` says otherwise. Default: "". */
  cause?: string;
  /** Runs each request, such as in a span of a trace. Default: as it is. */
  around?: AroundRequest;
  /** Keeps the invocation alive for a request whose callers have stopped waiting. Default: it may end before the request. */
  waitUntil?: (work: Promise<unknown>) => void;
  /** Called once, with the first command. The commands these functions send leave in the same request. */
  onFirstCommand?: readonly (() => void)[];
}

/** The connection of one invocation to Redis. Sends nothing before the first command; uses nothing but `fetch`. */
export interface RedisConnection {
  /**
   * Typed commands with the connection's timeout. The commands of one tick leave as one ordered HTTP request: each is billed,
   * the round trip is shared. Two requests in flight have no order between them: await the first where order matters.
   * Throws the errors of `errors.ts`. A timeout throws; it never looks like a missing key.
   *
   * @example
   * const [text, count] = await Promise.all([redis.commands.get<string>(key), redis.commands.incr(counter)]); // one request
   */
  readonly commands: RedisCommands;
  /**
   * Returns the commands with another timeout, in milliseconds. They share a request with the `commands` of the same tick, and
   * each call settles by its own timeout.
   */
  within(timeoutMs: number): RedisCommands;
  /** Returns the same connection, whose commands are billed to another cause: a name that the meter is told. */
  billedTo(cause: string): Pick<RedisConnection, "commands" | "within">;
  /**
   * Sends commands with the connection's timeout, as one pipeline or transaction. Returns a reply for each, which may be an
   * error: `createSdk` is made of this.
   */
  readonly submit: Submit;
  /** Runs `task` in one of the invocation's `size` request slots, first come first served. */
  execute<T>(task: () => Promise<T>, borrowMs?: number): Promise<T>;
  /**
   * Returns whether Redis answers a PING within a second, or the last result if it is younger than `maxAgeMs` (default: 10,000).
   * Never throws. While another invocation of the isolate is asking, returns the last known result.
   *
   * Cost: 1 command, 1 round trip; 0 for a result that is known.
   */
  health(maxAgeMs?: number): Promise<HealthResult>;
  /** Returns the isolate's statistics, and those of this connection's slots. Cost: 0 commands. */
  stats(): RedisStats & { gate: GateStats };
  /** Rejects the commands and tasks that wait. Requests in flight finish. */
  close(): void;
}

/** Long enough for another continent, and short enough for the person who asks whether Redis answers. */
const longestPingMs = 1_000;

/** Returns the connection of one invocation. Cost: 0 commands. */
export function createConnection({
  url,
  token,
  state,
  timeoutMs = 1_500,
  wireMs = timeoutMs,
  retries = 2,
  size = 6,
  breaker,
  fetch = (input, init) => globalThis.fetch(input, init),
  clock = systemClock,
  report = () => {},
  meter,
  cause: usual = "",
  around = (_commands, send) => send(),
  waitUntil = () => {},
  onFirstCommand = [],
}: ConnectionOptions): RedisConnection {
  // Made by the first command: many invocations only ask for the last known health.
  const gate = lazy(() => createGate({ size, clock }));
  const sender = lazy(() => {
    const transport = createTransport({ url, token, fetch, clock, state });
    return createSender({
      transport: (mode, commands, ms) => around(commands, () => transport(mode, commands, ms)),
      gate: gate(),
      state,
      clock,
      report,
      retries,
      wireMs,
      ...(breaker && { breaker }),
      ...(meter && { onAnswered: (ms: number) => meter.answered(ms) }),
    });
  });
  const batch = lazy(() =>
    createBatch({
      send: sender(),
      clock,
      wireMs,
      waitUntil,
      ...(meter && { onBilled: (cause: string, commands: number) => meter.billed(cause, commands) }),
    }),
  );

  const pingMs = Math.min(timeoutMs, longestPingMs);
  let isFirst = true;
  const byTimeout = new Map<string, RedisCommands>();

  async function send(mode: Mode, commands: readonly Command[], ms: number, cause: string): Promise<Reply[]> {
    const replies = batch().add(mode, commands, ms, cause);
    if (isFirst) {
      isFirst = false;
      for (const run of onFirstCommand) run();
    }
    try {
      return await replies;
    } catch (cause) {
      throw errorFor(commands, cause);
    }
  }

  function within(ms: number, cause = usual): RedisCommands {
    const key = `${ms} ${cause}`;
    const known = byTimeout.get(key);
    if (known) return known;
    const commands = createCommands(
      (mode, list) => send(mode, list, ms, cause),
      meter && ((calls) => meter.billed(cause, calls)),
    );
    byTimeout.set(key, commands);
    return commands;
  }

  return {
    get commands() {
      return within(timeoutMs);
    },
    within: (ms) => within(ms),
    billedTo: (cause) => ({
      get commands() {
        return within(timeoutMs, cause);
      },
      within: (ms) => within(ms, cause),
    }),
    submit: (mode, commands) => send(mode, commands, timeoutMs, usual),
    execute: (task, borrowMs = timeoutMs) => gate().execute(task, borrowMs),
    health: (maxAgeMs = 10_000) =>
      checkHealth({ state, clock, maxAgeMs, timeoutMs: pingMs, ping: () => within(pingMs).ping() }),
    stats: () => ({ ...statsOf(state), gate: gate().stats() }),
    close() {
      batch().close();
      gate().close();
    },
  };
}
