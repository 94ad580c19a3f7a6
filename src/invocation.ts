import { type Cache, type CacheEvent, createCache, createDiscordCache, type DiscordCache } from "./cache/index.ts";
import { followInvalidations } from "./coherence.ts";
import type { Config } from "./config.ts";
import { type AnswerStore, createRest, type DiscordRest, type RouterServices } from "./discord/index.ts";
import type { Isolate } from "./isolate.ts";
import { createLog, type Log } from "./log.ts";
import { createPubsub, type Pubsub, type PubsubEvent } from "./pubsub/index.ts";
import { type Clock, createConnection, type RedisConnection, type RedisEvent, systemClock } from "./redis/index.ts";
import { createSessions, type Sessions } from "./sessions/index.ts";
import { createAnswerStore } from "./stores/index.ts";

/** What lives for one request or cron tick: everything that does I/O. */
export interface Invocation extends RouterServices {
  readonly isolate: Isolate;
  readonly config: Config;
  readonly log: Log;
  readonly now: () => number;
  /** Discord's REST API. */
  readonly discord: DiscordRest;
  /** L1, Redis and whoever really knows. */
  readonly cache: Cache;
  /** Discord's users, guilds, channels, roles and members, asked for once. */
  readonly entities: DiscordCache;
  /** Conversations, and whatever else belongs to somebody for a while. */
  readonly sessions: Sessions;
  /** Messages between isolates, and from other systems. */
  readonly pubsub: Pubsub;
  /** Has L1 hear what other isolates invalidate whenever this invocation polls the bus. 0 commands. */
  followInvalidations(): void;
  /** First answers of what runs once. */
  readonly answers: AnswerStore;
  /** The door to Redis; opened when first used, so that an answer without state costs nothing. */
  readonly redis: RedisConnection;
  /** Keeps the invocation alive until the promise settles; its failure is logged. */
  waitUntil(work: Promise<unknown>): void;
}

export interface InvocationOptions {
  isolate: Isolate;
  config: Config;
  waitUntil(work: Promise<unknown>): void;
  /** For one call to Redis: short on the way to an answer, longer in the background. */
  redisTimeoutMs?: number;
  now?: () => number;
  /** How those wait who do so again and again. */
  sleep?: Clock["sleep"];
  fetch?: typeof fetch;
}

export function createInvocation({
  isolate,
  config,
  waitUntil,
  redisTimeoutMs = 1_500,
  now = Date.now,
  sleep = systemClock.sleep,
  fetch,
}: InvocationOptions): Invocation {
  const log = createLog(config.logLevel);
  let redis: RedisConnection | undefined;
  let discord: DiscordRest | undefined;
  let answers: AnswerStore | undefined;
  let cache: Cache | undefined;
  let entities: DiscordCache | undefined;
  let sessions: Sessions | undefined;
  let pubsub: Pubsub | undefined;
  const coherence = followInvalidations(isolate.cache, () => invocation.pubsub);
  /** What goes along with the first command to Redis. */
  let ride = () => {};
  const invocation: Invocation = {
    isolate,
    config,
    log,
    now,
    get redis() {
      return (redis ??= createConnection({
        ...config.redis,
        state: isolate.redis,
        timeoutMs: redisTimeoutMs,
        report: (event) => reportRedis(log, event),
        withFirst: () => ride(),
        ...(fetch && { fetch }),
      }));
    },
    get discord() {
      return (discord ??= createRest({
        baseUrl: config.discordApiUrl,
        applicationId: config.applicationId,
        state: isolate.discord,
        now,
        ...(config.botToken !== undefined && { token: config.botToken }),
        ...(fetch && { fetch }),
      }));
    },
    get cache() {
      if (cache) return cache;
      const created = createCache({
        state: isolate.cache,
        redis: () => invocation.redis.commands,
        prefix: config.keyPrefix,
        waitUntil: invocation.waitUntil,
        report: (event) => reportCache(log, event),
        bus: coherence.bus,
        now,
      });
      ride = () => coherence.ride(created.apply);
      return (cache = created);
    },
    get entities() {
      return (entities ??= createDiscordCache(invocation.cache, invocation.discord));
    },
    get sessions() {
      return (sessions ??= createSessions({
        redis: () => invocation.redis.within(sessionTimeoutMs),
        prefix: config.keyPrefix,
        waitUntil: invocation.waitUntil,
        now,
      }));
    },
    get pubsub() {
      return (pubsub ??= createPubsub({
        state: isolate.pubsub,
        redis: () => invocation.redis.commands,
        prefix: config.keyPrefix,
        source: isolate.id,
        waitUntil: invocation.waitUntil,
        report: (event) => reportPubsub(log, event),
        clock: { now, sleep },
      }));
    },
    get answers() {
      return (answers ??= createAnswerStore({ redis: () => invocation.redis.commands, keyPrefix: config.keyPrefix }));
    },
    followInvalidations: () => coherence.listen(invocation.cache.apply),
    waitUntil: (work) =>
      waitUntil(work.catch((error: unknown) => log("error", "background work failed", { error: String(error) }))),
  };
  return invocation;
}

/** Nothing takes the place of a session, so that waiting is better than failing: after two seconds Discord shows "thinking…". */
const sessionTimeoutMs = 1_500;

// --- Internal helpers ---

const levels = { connect: "debug", error: "warn", retry: "debug", lost: "error", restored: "info" } as const;

function reportCache(log: Log, event: CacheEvent): void {
  const { type, namespace } = event;
  const key = "key" in event && { key: event.key };
  log("warn", `cache ${type}`, { namespace, ...key, ...("error" in event && { error: String(event.error) }) });
}

function reportPubsub(log: Log, event: PubsubEvent): void {
  const { type } = event;
  const where = "reader" in event ? { reader: event.reader } : {};
  const what = "message" in event ? { channel: event.message.channel, message: event.message.id } : {};
  log("warn", `pubsub ${type}`, { ...where, ...what, ...("error" in event && { error: String(event.error) }) });
}

function reportRedis(log: Log, event: RedisEvent): void {
  log(levels[event.type], `redis ${event.type}`, "error" in event ? { error: event.error.message } : {});
}
