import { RedisReplyError } from "../../redis/index.ts";
import type { PubsubContext } from "../context.ts";
import type { Reader } from "../events.ts";
import { createHandlers, type Handlers } from "../handlers.ts";
import { type GroupState, groupOf } from "../state.ts";
import type { GroupOptions } from "./options.ts";

/** Shared by the files of a group, for one invocation. */
export interface GroupContext extends Required<GroupOptions> {
  pubsub: PubsubContext;
  name: string;
  reader: Reader;
  /** The name under which this isolate reads. */
  consumer: string;
  handlers: Handlers;
  /** The isolate's part. */
  state: GroupState;
  /**
   * Called before the handlers of a message. Returns a function to call after them; `undefined` when the invocation has no
   * requests left for the message.
   */
  begin(): Promise<(() => void) | undefined>;
}

/**
 * Upstash refuses reads to a consumer with 1,000 pending messages, so a group stops reading well before.
 *
 * @see https://upstash.com/docs/redis/troubleshooting/stream_pel_limit
 */
export const maxPending = 500;

/** Isolates share a few names, since Redis keeps consumers without expiry. */
const consumers = 8;

export function createGroupContext(
  pubsub: PubsubContext,
  name: string,
  {
    maxDeliveries = 5,
    retryMs = 60_000,
    pageSize = pubsub.pageSize,
    concurrency = 4,
    from = "oldest",
  }: GroupOptions = {},
): GroupContext {
  const sum = Array.from(pubsub.source).reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return {
    pubsub,
    name,
    reader: `group ${name}`,
    consumer: `w${sum % consumers}`,
    handlers: createHandlers(pubsub),
    state: groupOf(pubsub.state, pubsub.keys.deadLetters(name), pubsub.memorySize),
    maxDeliveries,
    retryMs,
    pageSize: Math.min(100, pageSize),
    concurrency,
    from,
    begin: async () => () => {},
  };
}

/**
 * Returns whether Redis refused a read since this worker's name has too many pending messages: other isolates of the name may have
 * read them, and their number is not known here.
 */
export const isFull = (error: unknown): boolean =>
  error instanceof RedisReplyError && error.message.includes("Pending Entries List");

/** Returns whether Redis replied with this error code. */
export const isReply = (error: unknown, reply: string): boolean =>
  error instanceof RedisReplyError && error.reply === reply;
