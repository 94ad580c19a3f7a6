export { admin } from "./admin.ts";
export { createEventsApp, type EventsOptions } from "./events.ts";
export { createTickApp, type TickOptions } from "./tick.ts";
