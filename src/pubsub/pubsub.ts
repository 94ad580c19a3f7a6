// Over 200 lines, of which half is the contract: options, costs and guarantees in one place.
import { type Clock, systemClock } from "../platform/index.ts";
import type { PubsubCommands, PubsubContext } from "./context.ts";
import { type BusDuty, createBusDuty, type Follower, type PumpOptions, type PumpResult, runPump } from "./duty.ts";
import { PubsubClosedError } from "./errors.ts";
import type { Gap, PubsubEvent } from "./events.ts";
import { type FollowOptions, type Step, steps } from "./follow.ts";
import { createGroup, type Group, type GroupOptions } from "./group.ts";
import { createHandlers, type Handler } from "./handlers.ts";
import { createKeys } from "./keys.ts";
import { createListener, type PollResult } from "./listener.ts";
import type { Message } from "./message.ts";
import type { PaceOptions } from "./pace.ts";
import { type Published, type PublishOptions, publish, publishOnce, trim, type Write } from "./publish.ts";
import { listenerOf, type PubsubCounters, type PubsubState } from "./state.ts";
import { createSubscriber, type Subscriber, type SubscriberOptions } from "./subscriber.ts";

export interface PubsubOptions {
  /** The isolate's share: cursors, memories, statistics. */
  state: PubsubState;
  /** The door to Redis; asked for when first needed. */
  redis(): PubsubCommands;
  /** Before every key. */
  prefix: string;
  /** The isolate's id: it says where a message came from. */
  source: string;
  /** Keeps the invocation alive for what nobody waits for. */
  waitUntil(work: Promise<unknown>): void;
  bus?: string;
  /**
   * Invocations of one isolate share a cursor under this name, and each message reaches the handlers of one of them: those
   * that register other handlers, such as a pump's, take another name.
   */
  listener?: string;
  report?(event: PubsubEvent): void;
  clock?: Clock;
  createId?(): string;
  /** Messages are kept for this long at least, in milliseconds, unless there are more than `maxLength`. */
  retentionMs?: number;
  /** The most messages kept, give or take a few hundred. */
  maxLength?: number;
  /** The most that the data of one message may take as JSON, in bytes. */
  maxBytes?: number;
  /** Message ids that a listener or group remembers in an isolate: one published twice within so many arrives once. */
  memorySize?: number;
  /** Messages of one read. */
  pageSize?: number;
  /** `pollAlong` asks the bus no more often than this, in milliseconds. */
  minPollMs?: number;
}

export interface PubsubStats extends PubsubCounters {
  /** Channels and patterns with handlers, and handlers, of this invocation. */
  channels: number;
  subscriptions: number;
  /** From published to delivered, of the last message, in milliseconds; and whether more is waiting. */
  lagMs: number;
  hasMore: boolean;
}

/**
 * Publish and subscribe by asking: one stream for all channels of a bus, one invocation's handlers. Fan-out reaches every
 * isolate that polls at least once, in the order of the bus; a message published twice is delivered once by whoever remembers
 * it (`memorySize`). What was trimmed before it was read is a gap, and is told. Costs are commands / round trips.
 */
export interface Pubsub {
  readonly source: string;
  /**
   * Publishes JSON or a string to a channel. 1/1. A lost answer is resolved by publishing again under the same message id.
   * Throws `InvalidChannelError`, `NotJsonError`, `MessageTooLargeError`, `PublishUncertainError` and those of `redis/`.
   */
  publish(channel: string, data: unknown, options?: PublishOptions): Promise<Published>;
  /** The same, once for all calls with this key within a day. 3/2, then 1/1. */
  publishOnce(
    channel: string,
    data: unknown,
    options: { key: string; type?: string },
  ): Promise<{ id: string; isRepeated: boolean }>;
  /** Adds a handler to a channel or a pattern (`guild.*`); the function given back takes it away. 0. */
  subscribe<T>(pattern: string, handler: Handler<T>): () => void;
  /** Takes one handler away, or all of a channel or pattern; says how many. 0. */
  unsubscribe<T>(pattern: string, handler?: Handler<T>): number;
  /** Is called when messages were missed, by the listener or by a named subscriber of this invocation. 0. */
  onGap(handler: (gap: Gap) => void): () => void;
  /** Has this isolate a place on the bus? What was published before it had one does not reach it. 0. */
  hasStarted(): boolean;
  /** Reads one page of the bus, for any number of channels, and runs the handlers. 1/1. */
  poll(): Promise<PollResult>;
  /**
   * Polls if this isolate has not for `minPollMs`, in the request that leaves at the end of this tick: 1 command and no round trip
   * of its own when one is sent anyway. Never throws; what it does goes on under `waitUntil`. Says whether it polls.
   */
  pollAlong(): boolean;
  /** Everything on these channels and patterns, as it comes or from `after` on. 1/1 per poll. */
  messages(patterns: readonly string[], options?: FollowOptions): AsyncIterable<Message>;
  /** The same with gaps, and with the place on the bus when nothing came. */
  steps(patterns: readonly string[], options?: FollowOptions): AsyncGenerator<Step, void, void>;
  /** A subscriber whose cursor is in Redis. 0. */
  subscriber(name: string, options?: SubscriberOptions): Subscriber;
  /** A group of workers. 0. */
  group(name: string, options?: GroupOptions): Group;
  /** Polls until a deadline, within a budget: for a cron tick. */
  runPump(options: PumpOptions): Promise<PumpResult>;
  /** The same as one duty among others, for a pump that has more to do. */
  duty(options?: PaceOptions & { followers?: readonly Follower[] }): BusDuty;
  /** Cuts the bus to its age and length exactly; publishing does it as it goes, less exactly. 2/1. Says how many went. */
  trim(through?: Write): Promise<number>;
  stats(): PubsubStats;
  /** Takes all handlers away and ends those who follow; publishing throws from then on. Safe to call twice. */
  close(): void;
}

export function createPubsub({
  state,
  redis,
  prefix,
  source,
  waitUntil,
  bus = "main",
  listener: listenerName = "main",
  report = () => {},
  clock = systemClock,
  createId = () => crypto.randomUUID(),
  retentionMs = 24 * 3_600_000,
  maxLength = 10_000,
  maxBytes = 64 * 1024,
  memorySize = 2_000,
  pageSize = 100,
  minPollMs = 5_000,
}: PubsubOptions): Pubsub {
  const context: PubsubContext = {
    state,
    keys: createKeys(prefix, bus),
    redis,
    exec(...command) {
      state.commands += 1;
      return redis().exec(command);
    },
    clock,
    createId,
    report,
    reportGap(gap) {
      state.counters.gaps += 1;
      state.counters.missed += gap.missed ?? 1;
      report({ type: "gap", ...gap });
    },
    source,
    retentionMs,
    maxLength,
    maxBytes,
    memorySize,
    pageSize,
  };
  const handlers = createHandlers(context);
  const gapHandlers = new Set<(gap: Gap) => void>();
  const onGap = (gap: Gap) => {
    for (const handler of gapHandlers) handler(gap);
  };
  const own = listenerOf(state, `${bus}:${listenerName}`, memorySize);
  const reader = `listener ${listenerName}` as const;
  const listener = createListener(context, own, handlers, reader, onGap);
  const closing = new AbortController();

  function open(): PubsubContext {
    if (closing.signal.aborted) throw new PubsubClosedError();
    return context;
  }

  function follow(patterns: readonly string[], { signal, ...options }: FollowOptions = {}) {
    const signals = signal ? [signal, closing.signal] : [closing.signal];
    return steps(open(), patterns, { ...options, signal: AbortSignal.any(signals) });
  }

  return {
    source,
    publish: async (channel, data, options) => publish(open(), channel, data, options),
    publishOnce: async (channel, data, options) => publishOnce(open(), channel, data, options),
    subscribe: handlers.add,
    unsubscribe: handlers.remove,
    onGap(handler) {
      gapHandlers.add(handler);
      return () => void gapHandlers.delete(handler);
    },
    hasStarted: () => own.cursor !== undefined,
    poll: async () => {
      open();
      return listener.poll();
    },
    pollAlong() {
      if (closing.signal.aborted || handlers.count() === 0 || clock.now() - own.polledAt < minPollMs) return false;
      waitUntil(listener.poll().catch((error: unknown) => report({ type: "poll-failed", reader, error })));
      return true;
    },
    async *messages(patterns, options) {
      for await (const step of follow(patterns, options)) if (step.type === "message") yield step.message;
    },
    steps: follow,
    subscriber: (name, options) => createSubscriber(context, name, onGap, options),
    group: (name, options) => createGroup(context, name, options),
    runPump({ signal, ...options }) {
      const signals = signal ? [signal, closing.signal] : [closing.signal];
      return runPump(open(), listener, { ...options, signal: AbortSignal.any(signals) });
    },
    duty: (options = {}) => createBusDuty(open(), listener, options),
    trim: async (through) => trim(open(), through),
    stats: () => ({
      ...state.counters,
      channels: handlers.patterns().length,
      subscriptions: handlers.count(),
      lagMs: own.lagMs,
      hasMore: own.hasMore,
    }),
    close() {
      closing.abort();
      handlers.clear();
      gapHandlers.clear();
    },
  };
}
