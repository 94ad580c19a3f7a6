export { admin } from "./admin.ts";
export { type Console, createConsole, isLoggedIn } from "./console.ts";
export { createEventsApp, type EventsOptions } from "./events.ts";
export type { AdminServices } from "./services.ts";
export { unreadStatus } from "./status/unread-status.ts";
