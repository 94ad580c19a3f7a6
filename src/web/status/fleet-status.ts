import type { JobsOverview } from "../../jobs/index.ts";
import type { BusStatus } from "../../pubsub/index.ts";

/**
 * The whole fleet at one moment: everything that the dashboard, `/status`, `GET /admin/api/status` and the Prometheus metrics
 * show. Plain JSON. Times are epoch milliseconds, durations end in `Ms`. What could not be read is `null`, and `missing` says
 * why: the page shows the rest.
 *
 * Counts come from what the isolates report at most every ten seconds, behind a request that they make anyway. A busy isolate
 * that dies loses its last ten seconds, a quiet one its last minutes; one without work reports its last counts when it works again.
 */
export interface FleetStatus {
  /** When it was read. */
  at: number;
  /** How bad it is: `well`: nothing to do. `attention`: something waits for a person. `trouble`: people are affected. */
  level: "well" | "attention" | "trouble";
  /** One sentence for people: "All well: 3 instances, leader a1b2, nothing late." */
  sentence: string;
  /** What needs a hand, the worst first. */
  concerns: Concern[];
  /** The parts that could not be read, with the reason for people. */
  missing: { part: StatusPart; reason: string }[];
  /** The isolates that worked lately: those that reported, and the members of the group. */
  instances: Instance[] | null;
  leader: Leader | null;
  /** The last sixty minutes, and since when there are counts. */
  rates: Rates | null;
  /** Interactions of the last sixty minutes by command, the busiest first. */
  commands: CommandRate[] | null;
  /** Cache reads of the last sixty minutes by kind. */
  cache: CacheRate[] | null;
  /** Sessions of the last sixty minutes by kind. */
  sessions: SessionRate[] | null;
  streams: BusStatus[] | null;
  jobs: JobsStatus | null;
  redis: RedisStatus | null;
  discord: DiscordStatus | null;
  cost: CostStatus | null;
  /** What one reading of this cost, in Redis commands: "watching costs N commands a minute" is this, times the polls. */
  reading: { commands: number };
}

/** A part of the status that can fail to be read while the others are shown. */
export type StatusPart = "counts" | "cluster" | "streams" | "jobs";

/** Something that waits for a person, with its cure in words. */
export interface Concern {
  kind:
    | "dead-letters"
    | "dead-jobs"
    | "unreadable-jobs"
    | "late-jobs"
    | "failing-recurrence"
    | "orphaned-job"
    | "stuck-messages"
    | "breaker-open"
    | "leader-gone"
    | "redis-failing"
    | "errors"
    | "rate-limited"
    | "free-tier"
    | "unread-part";
  severity: "attention" | "trouble";
  /** One sentence: "3 messages of the group feeds could not be delivered." */
  text: string;
  /** How many, where it is a count. */
  count?: number;
  /** A group, a job kind or a command. */
  about?: string;
}

/** An isolate that reported counts, or is a member, in the last ten minutes. */
export interface Instance {
  id: string;
  /** When it started or, as far as known, joined. */
  startedAt: number;
  /** When it was last heard of. */
  seenAt: number;
  isLeader: boolean;
  /** It answers this request. */
  isSelf: boolean;
  /** A member ran a job, delivered a feed or led within ten minutes. */
  isMember: boolean;
  /** Its note among the members, such as a version. */
  about: string;
  /** Its circuit breaker towards Redis as of its last report; `null` when it never reported. */
  breaker: "closed" | "open" | "half-open" | null;
}

/** Who leads. An instance leads only while it does something that only a leader may do: often none does, and that is well. */
export interface Leader {
  /** `null` while none leads. */
  id: string | null;
  /** The newest fencing token; 0 before the first leader. */
  token: number;
  /** How long Redis still keeps the lease; 0 while none leads. */
  leaseLeftMs: number;
}

/** Upper bounds of the histogram's buckets, in milliseconds. One more bucket holds what was slower. */
export const latencyBoundsMs = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500] as const;

/** Durations in fixed buckets: histograms of several isolates add up. */
export interface Latency {
  /** How many per bucket of `latencyBoundsMs`, not cumulated, and how many were slower than the last bound. */
  buckets: number[];
  count: number;
  sumMs: number;
}

/** One minute of the whole fleet. */
export interface Minute {
  /** When it began. */
  at: number;
  interactions: number;
  /** Interactions whose handler failed. */
  errors: number;
  latency: Latency;
  redisCommands: number;
  redisRequests: number;
  /** Requests to Discord's REST API. */
  discordRequests: number;
}

export interface Rates {
  /** The oldest count of the sixty minutes; later than their beginning where there was nothing to count before. */
  since: number;
  /** Sixty, the oldest first; the last one is not over. */
  minutes: Minute[];
  /** The sum of the minutes. */
  total: Omit<Minute, "at">;
}

export interface CommandRate {
  /** As declared: `/ping`, or a component's or form's `custom_id` pattern. */
  command: string;
  kind: "command" | "component" | "modal" | "autocomplete" | "unknown";
  /** By outcome. `refused`: a guard or a cooldown. `duplicate`: answered as the first delivery was. */
  outcomes: { ok: number; refused: number; duplicate: number; failed: number };
  count: number;
  latency: Latency;
}

export interface CacheRate {
  kind: string;
  /** Reads that this isolate's memory answered. */
  local: number;
  /** Reads that Redis answered. */
  redis: number;
  /** Reads served in their grace. */
  stale: number;
  misses: number;
  fetches: number;
  /** Fetches that failed. */
  failures: number;
}

export interface SessionRate {
  kind: string;
  created: number;
  read: number;
  updated: number;
  ended: number;
}

/** Counts of all jobs; of those given up, the ones of the last thirty days. */
export interface JobsStatus extends Omit<JobsOverview, "upcoming"> {
  /** The jobs that are due next, at most 50, with recurring ones among them. */
  upcoming: UpcomingJob[];
  /** Runs of the last sixty minutes by kind. */
  rates: { kind: string; done: number; retried: number; dead: number; lateMs: Latency }[];
}

export interface UpcomingJob {
  id: string;
  kind: string;
  owner: string;
  dueAt: number;
  isRunning: boolean;
  /** Tries since it became due. */
  attempts: number;
  /** Its cron expression and time zone, where it recurs. */
  every?: { cron: string; zone: string };
  /** Occurrences that failed in a row. */
  failures: number;
  /** Why the last of them failed. */
  problem?: string;
  /** No feature of this bot has a handler for its kind. */
  isOrphaned: boolean;
}

/** The fleet's requests to Redis in the last sixty minutes. */
export interface RedisStatus {
  /** One HTTP request each. */
  latency: Latency;
  requests: number;
  commands: number;
  commandsPerMinute: number;
  retries: number;
  errors: number;
  timeouts: number;
  /** Isolates by the state of their breaker, as of their last report in the last ten minutes. */
  breakers: { closed: number; open: number; halfOpen: number };
}

/** The fleet's requests to Discord's REST API in the last sixty minutes. */
export interface DiscordStatus {
  requests: number;
  errors: number;
  /** Answers with status 429. */
  rateLimited: number;
  latency: Latency;
}

/** What caused a Redis command. */
export const costCauses = ["interactions", "jobs", "bus", "idle", "dashboard", "metrics", "other"] as const;
export type CostCause = (typeof costCauses)[number];

/** The calendar month so far, in UTC, as Upstash and Cloudflare bill it. */
export interface CostStatus {
  /** "2026-11". */
  month: string;
  /** When counting began: the beginning of the month, or later. */
  since: number;
  redis: {
    /** Commands as billed: a script is billed as itself and each call inside. */
    commands: number;
    byCause: Record<CostCause, number>;
    /**
     * The part of `idle` that is estimated: isolates that only tick report nothing, so each minute without a counted tick is
     * taken for an idle one.
     */
    estimatedIdle: number;
    /** Commands that the month comes to at the rate since `since`. */
    projected: number;
    free: { commands: number; share: number; projectedShare: number };
    /** At pay as you go; 0 within the free plan. */
    dollars: number;
    projectedDollars: number;
    /** The causes' shares of `projectedDollars`. */
    dollarsByCause: Record<CostCause, number>;
    /** "free", "pay as you go", or "fixed": the plan that is the cheapest for the projected month. */
    cheapestPlan: "free" | "pay as you go" | "fixed";
    /** What that plan comes to. */
    cheapestDollars: number;
  };
  workers: {
    /** Requests and ticks that reached the Worker, as far as they were counted. */
    requests: number;
    projected: number;
    /** The free plan's bound is by day. */
    freePerDay: number;
    perDay: number;
    dollars: number;
    projectedDollars: number;
  };
  /** The date of the prices: "2026-11-26". */
  pricesOf: string;
}
