import { createCache } from "../cache/index.ts";
import { createCoordination, cronTiming, writeThrough } from "../coordination/index.ts";
import { createRest } from "../discord/index.ts";
import { createEntities, type InteractionEntities } from "../entities/index.ts";
import { createJobs } from "../jobs/index.ts";
import { type Clock, lazy, systemClock } from "../platform/index.ts";
import { channels, createPubsub } from "../pubsub/index.ts";
import { createConnection } from "../redis/index.ts";
import { createSessions } from "../sessions/index.ts";
import { createBudget } from "./budget.ts";
import { boundMs, createCacheSync } from "./cache-sync.ts";
import type { Config } from "./config.ts";
import type { FeatureIndex } from "./feature-index.ts";
import { createFeedWork } from "./feeds.ts";
import type { Invocation } from "./invocation.ts";
import type { Isolate } from "./isolate.ts";
import { createRunner } from "./job-runner.ts";
import { createLog } from "./log.ts";
import { reportCache, reportCoordination, reportPubsub, reportRedis } from "./log-events.ts";
import { runInTime } from "./run-in-time.ts";

export interface InvocationOptions {
  isolate: Isolate;
  config: Config;
  features: FeatureIndex;
  waitUntil(work: Promise<unknown>): void;
  /** The interaction that is being answered: reading an entity that it carries needs no request to Discord. */
  interaction?: InteractionEntities;
  /** For one call to Redis that nothing can stand in for, in milliseconds. Default: 1,500. */
  redisTimeoutMs?: number;
  /** For one call to Redis that has a fallback, such as a read of the cache, in milliseconds. Default: `redisTimeoutMs`. */
  fallbackAfterMs?: number;
  /** Whether the bus is polled along with the first command. Default: true. */
  pollsAlong?: boolean;
  clock?: Clock;
  fetch?: typeof fetch;
}

/** Makes the services of one request or cron tick. Cost: 0 commands. */
export function createInvocation({
  isolate,
  config,
  features,
  waitUntil,
  interaction,
  redisTimeoutMs = 1_500,
  fallbackAfterMs = redisTimeoutMs,
  pollsAlong = true,
  clock = systemClock,
  fetch = (input, init) => globalThis.fetch(input, init),
}: InvocationOptions): Invocation {
  const log = createLog(config.logLevel);
  const prefix = config.keyPrefix;
  const budget = createBudget(config.subrequests, fetch);
  const sync = createCacheSync({
    isolate,
    clock,
    pubsub: () => invocation.pubsub,
    apply: (invalidation) => invocation.cache.apply(invalidation),
    receive: (notice) => invocation.coordination.receive(notice),
  });
  const feedWork = createFeedWork(() => invocation, features.feeds);

  const redis = lazy(() =>
    createConnection({
      ...config.redis,
      state: isolate.redis,
      timeoutMs: redisTimeoutMs,
      wireMs: 1_500,
      waitUntil: invocation.waitUntil,
      report: (event) => reportRedis(log, event),
      onFirstCommand: pollsAlong ? [sync.pollAlong] : [],
      clock,
      fetch: budget.fetch,
    }),
  );
  const discord = lazy(() =>
    createRest({
      baseUrl: config.discordApiUrl,
      applicationId: config.applicationId,
      state: isolate.discord,
      clock,
      fetch: budget.discordFetch,
      mayTryAgain: () => budget.left() > 0,
      ...(config.botToken !== undefined && { token: config.botToken }),
    }),
  );
  const cache = lazy(() =>
    createCache({
      state: isolate.cache,
      redis: () => redis().within(fallbackAfterMs),
      prefix,
      waitUntil: invocation.waitUntil,
      report: (event) => reportCache(log, event),
      bus: sync.bus,
      hearing: sync.hearing,
      boundMs,
      clock,
    }),
  );
  const entities = lazy(() => {
    const { cache, discord, waitUntil } = invocation;
    const opened = createEntities({ cache, discord, waitUntil });
    // Not before the first read: an interaction that reads no entities leaves L1 empty, and the bus to be asked once a minute.
    if (interaction) opened.rememberFrom(interaction);
    return opened;
  });
  const sessions = lazy(() =>
    createSessions({
      redis: () => redis().commands,
      prefix,
      waitUntil: invocation.waitUntil,
      clock,
    }),
  );
  const pubsub = lazy(() =>
    createPubsub({
      state: isolate.pubsub,
      redis: () => redis().commands,
      pollRedis: () => redis().within(fallbackAfterMs),
      prefix,
      source: isolate.id,
      waitUntil: invocation.waitUntil,
      isolateHandlers: sync.handlers(),
      onMissed: () => invocation.cache.missed(),
      report: (event) => reportPubsub(log, event),
      clock,
      onPublishing: feedWork.onPublishing,
      onPublished: feedWork.onPublished,
    }),
  );
  const coordination = lazy(() =>
    createCoordination({
      ...cronTiming,
      state: isolate.coordination,
      id: isolate.id,
      redis: () => redis().commands,
      prefix,
      publish: (notice, fence) =>
        invocation.pubsub.publish(channels.coordination, notice, { type: notice.type, through: writeThrough(fence) }),
      async onOrder(name, data, from) {
        // Orders that this version does not know are left to those that do.
        await features.orders.get(name)?.run(invocation, data, from);
        log("info", "order", { order: name, from });
      },
      report: (event) => reportCoordination(log, event),
      clock,
    }),
  );
  const jobs = lazy(() =>
    createJobs({
      redis: () => redis().commands,
      prefix,
      clock,
      onScheduled: (job) => runInTime(invocation, job),
    }),
  );
  const runner = lazy(() => createRunner(invocation, features.jobs, feedWork));

  const invocation: Invocation = {
    isolate,
    config,
    log,
    clock,
    fallbackAfterMs,
    get redis() {
      return redis();
    },
    get discord() {
      return discord();
    },
    get cache() {
      return cache();
    },
    get entities() {
      return entities();
    },
    get sessions() {
      return sessions();
    },
    get pubsub() {
      return pubsub();
    },
    get coordination() {
      return coordination();
    },
    get jobs() {
      return jobs();
    },
    get runner() {
      return runner();
    },
    left: budget.left,
    held: budget.held,
    hold: budget.hold,
    async forgetGuild(guildId) {
      await Promise.all(features.forgetGuild.map((forget) => forget(invocation, guildId)));
      log("info", "server forgotten", { guild: guildId });
    },
    waitUntil: (work) =>
      waitUntil(work.catch((error: unknown) => log("error", "background work failed", { error: String(error) }))),
  };
  return invocation;
}
