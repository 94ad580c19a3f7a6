import type { PubsubContext } from "./context.ts";
import type { Gap, Reader } from "./events.ts";
import type { Handlers } from "./handlers.ts";
import { isRemembered, remember } from "./memory.ts";
import type { Entry } from "./message.ts";
import { after, endOfBus, readAfter } from "./reader.ts";
import type { ListenerState } from "./state.ts";

export interface PollResult {
  /** Messages that had a handler. */
  delivered: number;
  /** There is more to read. */
  hasMore: boolean;
  /** It did not read, since too much of what it read is not done. */
  isHeld?: boolean;
}

/** The handlers of one invocation, and the cursor that they share with the others of their kind in this isolate. */
export interface Listener {
  readonly state: ListenerState;
  poll(): Promise<PollResult>;
}

/** An invocation that runs handlers and says nothing for so long is taken for dead, and its message is delivered again. */
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
      // Another invocation was quicker: what it delivers, or did, is not delivered again.
      if (clock.now() < state.deliveringUntil || state.cursor === undefined) return nothing;
      const isFirst = state.cursor.id === from.id;
      if (isFirst && page.gap) {
        context.reportGap({ reader, ...page.gap });
        onGap({ reader, ...page.gap });
      }
      const entries = after(page.entries, state.cursor.id);
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
