import type { Clock } from "../platform/index.ts";
import type { PubsubCommands } from "./context.ts";
import type { BusDuty, BusDutyOptions } from "./duty.ts";
import type { Gap, PubsubEvent } from "./events.ts";
import type { FollowOptions, Step } from "./follow.ts";
import type { Group } from "./group/group.ts";
import type { GroupOptions } from "./group/options.ts";
import type { Handler } from "./handlers.ts";
import type { PollResult } from "./listener.ts";
import type { Message } from "./message.ts";
import type { Published, PublishedOnce, PublishOnceOptions, PublishOptions, Write } from "./publish.ts";
import type { PubsubCounters, PubsubState } from "./state.ts";
import type { Subscriber, SubscriberOptions } from "./subscriber.ts";

export interface PubsubOptions {
  /** The isolate's part: cursors, memories, counters. */
  state: PubsubState;
  /** Returns the connection's commands. Called when a command is sent, not before. */
  redis(): PubsubCommands;
  /** Begins every key. */
  prefix: string;
  /** The isolate's id, carried by its messages. */
  source: string;
  /** Keeps the invocation alive for background work. */
  waitUntil(work: Promise<unknown>): void;
  /** Buses of different names share nothing. Default: "main". */
  bus?: string;
  /**
   * Invocations of one isolate share a cursor under this name, and each message reaches the handlers of one of them.
   * Invocations that register other handlers take another name. Default: "main".
   */
  listener?: string;
  /** Called when a message is being published: commands given now leave in the same request. */
  onPublishing?(channel: string): void;
  /** Called when a message was published. */
  onPublished?(channel: string): void;
  report?(event: PubsubEvent): void;
  /** Default: the machine's. */
  clock?: Clock;
  /** Returns a unique id for a message. Default: a random UUID. */
  createId?(): string;
  /** Messages are kept this long, in milliseconds, unless there are more than `maxLength`. Default: 24 hours. */
  retentionMs?: number;
  /** The most messages kept, give or take a few hundred. Default: 10,000. */
  maxLength?: number;
  /** The largest data of one message as JSON, in bytes. Default: 65,536. */
  maxBytes?: number;
  /**
   * Message ids that a listener or group remembers in an isolate, so that a message published twice arrives once.
   * Default: 2,000.
   */
  memorySize?: number;
  /** Messages per read. Default: 100. */
  pageSize?: number;
  /** `pollAlong` polls no more often than this, in milliseconds. Default: 5,000. */
  minPollMs?: number;
}

export interface PubsubStats extends PubsubCounters {
  /** Channels and patterns that have handlers in this invocation. */
  channels: number;
  /** Handlers in this invocation. */
  subscriptions: number;
  /** From published to delivered, of the last message, in milliseconds. */
  lagMs: number;
  /** The last poll did not reach the end of the bus. */
  hasMore: boolean;
}

/**
 * Publish and subscribe by polling: one stream carries all channels of a bus, and handlers belong to one invocation. A
 * message reaches every isolate that polls, at least once and in the order of the bus. An isolate that remembers a
 * message published twice delivers it once (`memorySize`). Messages trimmed before they were read are reported as a
 * gap.
 */
export interface Pubsub {
  readonly source: string;
  /**
   * Publishes JSON to a channel. After a lost reply it publishes again under the same message id, up to twice. Throws
   * `InvalidChannelError`, `NotJsonError`, `MessageTooLargeError`, `PublishUncertainError`, and the errors of `redis/`.
   * Cost: 1 command, 1 round trip.
   *
   * @example
   * await pubsub.publish("guild.1100000000000000001", { topic: "tea" });
   */
  publish(channel: string, data: unknown, options?: PublishOptions): Promise<Published>;
  /**
   * Publishes once for all calls to a channel with the same key within a day. Throws what `publish` throws, and
   * `KeyReusedError` where the key was used for other data or another type.
   * Cost: 3 commands, 2 round trips; 1 command, 1 round trip for a repeated key.
   */
  publishOnce(channel: string, data: unknown, options: PublishOnceOptions): Promise<PublishedOnce>;
  /**
   * Adds a handler to a channel, or to a pattern such as `guild.*`. Returns a function that removes it. Throws
   * `InvalidChannelError`.
   * Cost: 0 commands.
   *
   * @example
   * const end = pubsub.subscribe("guild.*", ({ channel, data }) => log("info", "heard", { channel, data }));
   */
  subscribe<T>(pattern: string, handler: Handler<T>): () => void;
  /** Removes one handler, or all of a channel or pattern; returns how many. Cost: 0 commands. */
  unsubscribe<T>(pattern: string, handler?: Handler<T>): number;
  /**
   * Calls the handler when the listener or a named subscriber of this invocation missed messages. Returns a function
   * that removes it.
   * Cost: 0 commands.
   */
  onGap(handler: (gap: Gap) => void): () => void;
  /**
   * Returns whether this isolate has a cursor. Messages published before it had one do not reach it.
   * Cost: 0 commands.
   */
  hasStarted(): boolean;
  /** Reads one page of the bus, for any number of channels, and runs the handlers. Cost: 1 command, 1 round trip. */
  poll(): Promise<PollResult>;
  /**
   * Polls if this isolate has not for `minPollMs`, in the request that leaves at the end of this tick. Handlers run
   * under `waitUntil`. Returns whether it polls. Never throws.
   * Cost: 1 command, 0 round trips of its own when another command is sent.
   */
  pollAlong(minPollMs?: number): boolean;
  /** Yields messages of these channels and patterns. Cost: 1 command, 1 round trip per poll. */
  messages(patterns: readonly string[], options?: FollowOptions): AsyncIterable<Message>;
  /** Yields messages, gaps, and the position on the bus when nothing came. Cost: 1 command, 1 round trip per poll. */
  steps(patterns: readonly string[], options?: FollowOptions): AsyncGenerator<Step, void, void>;
  /** Returns a subscriber whose cursor is stored in Redis. Cost: 0 commands. */
  subscriber(name: string, options?: SubscriberOptions): Subscriber;
  /** Returns a group of workers that share messages. Cost: 0 commands. */
  group(name: string, options?: GroupOptions): Group;
  /** Returns the bus as one duty of the cron tick. Cost: 0 commands. */
  duty(options?: BusDutyOptions): BusDuty;
  /**
   * Trims the bus to `retentionMs` and `maxLength` exactly; publishing does so approximately. Returns how many messages
   * were trimmed. `through` sends the commands, for example behind a leader's fence.
   * Cost: 2 commands, 1 round trip.
   */
  trim(through?: Write): Promise<number>;
  /** Returns the isolate's counters, and the handlers of this invocation. Cost: 0 commands. */
  stats(): PubsubStats;
  /**
   * Removes all handlers and ends all iterations. Other calls throw `PubsubClosedError` from then on. Safe to call
   * twice.
   */
  close(): void;
}
