import type { Isolate } from "./isolate.ts";
import type { Log } from "./log.ts";

/** What the leader can have every instance do, with what it says of it. */
export const orders = {
  forget: "Forget what this isolate's memory holds of Discord",
  note: "Write a line to the log",
} as const;

/** Does what the leader told every instance to do; what another version of the bot knows is left to that. */
export function obey(isolate: Isolate, log: Log, order: string, data: unknown, from: string): void {
  if (order === "forget") isolate.cache.entries.clear();
  log("info", `told to ${order}`, { from, ...(order === "note" && { note: String(data).slice(0, 500) }) });
}
