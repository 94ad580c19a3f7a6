import type { Clock } from "../../platform/index.ts";
import type { DiscordRest } from "../send/client.ts";

/** The part of the handlers' services that the router uses. */
export interface RouterServices {
  /** Times deferral, lateness and cooldowns. */
  readonly clock: Pick<Clock, "now" | "sleep">;
  /** Keeps the invocation alive until the promise settles. */
  waitUntil(work: Promise<unknown>): void;
  /** Sends edits and follow-ups. */
  readonly discord: DiscordRest;
}
