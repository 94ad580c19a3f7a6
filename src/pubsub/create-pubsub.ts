import { base64url, sha256, systemClock } from "../platform/index.ts";
import { RedisReplyError } from "../redis/index.ts";
import type { PubsubContext } from "./context.ts";
import { PubsubClosedError, WrongTypeError } from "./errors.ts";
import type { Gap } from "./events.ts";
import { type FollowOptions, steps } from "./follow.ts";
import { createGroup } from "./group/group.ts";
import { createHandlers } from "./handlers.ts";
import { createKeys } from "./keys.ts";
import { type RawEntry, readEntries } from "./message.ts";
import { createPoller } from "./poller.ts";
import { publish, publishOnce } from "./publish.ts";
import type { Pubsub, PubsubOptions } from "./pubsub.ts";
import { createPlace, isolatePlaceOf } from "./state.ts";
import { readStatus } from "./status.ts";
import { createSubscriber } from "./subscriber.ts";

/** Makes the pubsub of one invocation. Cost: 0 commands. */
export function createPubsub({
  state,
  redis,
  pollRedis = redis,
  prefix,
  source,
  waitUntil,
  bus = "main",
  isolateHandlers = {},
  since,
  onMissed = () => {},
  onPublishing = () => {},
  onPublished = () => {},
  report = () => {},
  clock = systemClock,
  createId = () => crypto.randomUUID(),
  digest = async (text) => base64url(await sha256(text)),
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
    exec: execOn(redis),
    clock,
    createId,
    digest,
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
  const place = isolatePlaceOf(state, bus, memorySize);
  const always = createHandlers(context);
  for (const [pattern, handler] of Object.entries(isolateHandlers)) always.add(pattern, handler);
  const poller = createPoller(
    { ...context, exec: execOn(pollRedis) },
    {
      isolate: { reader: "isolate", place, handlers: always },
      own: { reader: "invocation", place: createPlace(memorySize), handlers },
      since,
      onMissed,
      onGap,
      waitUntil,
    },
  );
  const closing = new AbortController();

  function execOn(commands: PubsubOptions["redis"]): PubsubContext["exec"] {
    return async (...command) => {
      try {
        return await commands().exec(command);
      } catch (error) {
        if (!(error instanceof RedisReplyError) || error.reply !== "WRONGTYPE") throw error;
        const key = command.find((word) => String(word).startsWith(`${prefix}b`));
        throw new WrongTypeError(String(key), { cause: error });
      }
    };
  }

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
    poll: async () => {
      open();
      return poller.poll();
    },
    heardUntil: () => place.heardUntil,
    hear: async () => {
      open();
      return poller.hear();
    },
    pollAlong(everyMs = minPollMs) {
      if (closing.signal.aborted || !poller.isDue(everyMs)) return false;
      waitUntil(poller.poll().catch((error: unknown) => report({ type: "poll-failed", reader: "isolate", error })));
      return true;
    },
    async recent(count) {
      const raws = await open().exec<RawEntry[] | null>("XREVRANGE", context.keys.stream, "+", "-", "COUNT", count);
      return readEntries(context, raws ?? []).flatMap(({ message }) => message ?? []);
    },
    async *messages(patterns, options) {
      for await (const step of follow(patterns, options)) if (step.type === "message") yield step.message;
    },
    steps: follow,
    subscriber: (name, options) => createSubscriber(context, name, onGap, options),
    group: (name, options) => createGroup(context, name, options),
    status: (groups) => readStatus(open(), bus, groups),
    stats: () => ({
      ...state.counters,
      channels: handlers.patterns().length,
      subscriptions: handlers.count(),
      lagMs: state.lagMs,
      hasMore: place.hasMore,
    }),
    close() {
      closing.abort();
      handlers.clear();
      gapHandlers.clear();
    },
  };
}
