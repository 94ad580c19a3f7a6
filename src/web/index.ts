export { admin } from "./admin.ts";
export { createEventsApp, type EventsOptions } from "./events.ts";
export type { AdminServices, Dashboard } from "./services.ts";
export type { FleetStatus } from "./status/fleet-status.ts";
export { readFleet, readFleetStatus, type StatusSources } from "./status/read-fleet-status.ts";
export { createStatusApp, type StatusOptions } from "./status/status-app.ts";
export { createTickApp, type TickOptions } from "./tick.ts";
