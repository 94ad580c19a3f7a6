import { checkPattern, matchesChannel } from "./channels.ts";
import type { PubsubContext } from "./context.ts";
import type { Reader } from "./events.ts";
import type { Message } from "./message.ts";

/** How often a group has delivered a message, this time included, and whether it gives the message up if this fails. */
export interface Attempt {
  count: number;
  isLast: boolean;
}

/** Handles a message. The next message of the channel waits for the promise it returns. */
export type Handler<T = unknown> = (message: Message<T>, attempt: Attempt) => unknown;

/** Handlers by channel and pattern. They belong to the invocation. */
export interface Handlers {
  /**
   * Adds a handler to a channel or a pattern such as `guild.*`; returns a function that removes it.
   * Cost: 0 commands.
   */
  add<T>(pattern: string, handler: Handler<T>): () => void;
  /** Removes one handler, or all of a channel or pattern; returns how many. Cost: 0 commands. */
  remove<T>(pattern: string, handler?: Handler<T>): number;
  /** Returns whether a message of this channel has a handler. */
  has(channel: string): boolean;
  /** Runs all handlers of a message side by side. Reports and returns what they threw. */
  run(message: Message, reader: Reader, attempt?: Attempt): Promise<unknown[]>;
  /** Reports and counts failures. */
  tell(message: Message, reader: Reader, failures: readonly unknown[]): void;
  patterns(): string[];
  count(): number;
  clear(): void;
}

export function createHandlers({ report, state }: Pick<PubsubContext, "report" | "state">): Handlers {
  const byPattern = new Map<string, Set<Handler>>();

  function remove(pattern: string, handler?: Handler): number {
    const known = byPattern.get(pattern);
    if (!known) return 0;
    const count = handler === undefined ? known.size : Number(known.delete(handler));
    if (handler === undefined || known.size === 0) byPattern.delete(pattern);
    return count;
  }

  const tell: Handlers["tell"] = ({ channel, id: messageId }, reader, failures) => {
    for (const error of failures) report({ type: "handler-failed", reader, channel, messageId, error });
    state.counters.failed += failures.length;
  };

  const handlersOf = (channel: string): Handler[] =>
    [...byPattern].flatMap(([pattern, handlers]) => (matchesChannel(pattern, channel) ? [...handlers] : []));

  return {
    add(pattern, handler) {
      const handlers = byPattern.get(checkPattern(pattern)) ?? new Set();
      byPattern.set(pattern, handlers.add(handler as Handler));
      return () => void remove(pattern, handler as Handler);
    },
    remove: (pattern, handler) => remove(pattern, handler as Handler | undefined),
    has: (channel) => [...byPattern.keys()].some((pattern) => matchesChannel(pattern, channel)),
    async run(message, reader, attempt = { count: 1, isLast: false }) {
      const outcomes = await Promise.allSettled(
        handlersOf(message.channel).map(async (handler) => handler(message, attempt)),
      );
      const failures = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
      tell(message, reader, failures);
      if (outcomes.length > 0) state.counters.delivered += 1;
      return failures;
    },
    tell,
    patterns: () => [...byPattern.keys()],
    count: () => [...byPattern.values()].reduce((sum, { size }) => sum + size, 0),
    clear: () => byPattern.clear(),
  };
}
