import type { FleetStatus } from "./fleet-status.ts";

/** Returns the status of a fleet of which nothing could be read, for a reason. */
export const unreadStatus = (at: number, reason: string): FleetStatus => ({
  at,
  level: "attention",
  sentence: "The state of the fleet could not be read.",
  concerns: [{ kind: "unread-part", severity: "attention", text: reason }],
  missing: (["counts", "cluster", "streams", "jobs"] as const).map((part) => ({ part, reason })),
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
});
