import { type Cache, createCache } from "../cache/index.ts";
import { type Coordination, createCoordination, cronTiming, writeThrough } from "../coordination/index.ts";
import { createRest, type DiscordRest } from "../discord/index.ts";
import { createEntities, type Entities, type InteractionEntities } from "../entities/index.ts";
import { createJobs, type JobEvent, type JobRunner, type Jobs } from "../jobs/index.ts";
import { createLedgerStore, createReporter, type LedgerStore, type Reporter } from "../metrics/index.ts";
import { type Clock, systemClock } from "../platform/index.ts";
import { channels, createPubsub, type Pubsub } from "../pubsub/index.ts";
import { createConnection, type RedisConnection } from "../redis/index.ts";
import { createSessions, type Sessions } from "../sessions/index.ts";
import { readFleet } from "../web/index.ts";
import { createBudget, type InvocationBudget } from "./budget.ts";
import { boundMs, type CacheSync, createCacheSync } from "./cache-sync.ts";
import type { Config } from "./config.ts";
import type { FeatureIndex } from "./feature-index.ts";
import { createFeedWork, type FeedWork } from "./feeds.ts";
import type { Invocation } from "./invocation.ts";
import type { Isolate } from "./isolate.ts";
import { createRunner } from "./job-runner.ts";
import { createLog, errorFields, type Log } from "./log.ts";
import { reportCache, reportCoordination, reportPubsub, reportRedis } from "./log-events.ts";
import { type Cause, countersOf, createMeasures, type Measures, monthly } from "./measures.ts";
import { runInTime } from "./run-in-time.ts";
import { type Trace, untraced } from "./trace.ts";

export interface InvocationOptions {
  isolate: Isolate;
  config: Config;
  features: FeatureIndex;
  waitUntil(work: Promise<unknown>): void;
  /** Aborts when the process is about to end. Default: never. */
  stopping?: AbortSignal | undefined;
  /** The interaction that is being answered: reading an entity that it carries needs no request to Discord. */
  interaction?: InteractionEntities;
  /** For one call to Redis that nothing can stand in for, in milliseconds. Default: 1,500. */
  redisTimeoutMs?: number;
  /** For one call to Redis that has a fallback, such as a read of the cache, in milliseconds. Default: `redisTimeoutMs`. */
  fallbackAfterMs?: number;
  /** What its Redis commands are sent for, unless a part names another cause. Default: "interactions". */
  cause?: Cause;
  /** Returns where the dashboard is: `https://bot.example.workers.dev/admin`. Default: not known. */
  adminUrl?: () => string;
  /** Default: no traces. */
  trace?: Trace;
  /** Whether the bus is polled along with the first command. Default: true. */
  pollsAlong?: boolean;
  clock?: Clock;
  fetch?: typeof fetch;
}

/** Makes the services of one request or cron tick. Cost: 0 commands. */
export const createInvocation = (options: InvocationOptions): Invocation => new Services(options);

// --- Internal helpers ---

/** The share of reports behind which the isolate sums what was reported, so that a reader finds little left to sum. */
const sumShare = 1 / 64;

const globalFetch: typeof fetch = (input, init) => globalThis.fetch(input, init);

/**
 * A class, since every request makes one: the getters that open each service when it is first read are made once for all of
 * them.
 */
class Services implements Invocation {
  readonly isolate: Isolate;
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly fallbackAfterMs: number;
  readonly left: Invocation["left"];
  readonly held: Invocation["held"];
  readonly hold: Invocation["hold"];
  readonly waitUntil: Invocation["waitUntil"];
  readonly stopping: AbortSignal | undefined;
  readonly jobOutcomes = new Map<JobEvent["type"], number>();
  readonly measures: Measures;
  readonly #options: InvocationOptions;
  readonly #budget: InvocationBudget;
  /** The services that were read, by name. */
  readonly #opened: { -readonly [Name in keyof Invocation]?: Invocation[Name] } = {};
  #cacheSync: CacheSync | undefined;
  #feedWork: FeedWork | undefined;
  #openedReporter: Reporter | undefined;

  constructor(options: InvocationOptions) {
    const { isolate, config, clock = systemClock, fetch = globalFetch, redisTimeoutMs = 1_500 } = options;
    const { fallbackAfterMs = redisTimeoutMs, waitUntil } = options;
    this.isolate = isolate;
    this.config = config;
    this.clock = clock;
    this.fallbackAfterMs = fallbackAfterMs;
    this.stopping = options.stopping;
    this.#options = options;
    this.#budget = createBudget(config.subrequests, fetch);
    this.measures = createMeasures(isolate, clock.now);
    this.left = this.#budget.left;
    this.held = this.#budget.held;
    this.hold = this.#budget.hold;
    const log = createLog(config.logLevel);
    this.log = log;
    this.waitUntil = (work) =>
      waitUntil(work.catch((error: unknown) => log("error", "background work failed", errorFields(error))));
  }

  get redis(): RedisConnection {
    const { redisTimeoutMs = 1_500, pollsAlong = true, cause = "interactions", trace = untraced } = this.#options;
    const reportAlong = () => this.#reporter.reportAlong();
    return (this.#opened.redis ??= createConnection({
      ...this.config.redis,
      state: this.isolate.redis,
      timeoutMs: redisTimeoutMs,
      wireMs: 1_500,
      waitUntil: this.waitUntil,
      report: (event) => reportRedis(this.log, event),
      onFirstCommand: pollsAlong ? [() => this.#sync.pollAlong(), reportAlong] : [reportAlong],
      meter: this.measures.meter,
      cause,
      around: (commands, send) => trace("redis", { "redis.commands": commands.length }, send),
      clock: this.clock,
      fetch: this.#budget.fetch,
    }));
  }

  get discord(): DiscordRest {
    const { discordApiUrl, applicationId, botToken } = this.config;
    const { trace = untraced } = this.#options;
    return (this.#opened.discord ??= createRest({
      baseUrl: discordApiUrl,
      applicationId,
      state: this.isolate.discord,
      clock: this.clock,
      fetch: this.#budget.discordFetch,
      mayTryAgain: () => this.left() > 0,
      onAttempt: (attempt) => this.measures.attempt(attempt),
      around: (route, send) => trace("discord", { "discord.route": route }, send),
      ...(botToken !== undefined && { token: botToken }),
    }));
  }

  get cache(): Cache {
    const { bus, hearing } = this.#sync;
    return (this.#opened.cache ??= createCache({
      state: this.isolate.cache,
      redis: () => this.redis.within(this.fallbackAfterMs),
      prefix: this.config.keyPrefix,
      waitUntil: this.waitUntil,
      report: (event) => reportCache(this.log, event),
      bus,
      hearing,
      boundMs,
      clock: this.clock,
    }));
  }

  get entities(): Entities {
    return (this.#opened.entities ??= this.#openEntities());
  }

  get sessions(): Sessions {
    return (this.#opened.sessions ??= createSessions({
      redis: () => this.redis.commands,
      prefix: this.config.keyPrefix,
      waitUntil: this.waitUntil,
      onUsed: (use, kind) => this.measures.session(use, kind),
      clock: this.clock,
    }));
  }

  get pubsub(): Pubsub {
    return (this.#opened.pubsub ??= createPubsub({
      state: this.isolate.pubsub,
      redis: () => this.redis.billedTo("bus").commands,
      pollRedis: () => this.redis.billedTo("bus").within(this.fallbackAfterMs),
      prefix: this.config.keyPrefix,
      source: this.isolate.id,
      waitUntil: this.waitUntil,
      isolateHandlers: this.#sync.handlers(),
      since: this.isolate.startedAt,
      onMissed: () => this.cache.missed(),
      report: (event) => reportPubsub(this.log, event),
      clock: this.clock,
      onPublishing: (channel) => this.#feeds.onPublishing(channel),
      onPublished: (channel) => this.#feeds.onPublished(channel),
    }));
  }

  get coordination(): Coordination {
    return (this.#opened.coordination ??= createCoordination({
      ...cronTiming,
      state: this.isolate.coordination,
      id: this.isolate.id,
      redis: () => this.redis.commands,
      prefix: this.config.keyPrefix,
      publish: (notice, fence) =>
        this.pubsub.publish(channels.coordination, notice, { type: notice.type, through: writeThrough(fence) }),
      onOrder: async (name, data, from) => {
        // Orders that this version does not know are left to those that do.
        await this.#options.features.orders.get(name)?.run(this, data, from);
        this.log("info", "order", { order: name, from });
      },
      report: (event) => reportCoordination(this.log, event),
      clock: this.clock,
    }));
  }

  get jobs(): Jobs {
    return (this.#opened.jobs ??= createJobs({
      redis: () => this.redis.commands,
      prefix: this.config.keyPrefix,
      clock: this.clock,
      onScheduled: (job) => runInTime(this, job),
    }));
  }

  get runner(): JobRunner {
    return (this.#opened.runner ??= createRunner(this, this.#options.features.jobs, this.#feeds));
  }

  get adminUrl(): string | undefined {
    return this.config.adminToken === undefined ? undefined : this.#options.adminUrl?.();
  }

  async fleet(): ReturnType<Invocation["fleet"]> {
    const { features } = this.#options;
    return readFleet({
      clock: this.clock,
      self: { id: this.isolate.id, startedAt: this.isolate.startedAt, breaker: this.isolate.redis.breaker.value },
      // What this isolate counted is in the sums that are read.
      counts: async () =>
        (await Promise.all([this.#reporterFor("dashboard").report(), this.#ledgerFor("dashboard").read()]))[1],
      cluster: () => this.coordination.info(),
      bus: () => this.pubsub.status([...features.feeds.keys()]),
      jobs: () => this.jobs.overview(),
      hasHandler: (kind) => features.jobs.has(kind),
      spent: () => this.measures.redis.commands,
    });
  }

  async forgetGuild(guildId: string): Promise<void> {
    await Promise.all(this.#options.features.forgetGuild.map((forget) => forget(this, guildId)));
    this.log("info", "server forgotten", { guild: guildId });
  }

  get #sync(): CacheSync {
    return (this.#cacheSync ??= createCacheSync({
      isolate: this.isolate,
      clock: this.clock,
      pubsub: () => this.pubsub,
      apply: (invalidation) => this.cache.apply(invalidation),
      receive: (notice) => this.coordination.receive(notice),
    }));
  }

  get #feeds(): FeedWork {
    return (this.#feedWork ??= createFeedWork(() => this, this.#options.features.feeds));
  }

  get #reporter(): Reporter {
    return (this.#openedReporter ??= this.#reporterFor("metrics"));
  }

  #reporterFor(cause: Cause): Reporter {
    const { isolate, config, clock } = this;
    return createReporter({
      state: isolate.metrics,
      redis: () => this.redis.billedTo(cause).within(this.fallbackAfterMs),
      prefix: config.keyPrefix,
      id: isolate.id,
      startedAt: isolate.startedAt,
      clock,
      waitUntil: this.waitUntil,
      counters: () => countersOf(isolate),
      breaker: () => isolate.redis.breaker.value,
      onReported: () => {
        if (clock.random() < sumShare) this.waitUntil(this.#ledgerFor(cause).sum());
      },
    });
  }

  #ledgerFor(cause: Cause): LedgerStore {
    return createLedgerStore({
      redis: () => this.redis.billedTo(cause).commands,
      prefix: this.config.keyPrefix,
      clock: this.clock,
      monthly,
      waitUntil: this.waitUntil,
      onUnreadable: (where) => this.log("warn", "metrics unreadable", { where }),
    });
  }

  #openEntities(): Entities {
    const { interaction } = this.#options;
    const opened = createEntities({ cache: this.cache, discord: this.discord, waitUntil: this.waitUntil });
    // Not before the first read: an interaction that reads no entities leaves L1 empty, and the bus to be asked once a minute.
    if (interaction) opened.rememberFrom(interaction);
    return opened;
  }
}
