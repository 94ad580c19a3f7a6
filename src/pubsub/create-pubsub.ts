import { systemClock } from "../platform/index.ts";
import type { PubsubContext } from "./context.ts";
import { createBusDuty } from "./duty.ts";
import { PubsubClosedError } from "./errors.ts";
import type { Gap } from "./events.ts";
import { type FollowOptions, steps } from "./follow.ts";
import { createGroup } from "./group/group.ts";
import { createHandlers } from "./handlers.ts";
import { createKeys } from "./keys.ts";
import { createListener } from "./listener.ts";
import { publish, publishOnce, trim } from "./publish.ts";
import type { Pubsub, PubsubOptions } from "./pubsub.ts";
import { listenerOf } from "./state.ts";
import { createSubscriber } from "./subscriber.ts";

/** Makes the pubsub of one invocation. Cost: 0 commands. */
export function createPubsub({
  state,
  redis,
  prefix,
  source,
  waitUntil,
  bus = "main",
  listener: listenerName = "main",
  onPublishing = () => {},
  onPublished = () => {},
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
    exec: (...command) => redis().exec(command),
    clock,
    createId,
    onPublishing,
    onPublished,
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
    pollAlong(everyMs = minPollMs) {
      if (closing.signal.aborted || handlers.count() === 0 || clock.now() - own.polledAt < everyMs) return false;
      waitUntil(listener.poll().catch((error: unknown) => report({ type: "poll-failed", reader, error })));
      return true;
    },
    async *messages(patterns, options) {
      for await (const step of follow(patterns, options)) if (step.type === "message") yield step.message;
    },
    steps: follow,
    subscriber: (name, options) => createSubscriber(context, name, onGap, options),
    group: (name, options) => createGroup(context, name, options),
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
