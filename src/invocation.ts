import { type Cache, createCache, createDiscordCache, type DiscordCache } from "./cache/index.ts";
import { createCoherence } from "./coherence.ts";
import type { Config } from "./config.ts";
import { type Coordination, createCoordination, writeThrough } from "./coordination/index.ts";
import { type AnswerStore, createRest, type DiscordRest, type RouterServices } from "./discord/index.ts";
import type { Isolate } from "./isolate.ts";
import { createJobs, type Jobs } from "./jobs/index.ts";
import { createLog, type Log } from "./log.ts";
import { obey } from "./obey.ts";
import { channels, createPubsub, type Pubsub } from "./pubsub/index.ts";
import { type Clock, createConnection, type RedisConnection, systemClock } from "./redis/index.ts";
import { reportCache, reportCoordination, reportPubsub, reportRedis } from "./reports.ts";
import { createSessions, type Sessions } from "./sessions/index.ts";
import { createAnswerStore } from "./stores/index.ts";

/** What lives for one request or cron tick: everything that does I/O. */
export interface Invocation extends RouterServices {
  readonly isolate: Isolate;
  readonly config: Config;
  readonly log: Log;
  readonly now: () => number;
  /** Resolves after so many milliseconds. */
  readonly sleep: Clock["sleep"];
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
  /** Leader, members, leases. */
  readonly coordination: Coordination;
  /** What is to be done later. */
  readonly jobs: Jobs;
  /** Has this isolate hear what others invalidate, and the leader says, whenever this invocation polls the bus. 0 commands. */
  followBus(): void;
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
  let coordination: Coordination | undefined;
  let jobs: Jobs | undefined;
  const coherence = createCoherence({
    state: isolate.cache,
    now,
    pubsub: () => invocation.pubsub,
    apply: (invalidation) => invocation.cache.apply(invalidation),
    receive: (notice) => invocation.coordination.receive(notice),
  });
  /** What goes along with the first command to Redis. */
  let ride = () => {};
  const invocation: Invocation = {
    isolate,
    config,
    log,
    now,
    sleep,
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
      cache = createCache({
        state: isolate.cache,
        redis: () => invocation.redis.commands,
        prefix: config.keyPrefix,
        waitUntil: invocation.waitUntil,
        report: (event) => reportCache(log, event),
        bus: coherence.bus,
        now,
      });
      ride = coherence.ride;
      return cache;
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
    get coordination() {
      return (coordination ??= createCoordination({
        ...leaseTiming,
        state: isolate.coordination,
        id: isolate.id,
        redis: () => invocation.redis.within(leaseTimeoutMs),
        prefix: config.keyPrefix,
        publish: async (notice, fence) => {
          // That an isolate follows one it never knew happens every minute, and is news to nobody.
          if (notice.type === "leader-changed" && notice.leader !== null && notice.before === null) return;
          await invocation.pubsub.publish(channels.coordination, notice, {
            type: notice.type,
            through: writeThrough(fence),
          });
        },
        onCommand: (command, data, from) => obey(isolate, log, command, data, from),
        report: (event) => reportCoordination(log, event),
        now,
      }));
    },
    get jobs() {
      return (jobs ??= createJobs({
        redis: () => invocation.redis.within(leaseTimeoutMs),
        prefix: config.keyPrefix,
        now,
      }));
    },
    get answers() {
      return (answers ??= createAnswerStore({ redis: () => invocation.redis.commands, keyPrefix: config.keyPrefix }));
    },
    followBus: coherence.listen,
    waitUntil: (work) =>
      waitUntil(work.catch((error: unknown) => log("error", "background work failed", { error: String(error) }))),
  };
  return invocation;
}

/** Nothing takes the place of a session, so that waiting is better than failing: after two seconds Discord shows "thinking…". */
const sessionTimeoutMs = 1_500;

/** What is to be done once, or kept for later, may take as long as a session. */
const leaseTimeoutMs = 1_500;

/**
 * From one cron tick to just before the next: a leader acts until its pump ends, and its lease is over, unreleased, when the
 * next tick begins, in whichever isolate. 2 commands a minute.
 */
const leaseTiming = { leaseMs: 59_000, renewDeadlineMs: 58_000, retryMs: 48_000, heartbeatMs: 240_000 };
