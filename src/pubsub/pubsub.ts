import type { Clock } from "../platform/index.ts";
import type { PubsubCommands } from "./context.ts";
import type { Gap, PubsubEvent } from "./events.ts";
import type { FollowOptions, Step } from "./follow.ts";
import type { Group } from "./group/group.ts";
import type { GroupOptions } from "./group/options.ts";
import type { Handler } from "./handlers.ts";
import type { Message } from "./message.ts";
import type { PollResult } from "./poller.ts";
import type { Published, PublishedOnce, PublishOnceOptions, PublishOptions } from "./publish.ts";
import type { PubsubCounters, PubsubState } from "./state.ts";
import type { BusStatus } from "./status.ts";
import type { Subscriber, SubscriberOptions } from "./subscriber.ts";

export interface PubsubOptions {
  /** The isolate's part: cursors, memories, counters. */
  state: PubsubState;
  /** Returns the connection's commands. Called when a command is sent, not before. */
  redis(): PubsubCommands;
  /** Returns the commands for polls, which may have a shorter timeout: the next poll stands in. Default: `redis`. */
  pollRedis?(): PubsubCommands;
  /** Begins every key. */
  prefix: string;
  /** The isolate's id, carried by its messages. */
  source: string;
  /** Keeps the invocation alive for background work. */
  waitUntil(work: Promise<unknown>): void;
  /** Buses of different names share nothing. Default: "main". */
  bus?: string;
  /**
   * Handlers of the isolate, by channel or pattern: each message reaches those of the invocation that polls first. All
   * invocations of an isolate give the same ones. They are called in the order of the bus, and none waits for the message
   * before to be done. A handler that one invocation alone needs is given to `subscribe`. Default: none.
   */
  isolateHandlers?: Readonly<Record<string, Handler>>;
  /**
   * When the isolate began, in epoch milliseconds: its handlers hear what was published since, however late the first poll comes.
   * Default: since the first poll.
   */
  since?: number;
  /** Called when the isolate missed what was published before now: with its first poll, and after a gap. */
  onMissed?(): void;
  /** Called when a message is being published: commands given now leave in the same request. */
  onPublishing?(channel: string): void;
  /** Called when a message was published. */
  onPublished?(channel: string): void;
  report?(event: PubsubEvent): void;
  /** Default: the machine's. */
  clock?: Clock;
  /** Returns a unique id for a message. Default: a random UUID. */
  createId?(): string;
  /** Returns the digest of a text as 43 letters, digits, `-` and `_`. Default: its SHA-256, by Web Crypto. */
  digest?(text: string): Promise<string>;
  /**
   * Messages are kept this long, in milliseconds, unless there are more than `maxLength`. A bus to which no message came for that
   * long, and two hours, ends: it is deleted with its groups, and the next message begins it anew. Default: 24 hours.
   */
  retentionMs?: number;
  /** The most messages kept, give or take a few hundred. Default: 10,000. */
  maxLength?: number;
  /** The largest data of one message as JSON, in bytes. Default: 65,536. */
  maxBytes?: number;
  /**
   * Message ids that an isolate or a group remembers, so that a message published twice arrives once.
   * Default: 2,000.
   */
  memorySize?: number;
  /** Messages per read. Default: 100. */
  pageSize?: number;
  /** `pollAlong` polls no more often than this, in milliseconds. Default: 5,000. */
  minPollMs?: number;
}

export interface PubsubStats extends PubsubCounters {
  /** Channels and patterns that this invocation subscribes to. */
  channels: number;
  /** Its handlers. */
  subscriptions: number;
  /** From published to delivered, of the last message, in milliseconds. */
  lagMs: number;
  /** The last poll did not reach the end of the bus. */
  hasMore: boolean;
}

/**
 * Publish and subscribe by polling: one stream carries all channels of a bus. A message reaches the handlers of every isolate
 * that polls (`isolateHandlers`), and those of an invocation that subscribes and polls, in the order of the bus. A message that
 * was published twice is delivered once to a reader that remembers it (`memorySize`). Messages trimmed before they were read
 * are reported as a gap.
 */
export interface Pubsub {
  readonly source: string;
  /**
   * Publishes JSON to a channel. After a lost reply it publishes again under the same message id, up to twice. Throws
   * `InvalidChannelError`, `InvalidMessageError`, `NotJsonError`, `MessageTooLargeError`, `PublishUncertainError`,
   * `WrongTypeError`, and the errors of `redis/`.
   *
   * @example
   * await pubsub.publish("guild.1100000000000000001", { topic: "tea" });
   *
   * Cost: 1 command, 1 round trip; 1 command more once an hour and isolate, for the life of the bus.
   */
  publish(channel: string, data: unknown, options?: PublishOptions): Promise<Published>;
  /**
   * Publishes once for all calls to a channel with the same key within a day. Throws what `publish` throws, and
   * `KeyReusedError` where the key was used for other data or another type.
   *
   * @example
   * await pubsub.publishOnce("shop.orders", { order: 7 }, { key: "order-7" });
   *
   * Cost: 3 commands, 2 round trips; 1 command more once an hour and isolate; 1 command, 1 round trip for a repeated key.
   */
  publishOnce(channel: string, data: unknown, options: PublishOnceOptions): Promise<PublishedOnce>;
  /**
   * Adds a handler of this invocation to a channel, or to a pattern such as `guild.*`. It hears what is published after the
   * invocation's next poll. Returns a function that removes it. Throws `InvalidChannelError`.
   *
   * @example
   * const end = pubsub.subscribe("guild.*", ({ channel, data }) => log("info", "heard", { channel, data }));
   *
   * Cost: 0 commands.
   */
  subscribe<T>(pattern: string, handler: Handler<T>): () => void;
  /** Removes one handler, or all of a channel or pattern, and returns how many. Cost: 0 commands. */
  unsubscribe<T>(pattern: string, handler?: Handler<T>): number;
  /**
   * Calls the handler when this invocation or one of its named subscribers missed messages. Returns a function that removes
   * it.
   * Cost: 0 commands.
   */
  onGap(handler: (gap: Gap) => void): () => void;
  /**
   * Reads one page of the bus, for any number of channels, and runs the handlers of the isolate and of this invocation. The
   * first poll finds where the bus ends, and runs none.
   * Cost: 1 command, 1 round trip; 1 command more for an invocation whose isolate was polled by others meanwhile.
   */
  poll(): Promise<PollResult>;
  /**
   * Has the isolate's handlers called for what was published so far, up to 1,000 messages; an isolate without a place on the bus
   * gets one. Does not wait for what the handlers do afterwards.
   * Cost: 1 command, 1 round trip per 100 messages; 0 when this invocation is polling.
   */
  hear(): Promise<void>;
  /**
   * Returns the time up to which the isolate has heard the bus, in epoch milliseconds: everything published before has reached its
   * handlers, or was missed. 0 before its first poll.
   * Cost: 0 commands.
   */
  heardUntil(): number;
  /**
   * Polls if it was not done for `minPollMs`, in the request that leaves at the end of this tick. Handlers run under
   * `waitUntil`. Returns whether it polls. Never throws.
   * Cost: 1 command, 0 round trips when another command is sent.
   */
  pollAlong(minPollMs?: number): boolean;
  /** Returns the last messages of the bus, the newest first. Cost: 1 command, 1 round trip. */
  recent(count: number): Promise<Message[]>;
  /** Yields messages of these channels and patterns. Cost: 1 command, 1 round trip per poll. */
  messages(patterns: readonly string[], options?: FollowOptions): AsyncIterable<Message>;
  /** Yields messages, gaps, and the position on the bus when nothing came. Cost: 1 command, 1 round trip per poll. */
  steps(patterns: readonly string[], options?: FollowOptions): AsyncGenerator<Step, void, void>;
  /** Returns a subscriber whose cursor is stored in Redis. Cost: 0 commands. */
  subscriber(name: string, options?: SubscriberOptions): Subscriber;
  /** Returns a group of workers that share messages. Cost: 0 commands. */
  group(name: string, options?: GroupOptions): Group;
  /**
   * Returns how long the bus is, and the lag, pending messages and dead letters of these groups.
   * Cost: 2 commands, and 2 for each group, 1 round trip.
   */
  status(groups: readonly string[]): Promise<BusStatus>;
  /** Returns the isolate's counters, and the handlers of this invocation. Cost: 0 commands. */
  stats(): PubsubStats;
  /**
   * Removes the invocation's handlers and ends all iterations. Other calls throw `PubsubClosedError` from then on. Safe to
   * call twice.
   */
  close(): void;
}
