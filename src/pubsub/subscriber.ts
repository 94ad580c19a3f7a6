import { compareAndSwap, RedisUnknownOutcomeError } from "../redis/index.ts";
import type { PubsubContext } from "./context.ts";
import type { Gap, Reader } from "./events.ts";
import { createHandlers, type Handler } from "./handlers.ts";
import type { PollResult } from "./listener.ts";
import { createMemory, isRemembered, remember } from "./memory.ts";
import { beginning, endOfBus, readAfter } from "./reader.ts";
import { type Cursor, subscriberOf } from "./state.ts";

export interface SubscriberOptions {
  /** Where one begins that Redis knows nothing of: at what is published from now on, or at the oldest message left. */
  from?: "now" | "oldest";
}

/**
 * A named subscriber: its cursor is in Redis, so that it goes on where it stood, whatever isolate it runs in. At least once:
 * the cursor moves after the handlers ran, and forwards only. A handler that throws is reported and not tried again.
 */
export interface Subscriber {
  readonly name: string;
  readonly reader: Reader;
  subscribe<T>(pattern: string, handler: Handler<T>): () => void;
  /**
   * Reads one page and runs the handlers. 1 command in 1 round trip when nothing came, 2/2 when something did, and 1/1 more the
   * first time in an isolate. 0 when the cursor is at `end`, where the bus is known to end.
   */
  poll(end?: string): Promise<PollResult>;
}

/** Ids kept with the cursor: a message published twice within so many is delivered once, in whatever isolate. */
export const rememberedIds = 64;

/** What stands at the cursor's key. */
interface Standing {
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
  const state = subscriberOf(context.state, context.keys.cursor(name));
  const key = context.keys.cursor(name);
  const reader = `subscriber ${name}` as const;

  /** The cursor's text, which is made where there is none. */
  async function standing(): Promise<string> {
    if (state.text !== undefined) return state.text;
    const known = await context.exec<string | null>("GET", key);
    if (known !== null) return known;
    const made = write({ cursor: from === "now" ? await endOfBus(context) : beginning, ids: [] });
    return (await context.exec<string | null>("SET", key, made, "NX", "GET")) ?? made;
  }

  async function commit(expected: string, value: string): Promise<void> {
    context.state.commands += 1;
    try {
      const found = await compareAndSwap(context.redis(), { key, value, expected });
      if (found === expected) state.text = value;
      // Another isolate moved it, or it is gone: where it stands is read again.
      else delete state.text;
    } catch (error) {
      delete state.text;
      if (!(error instanceof RedisUnknownOutcomeError)) throw error;
    }
  }

  return {
    name,
    reader,
    subscribe: handlers.add,
    async poll(end) {
      const text = await standing();
      state.text = text;
      const { cursor, ids } = read(text);
      if (cursor.id === end) return { delivered: 0, hasMore: false };
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
      if (page.entries.length > 0) await commit(text, write({ cursor: page.cursor, ids: [...memory.ids] }));
      return { delivered, hasMore: page.isFull };
    },
  };
}

// --- Internal helpers ---

const write = ({ cursor, ids }: Standing): string => JSON.stringify([cursor.id, cursor.ordinal ?? null, ...ids]);

function read(text: string): Standing {
  try {
    const [id, ordinal, ...ids]: unknown[] = JSON.parse(text);
    const cursor = { id: String(id), ordinal: typeof ordinal === "number" ? ordinal : undefined };
    return { cursor, ids: ids.map(String) };
  } catch {
    // Not ours: everything that is left is delivered.
    return { cursor: beginning, ids: [] };
  }
}
