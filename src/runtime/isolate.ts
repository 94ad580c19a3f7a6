import { type CacheState, createCacheState } from "../cache/index.ts";
import { type CoordinationState, createCoordinationState, type DutyTimes } from "../coordination/index.ts";
import { createRestState, type KeyRing, type RestState } from "../discord/index.ts";
import { type CooldownState, createCooldownState } from "../discord-redis/index.ts";
import { createJobsState, type JobsState } from "../jobs/index.ts";
import { createMetricsState, type MetricsState } from "../metrics/index.ts";
import { type Clock, systemClock } from "../platform/index.ts";
import { createPubsubState, type PubsubState } from "../pubsub/index.ts";
import { createRedisState, type RedisState } from "../redis/index.ts";
import { type ConfigResult, readConfig } from "./config.ts";

/**
 * The state that lives as long as the isolate: plain data only, shared by all its invocations. I/O objects and promises belong to
 * the `Invocation`.
 */
export interface Isolate {
  /** Made at the first request: Workers allow no randomness before. */
  readonly id: string;
  /** When it served its first request, in epoch milliseconds: before, the clock shows 0. */
  readonly startedAt: number;
  readonly redis: RedisState;
  /** Discord's rate limits, as far as known. */
  readonly discord: RestState;
  /** L1 of the cache, and its statistics. */
  readonly cache: CacheState;
  /** Where this isolate is on the bus. */
  readonly pubsub: PubsubState;
  /** Whether this isolate leads, and who does. */
  readonly coordination: CoordinationState;
  /** Cooldowns that are used up, as far as known. */
  readonly cooldowns: CooldownState;
  /** When jobs are due, as far as known, and when the cron tick's duties are. */
  readonly jobs: JobsState;
  readonly duties: DutyTimes;
  /** When the cron last ticked in this isolate, in epoch milliseconds. */
  readonly ticks: { lastAt?: number };
  /** What was counted for the fleet, and not reported yet. */
  readonly metrics: MetricsState;
  /** Imported public keys, by their hex text. */
  readonly keys: KeyRing;
  /**
   * Returns the configuration, read once for each environment object. Every invocation begins here, and the isolate's age
   * with the first.
   */
  config(env: object): ConfigResult;
}

export interface IsolateOptions {
  clock?: Clock;
  createId?: () => string;
}

/** Makes the state of one isolate. A test makes two to get a fleet of two. */
export function createIsolate({
  clock = systemClock,
  createId = () => crypto.randomUUID().slice(0, 8),
}: IsolateOptions = {}): Isolate {
  let id: string | undefined;
  let startedAt: number | undefined;
  const configs = new WeakMap<object, ConfigResult>();
  return {
    get id() {
      return (id ??= createId());
    },
    get startedAt() {
      return (startedAt ??= clock.now());
    },
    redis: createRedisState(),
    discord: createRestState(),
    cache: createCacheState(),
    pubsub: createPubsubState(),
    coordination: createCoordinationState(),
    cooldowns: createCooldownState(),
    jobs: createJobsState(),
    duties: new Map(),
    ticks: {},
    metrics: createMetricsState(),
    keys: new Map(),
    config(env) {
      startedAt ??= clock.now();
      const known = configs.get(env);
      if (known) return known;
      const result = readConfig(env);
      configs.set(env, result);
      return result;
    },
  };
}
