import type { Cache } from "../cache/index.ts";
import type { Coordination } from "../coordination/index.ts";
import type { DiscordRest, RouterServices } from "../discord/index.ts";
import type { Entities } from "../entities/index.ts";
import type { JobEvent, JobRunner, Jobs } from "../jobs/index.ts";
import type { Ledger } from "../metrics/index.ts";
import type { Budget, Clock } from "../platform/index.ts";
import type { Pubsub } from "../pubsub/index.ts";
import type { RedisConnection } from "../redis/index.ts";
import type { Sessions } from "../sessions/index.ts";
import type { FleetStatus } from "../web/index.ts";
import type { Config } from "./config.ts";
import type { Isolate } from "./isolate.ts";
import type { Log } from "./log.ts";
import type { Measures } from "./measures.ts";

/**
 * The services of one request or cron tick: everything that does I/O. Handlers get them as their second argument. As a `Budget`
 * it counts the requests, to Redis and Discord together, that it may still send.
 */
export interface Invocation extends RouterServices, Budget {
  readonly isolate: Isolate;
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  /** Discord's REST API. */
  readonly discord: DiscordRest;
  /** L1, Redis, and a fetcher. */
  readonly cache: Cache;
  /** Discord's users, guilds, channels, roles and members, cached. */
  readonly entities: Entities;
  /** Conversations, and other data that belongs to a person for a while. */
  readonly sessions: Sessions;
  /** Messages between isolates, and from other systems. */
  readonly pubsub: Pubsub;
  /** Leader, members, leases. */
  readonly coordination: Coordination;
  /** Scheduled work. What is scheduled here runs on time. */
  readonly jobs: Jobs;
  /** Runs jobs in this invocation. The runtime calls it. */
  readonly runner: JobRunner;
  /** How many of the jobs that `runner` ran ended how. */
  readonly jobOutcomes: Map<JobEvent["type"], number>;
  /** Aborts when the process is about to end: nothing more is begun. Cloudflare announces no end. */
  readonly stopping: AbortSignal | undefined;
  /** Counts what happens, for the fleet's status. */
  readonly measures: Measures;
  /** Where people find the dashboard; undefined without one, and where the Worker's address is not known. */
  readonly adminUrl: string | undefined;
  /**
   * Returns the whole fleet at this moment, and the sums that it was read from. Never throws.
   * Cost: 17 commands and 2 for each feed, 3 round trips; see `FleetStatus.reading`.
   */
  fleet(): Promise<{ status: FleetStatus; ledger: Ledger | null }>;
  /** How long a call to Redis that has a fallback may take, in milliseconds: `redis.within(fallbackAfterMs)`. */
  readonly fallbackAfterMs: number;
  /** Opened when first used, so that an answer without state costs nothing. */
  readonly redis: RedisConnection;
  /** Has every feature forget a server that removed the application. Cost: the features'. */
  forgetGuild(guildId: string): Promise<void>;
  /** Keeps the invocation alive until the promise settles; logs its failure. */
  waitUntil(work: Promise<unknown>): void;
}
