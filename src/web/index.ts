export { admin } from "./admin.ts";
export { createEventsApp, type EventsOptions } from "./events.ts";
