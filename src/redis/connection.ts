import { type Clock, systemClock } from "../platform/index.ts";
import { type Batch, createBatch } from "./batch.ts";
import type { BreakerOptions } from "./breaker.ts";
import { createCommands, type RedisCommands, type Submit } from "./commands.ts";
import type { RedisEvent } from "./events.ts";
import { createGate, type Gate, type GateStats } from "./gate.ts";
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
export const createConnection = (options: ConnectionOptions): RedisConnection => new Connection(options);

// --- Internal helpers ---

const globalFetch: typeof fetch = (input, init) => globalThis.fetch(input, init);

/**
 * A class, since each invocation makes one and many only ask for the last known health: what sends is made by the first
 * command.
 */
class Connection implements RedisConnection {
  readonly #options: ConnectionOptions;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #usual: string;
  readonly #byTimeout = new Map<string, RedisCommands>();
  #openedGate: Gate | undefined;
  #openedBatch: Batch | undefined;
  #isFirst = true;

  constructor(options: ConnectionOptions) {
    const { timeoutMs = 1_500, clock = systemClock, cause = "" } = options;
    this.#options = options;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#usual = cause;
  }

  get commands(): RedisCommands {
    return this.#within(this.#timeoutMs, this.#usual);
  }

  within(timeoutMs: number): RedisCommands {
    return this.#within(timeoutMs, this.#usual);
  }

  billedTo(cause: string): Pick<RedisConnection, "commands" | "within"> {
    const within = (timeoutMs: number) => this.#within(timeoutMs, cause);
    const usualMs = this.#timeoutMs;
    return {
      get commands() {
        return within(usualMs);
      },
      within,
    };
  }

  get submit(): Submit {
    return (mode, commands) => this.#send(mode, commands, this.#timeoutMs, this.#usual);
  }

  execute<T>(task: () => Promise<T>, borrowMs = this.#timeoutMs): Promise<T> {
    return this.#gate.execute(task, borrowMs);
  }

  health(maxAgeMs = 10_000): Promise<HealthResult> {
    const timeoutMs = Math.min(this.#timeoutMs, longestPingMs);
    const ping = () => this.within(timeoutMs).ping();
    return checkHealth({ state: this.#options.state, clock: this.#clock, maxAgeMs, timeoutMs, ping });
  }

  stats(): RedisStats & { gate: GateStats } {
    return { ...statsOf(this.#options.state), gate: this.#gate.stats() };
  }

  close(): void {
    this.#batch.close();
    this.#gate.close();
  }

  get #gate(): Gate {
    return (this.#openedGate ??= createGate({ size: this.#options.size ?? 6, clock: this.#clock }));
  }

  get #batch(): Batch {
    return (this.#openedBatch ??= this.#openBatch());
  }

  #openBatch(): Batch {
    const { url, token, state, fetch = globalFetch, around = (_commands, send) => send() } = this.#options;
    const {
      wireMs = this.#timeoutMs,
      retries = 2,
      breaker,
      report = () => {},
      waitUntil = () => {},
      meter,
    } = this.#options;
    const clock = this.#clock;
    const transport = createTransport({ url, token, fetch, clock, state });
    const send = createSender({
      transport: (mode, commands, ms) => around(commands, () => transport(mode, commands, ms)),
      gate: this.#gate,
      state,
      clock,
      report,
      retries,
      wireMs,
      breaker,
      ...(meter && { onAnswered: (ms: number) => meter.answered(ms) }),
    });
    return createBatch({
      send,
      clock,
      wireMs,
      waitUntil,
      ...(meter && { onBilled: (cause: string, commands: number) => meter.billed(cause, commands) }),
    });
  }

  async #send(mode: Mode, commands: readonly Command[], ms: number, cause: string): Promise<Reply[]> {
    const replies = this.#batch.add(mode, commands, ms, cause);
    if (this.#isFirst) {
      this.#isFirst = false;
      for (const run of this.#options.onFirstCommand ?? []) run();
    }
    try {
      return await replies;
    } catch (cause) {
      throw errorFor(commands, cause);
    }
  }

  #within(ms: number, cause: string): RedisCommands {
    const key = `${ms} ${cause}`;
    const known = this.#byTimeout.get(key);
    if (known) return known;
    const { meter } = this.#options;
    const commands = createCommands(
      (mode, list) => this.#send(mode, list, ms, cause),
      meter && ((calls) => meter.billed(cause, calls)),
    );
    this.#byTimeout.set(key, commands);
    return commands;
  }
}
