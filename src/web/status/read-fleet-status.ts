import type { ClusterInfo } from "../../coordination/index.ts";
import type { JobsOverview } from "../../jobs/index.ts";
import type { Ledger } from "../../metrics/index.ts";
import { type Clock, reasonOf } from "../../platform/index.ts";
import type { BusStatus } from "../../pubsub/index.ts";
import { concernsOf, levelOf, sentenceOf } from "./concerns.ts";
import { costOf } from "./cost.ts";
import type { FleetStatus, Instance, StatusPart, UpcomingJob } from "./fleet-status.ts";
import { cacheOf, commandsOf, discordOf, hourOf, jobRatesOf, ratesOf, redisOf, sessionsOf } from "./rates.ts";

/** Where the status comes from: each part is asked once. */
export interface StatusSources {
  clock: Pick<Clock, "now">;
  /** The isolate that answers. */
  self: { id: string; startedAt: number; breaker: "closed" | "open" | "half-open" };
  counts(): Promise<Ledger>;
  cluster(): Promise<ClusterInfo>;
  bus(): Promise<BusStatus>;
  jobs(): Promise<JobsOverview>;
  /** Returns whether a feature does jobs of a kind. */
  hasHandler(kind: string): boolean;
  /** Returns how many Redis commands the invocation has sent. */
  spent(): number;
}

/** An isolate that was not heard of for this long is not shown. */
const silentMs = 600_000;
/** Redis may quote a whole command, and a message in Discord holds 2,000 characters. */
const longestReason = 200;

/**
 * Returns the fleet's status. Never throws: a part that cannot be read is `null`, with its reason in `missing`.
 * Cost: 17 commands and 2 for each group of workers, 3 round trips; 3 commands less when no job waits and nothing was counted.
 */
export const readFleetStatus = async (sources: StatusSources): Promise<FleetStatus> =>
  (await readFleet(sources)).status;

/** Returns the fleet's status, and the sums that it was read from. Never throws. Cost: as `readFleetStatus`. */
export async function readFleet(sources: StatusSources): Promise<{ status: FleetStatus; ledger: Ledger | null }> {
  const before = sources.spent();
  const missing: FleetStatus["missing"] = [];
  const read = <T>(part: StatusPart, reading: Promise<T>): Promise<T | null> =>
    reading.catch((error: unknown) => {
      const reason = reasonOf(error);
      missing.push({
        part,
        reason: reason.length > longestReason ? `${reason.slice(0, longestReason)}\u2026` : reason,
      });
      return null;
    });
  const [ledger, cluster, bus, jobs] = await Promise.all([
    read("counts", sources.counts()),
    read("cluster", sources.cluster()),
    read("streams", sources.bus()),
    read("jobs", sources.jobs()),
  ]);
  const at = sources.clock.now();
  const hour = ledger && hourOf(ledger, at);
  const status: Omit<FleetStatus, "level" | "sentence" | "concerns"> = {
    at,
    missing,
    instances: ledger || cluster ? instancesOf(ledger, cluster, sources.self, at) : null,
    leader: cluster && { id: cluster.leader, token: cluster.token, leaseLeftMs: cluster.leaseLeftMs },
    rates: ledger && ratesOf(ledger, at),
    commands: hour && commandsOf(hour),
    cache: hour && cacheOf(hour),
    sessions: hour && sessionsOf(hour),
    streams: bus && [bus],
    jobs: jobs && {
      ...jobs,
      upcoming: jobs.upcoming.map((job) => upcomingOf(job, sources.hasHandler(job.kind))),
      rates: hour ? jobRatesOf(hour) : [],
    },
    redis: ledger && hour && redisOf(hour, breakersOf(ledger, at), ratesOf(ledger, at)),
    discord: hour && discordOf(hour),
    cost: ledger && costOf(ledger, at),
    reading: { commands: sources.spent() - before },
  };
  const concerns = concernsOf(status);
  return { status: { ...status, concerns, level: levelOf(concerns), sentence: sentenceOf(status, concerns) }, ledger };
}

// --- Internal helpers ---

function instancesOf(
  ledger: Ledger | null,
  cluster: ClusterInfo | null,
  self: StatusSources["self"],
  now: number,
): Instance[] {
  const found = new Map<string, Instance>();
  const known = (id: string, startedAt: number): Instance => {
    const instance = found.get(id) ?? {
      id,
      startedAt,
      seenAt: 0,
      isLeader: id === cluster?.leader,
      isSelf: id === self.id,
      isMember: false,
      about: "",
      breaker: null,
    };
    found.set(id, instance);
    return instance;
  };
  for (const [id, { startedAt, seenAt, breaker }] of ledger?.isolates ?? []) {
    if (seenAt < now - silentMs) continue;
    Object.assign(known(id, startedAt), { seenAt, breaker });
  }
  for (const { id, joinedAt, seenAt, about } of cluster?.members ?? []) {
    const instance = known(id, joinedAt);
    Object.assign(instance, { isMember: true, about, seenAt: Math.max(instance.seenAt, seenAt) });
  }
  Object.assign(known(self.id, self.startedAt), { seenAt: now, breaker: self.breaker });
  return [...found.values()].toSorted((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1));
}

function breakersOf({ isolates }: Ledger, now: number): { closed: number; open: number; halfOpen: number } {
  const lately = [...isolates.values()].filter(({ seenAt }) => seenAt >= now - silentMs);
  const of = (state: string): number => lately.filter(({ breaker }) => breaker === state).length;
  return { closed: of("closed"), open: of("open"), halfOpen: of("half-open") };
}

function upcomingOf(job: JobsOverview["upcoming"][number], hasHandler: boolean): UpcomingJob {
  const { id, kind, owner, dueAt, isRunning, attempts, every, failures = 0, problem } = job;
  return {
    id,
    kind,
    owner,
    dueAt,
    isRunning,
    attempts,
    failures,
    isOrphaned: !hasHandler,
    ...(every && { every: { cron: every.cron, zone: every.zone } }),
    ...(problem !== undefined && problem !== "" && { problem }),
  };
}
