import type { Clock } from "../../platform/index.ts";
import type { DiscordRest } from "../send/client.ts";

/** What the router needs of the services that handlers get. */
export interface RouterServices {
  /** Deferral, lateness, cooldowns and waiting for Discord go by it. */
  readonly clock: Pick<Clock, "now" | "sleep">;
  /** Keeps the invocation alive until the promise settles. */
  waitUntil(work: Promise<unknown>): void;
  /** For what comes after the first answer. */
  readonly discord: DiscordRest;
}
