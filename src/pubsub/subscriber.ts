import { compareAndSwap, RedisUnknownOutcomeError } from "../redis/index.ts";
import type { PubsubContext } from "./context.ts";
import { WrongTypeError } from "./errors.ts";
import type { Gap, Reader } from "./events.ts";
import { createHandlers, type Handler } from "./handlers.ts";
import { cursorMs, renewCursorMs } from "./lives.ts";
import { createMemory, isRemembered, remember } from "./memory.ts";
import { isMessageId } from "./message.ts";
import type { PollResult } from "./poller.ts";
import { beginning, endOfBus, readAfter } from "./reader.ts";
import { type Cursor, subscriberOf } from "./state.ts";
import { isStreamId } from "./stream-id.ts";

export interface SubscriberOptions {
  /**
   * Where a subscriber that is new to Redis begins: at the next message published, or at the oldest one left. Default:
   * "now".
   */
  from?: "now" | "oldest";
}

/**
 * A named subscriber. Its cursor is stored in Redis, so that it continues in any isolate, until 30 days after the last poll. At
 * least once: the cursor moves after the handlers ran, and only forwards. A handler that throws is reported, and its message is
 * not retried.
 */
export interface Subscriber {
  readonly name: string;
  readonly reader: Reader;
  /** Adds a handler to a channel or a pattern; returns a function that removes it. Cost: 0 commands. */
  subscribe<T>(pattern: string, handler: Handler<T>): () => void;
  /**
   * Reads one page and runs the handlers.
   * Cost: 1 command, 1 round trip when nothing came, 2 of each otherwise; 1 more of each in a fresh isolate, and once a day.
   */
  poll(): Promise<PollResult>;
}

/** Message ids stored with the cursor: a message published twice among this many is delivered once, in any isolate. */
export const rememberedIds = 64;

/** The stored value. */
interface Stored {
  cursor: Cursor;
  ids: readonly string[];
}

export function createSubscriber(
  context: PubsubContext,
  name: string,
  onGap: (gap: Gap) => void,
  { from = "now" }: SubscriberOptions = {},
): Subscriber {
  const handlers = createHandlers(context);
  const key = context.keys.cursor(name);
  const state = subscriberOf(context.state, key);
  const reader = `subscriber ${name}` as const;

  /** Returns the stored cursor; stores a new one if there is none. A value of another type is replaced. */
  async function load(): Promise<string> {
    const now = context.clock.now();
    if (state.text !== undefined && now - state.renewedAt < renewCursorMs) return state.text;
    state.renewedAt = now;
    try {
      const known = await context.exec<string | null>("GETEX", key, "PX", cursorMs);
      if (known !== null) return known;
      const made = write({ cursor: from === "now" ? await endOfBus(context) : beginning, ids: [] });
      return (await context.exec<string | null>("SET", key, made, "NX", "GET", "PX", cursorMs)) ?? made;
    } catch (error) {
      if (!(error instanceof WrongTypeError) || error.key !== key) throw error;
      context.report({ type: "unreadable", where: key });
      const made = write({ cursor: beginning, ids: [] });
      await context.exec("SET", key, made, "PX", cursorMs);
      return made;
    }
  }

  async function commit(expected: string, value: string): Promise<void> {
    try {
      const found = await compareAndSwap(context.redis(), { key, value, expected, px: cursorMs });
      if (found === expected) state.text = value;
      // Another isolate moved or deleted it: the next poll loads it again.
      else delete state.text;
    } catch (error) {
      delete state.text;
      if (!(error instanceof RedisUnknownOutcomeError)) throw error;
    }
  }

  /** Everything that is left is delivered. */
  function unreadable(): Stored {
    context.report({ type: "unreadable", where: key });
    return { cursor: beginning, ids: [] };
  }

  return {
    name,
    reader,
    subscribe: handlers.add,
    async poll() {
      const text = await load();
      state.text = text;
      const { cursor, ids } = read(text) ?? unreadable();
      context.state.counters.polls += 1;
      const page = await readAfter(context, cursor, context.pageSize);
      if (page.gap) {
        context.reportGap({ reader, ...page.gap });
        onGap({ reader, ...page.gap });
      }
      const memory = createMemory(rememberedIds, ids);
      let delivered = 0;
      for (const { message } of page.entries) {
        if (!message || !handlers.has(message.channel)) continue;
        if (isRemembered(memory, message.id)) {
          context.state.counters.duplicates += 1;
          continue;
        }
        await handlers.run(message, reader);
        remember(memory, message.id);
        delivered += 1;
      }
      if (page.entries.length > 0 || page.gap) await commit(text, write({ cursor: page.cursor, ids: [...memory.ids] }));
      return { delivered, hasMore: page.isFull };
    },
  };
}

// --- Internal helpers ---

/** Stored in place of the number of an entry that is known to be gone. */
const gone = "gone";

const write = ({ cursor, ids }: Stored): string =>
  JSON.stringify([cursor.id, cursor.ordinal ?? (cursor.isGone ? gone : null), ...ids]);

/** Undefined for a text that is no stored cursor. */
function read(text: string): Stored | undefined {
  try {
    const stored: unknown = JSON.parse(text);
    if (!Array.isArray(stored)) return undefined;
    const [id, ordinal, ...ids]: unknown[] = stored;
    if (typeof id !== "string" || !isStreamId(id) || !ids.every(isMessageId)) return undefined;
    const isGone = ordinal === gone;
    return { cursor: { id, ordinal: Number.isSafeInteger(ordinal) ? Number(ordinal) : undefined, isGone }, ids };
  } catch {
    return undefined;
  }
}
