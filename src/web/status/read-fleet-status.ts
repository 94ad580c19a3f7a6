import type { FleetStatus } from "./fleet-status.ts";

/** Returns the fleet's status. Never throws: what cannot be read is `null`, with its reason in `missing`. */
export type ReadFleetStatus = () => Promise<FleetStatus>;
