import type { PubsubContext } from "./context.ts";
import type { Gap, Reader } from "./events.ts";
import type { Handlers } from "./handlers.ts";
import { isRemembered, remember } from "./memory.ts";
import type { Entry } from "./message.ts";
import { endOfBus, entriesAfter, readAfter } from "./reader.ts";
import type { ListenerState } from "./state.ts";

export interface PollResult {
  /** Messages that reached a handler. */
  delivered: number;
  /** More is waiting. */
  hasMore: boolean;
  /** Nothing was read, since too many messages that were read are not acknowledged. */
  isHeld?: boolean;
}

/** Runs one invocation's handlers. Invocations of one kind share a cursor in their isolate. */
export interface Listener {
  readonly state: ListenerState;
  readonly reader: Reader;
  /**
   * Reads one page and runs the handlers; the first poll only finds the end of the bus.
   * Cost: 1 command, 1 round trip.
   */
  poll(): Promise<PollResult>;
}

/** An invocation whose handler takes longer than this counts as dead, and its message is delivered again. */
const deliveryMs = 10_000;

const nothing: PollResult = { delivered: 0, hasMore: false };

export function createListener(
  context: PubsubContext,
  state: ListenerState,
  handlers: Handlers,
  reader: Reader,
  onGap: (gap: Gap) => void,
): Listener {
  const { clock } = context;

  async function deliver({ streamId, message }: Entry): Promise<boolean> {
    if (!message) {
      context.report({ type: "unreadable", streamId });
      return false;
    }
    if (!handlers.has(message.channel)) return false;
    if (isRemembered(state.memory, message.id)) {
      context.state.counters.duplicates += 1;
      return false;
    }
    await handlers.run(message, reader);
    remember(state.memory, message.id);
    state.lagMs = Math.max(0, clock.now() - message.time);
    return true;
  }

  return {
    state,
    reader,
    async poll() {
      if (clock.now() < state.deliveringUntil) return nothing;
      state.polledAt = clock.now();
      context.state.counters.polls += 1;
      const from = state.cursor;
      if (!from) {
        const end = await endOfBus(context);
        state.cursor ??= end;
        return nothing;
      }
      const page = await readAfter(context, from, context.pageSize);
      // Another invocation may have read the page meanwhile: its messages are not delivered again.
      if (clock.now() < state.deliveringUntil || state.cursor === undefined) return nothing;
      const isFirst = state.cursor.id === from.id;
      if (isFirst && page.gap) {
        context.reportGap({ reader, ...page.gap });
        onGap({ reader, ...page.gap });
      }
      const entries = entriesAfter(page.entries, state.cursor.id);
      let delivered = 0;
      try {
        for (const [index, entry] of entries.entries()) {
          state.deliveringUntil = clock.now() + deliveryMs;
          if (await deliver(entry)) delivered += 1;
          const left = entries.length - index - 1;
          state.cursor = {
            id: entry.streamId,
            ordinal: page.cursor.ordinal === undefined ? undefined : page.cursor.ordinal - left,
          };
        }
      } finally {
        state.deliveringUntil = 0;
      }
      state.hasMore = page.isFull;
      return { delivered, hasMore: page.isFull };
    },
  };
}
