import { type Clock, systemClock } from "../platform/index.ts";
import { createBatch } from "./batch.ts";
import type { BreakerOptions } from "./breaker.ts";
import { createCommands, type RedisCommands } from "./commands.ts";
import type { RedisEvent } from "./events.ts";
import { createGate, type GateStats } from "./gate.ts";
import { checkHealth } from "./health.ts";
import { createSender, type Sender } from "./sender.ts";
import { type HealthResult, type RedisState, type RedisStats, statsOf } from "./state.ts";
import { createTransport } from "./transport.ts";

export interface ConnectionOptions {
  /** The REST endpoint and its token. */
  url: string;
  token: string;
  /** The isolate's share: breaker, statistics, read-your-writes token. */
  state: RedisState;
  /** How long a call may take, in milliseconds: waiting for a slot and every attempt included. */
  timeoutMs?: number;
  /** Further attempts, for commands that may run twice. */
  retries?: number;
  /** Requests in flight at once. */
  size?: number;
  breaker?: BreakerOptions;
  fetch?: typeof fetch;
  clock?: Clock;
  random?: () => number;
  report?: (event: RedisEvent) => void;
  /** Called once, when the first command was given: the commands they give leave in the same request. */
  onFirstCommand?: readonly (() => void)[];
}

/** The door to Redis for one invocation. Opens nothing until a command is given; all it does is `fetch`. */
export interface RedisConnection {
  /**
   * Typed commands. Those given in one tick leave as one ordered HTTP request: each command is billed, the round trip is
   * shared. Two requests in flight have no order between them: await the first where order matters.
   * Throws the errors of `errors.ts`; a timeout throws, and never looks like a missing key.
   */
  readonly commands: RedisCommands;
  /**
   * The same with a timeout of their own, in milliseconds. They leave with `commands` of the same tick as one request, which
   * goes on for as long as somebody waits for it.
   */
  within(timeoutMs: number): RedisCommands;
  /** Runs any request of the invocation through its gate of `size` slots, first come first served. */
  execute<T>(task: () => Promise<T>, borrowMs?: number): Promise<T>;
  /**
   * Does Redis answer? Never throws. At most one PING per `maxAgeMs` and isolate: 1 command in 1 round trip, or 0 when the
   * last answer is younger, or when another invocation is asking and an older answer is known.
   */
  health(maxAgeMs?: number): Promise<HealthResult>;
  stats(): RedisStats & { gate: GateStats };
  /** Rejects what waits; requests in flight finish. */
  close(): void;
}

/** Opens the door for one invocation. 0 commands, 0 round trips. */
export function createConnection({
  url,
  token,
  state,
  timeoutMs = 1_500,
  retries = 2,
  size = 6,
  breaker,
  fetch = (input, init) => globalThis.fetch(input, init),
  clock = systemClock,
  random = Math.random,
  report = () => {},
  onFirstCommand = [],
}: ConnectionOptions): RedisConnection {
  const gate = createGate({ size, clock });
  let sender: Sender | undefined;

  /** Made by the first command: many invocations ask for nothing but the last known health. */
  const send: Sender = (...request) => {
    sender ??= createSender({
      transport: createTransport({ url, token, fetch, clock, state }),
      gate,
      state,
      clock,
      random,
      report,
      retries,
      ...(breaker && { breaker }),
    });
    return sender(...request);
  };

  const batch = createBatch(send, clock);
  let isFirst = true;
  const byPatience = new Map<number, RedisCommands>();

  function within(ms: number): RedisCommands {
    const known = byPatience.get(ms);
    if (known) return known;
    const commands = createCommands((mode, list) => {
      const replies = batch.add(mode, list, ms);
      if (isFirst) {
        isFirst = false;
        for (const run of onFirstCommand) run();
      }
      return replies;
    });
    byPatience.set(ms, commands);
    return commands;
  }

  return {
    get commands() {
      return within(timeoutMs);
    },
    within,
    execute: (task, borrowMs = timeoutMs) => gate.execute(task, borrowMs),
    health: (maxAgeMs = 10_000) =>
      checkHealth({ state, clock, maxAgeMs, timeoutMs, ping: () => within(timeoutMs).ping() }),
    stats: () => ({ ...statsOf(state), gate: gate.stats() }),
    close() {
      batch.close();
      gate.close();
    },
  };
}
