import { createLedger, type Ledger } from "../../../../src/metrics/ledger.ts";
import type { FleetStatus, Latency } from "../../../../src/web/status/fleet-status.ts";

export type ReadStatus = Omit<FleetStatus, "level" | "sentence" | "concerns">;

export const now = Date.parse("2026-06-10T12:00:30Z");
export const minute = 60_000;
export const hour = 60 * minute;

/** Returns a histogram with durations in some of its ten buckets. */
export const latency = (at: Record<number, number> = {}, sumMs = 0): Latency => {
  const buckets = Array.from({ length: 10 }, (_, index) => at[index] ?? 0);
  return { buckets, count: buckets.reduce((sum, count) => sum + count, 0), sumMs };
};

/** Returns a status of which only these parts could be read. */
export const statusWith = (parts: Partial<ReadStatus> = {}): ReadStatus => ({
  at: now,
  missing: [],
  instances: null,
  leader: null,
  rates: null,
  commands: null,
  cache: null,
  sessions: null,
  streams: null,
  jobs: null,
  redis: null,
  discord: null,
  cost: null,
  reading: { commands: 0 },
  ...parts,
});

export const ledgerWith = (parts: Partial<Ledger> = {}): Ledger => ({ ...createLedger(), ...parts });

export const jobs: NonNullable<FleetStatus["jobs"]> = {
  scheduled: 0,
  due: 0,
  running: 0,
  late: 0,
  latestMs: 0,
  dead: 0,
  unreadable: 0,
  nextAt: null,
  upcoming: [],
  rates: [],
};

export const redis: NonNullable<FleetStatus["redis"]> = {
  latency: latency(),
  requests: 0,
  commands: 0,
  commandsPerMinute: 0,
  retries: 0,
  errors: 0,
  timeouts: 0,
  breakers: { closed: 1, open: 0, halfOpen: 0 },
};

export const instance = (id: string): NonNullable<FleetStatus["instances"]>[number] => ({
  id,
  startedAt: now - hour,
  seenAt: now,
  isLeader: false,
  isSelf: false,
  isMember: true,
  about: "",
  breaker: "closed",
});
