import type { DiscordRest } from "../send/client.ts";

/** What the router needs of the services that handlers get. */
export interface RouterServices {
  now(): number;
  /** Keeps the invocation alive until the promise settles. */
  waitUntil(work: Promise<unknown>): void;
  /** For what comes after the first answer. */
  readonly discord: DiscordRest;
}
