import type { CooldownStore } from "../guards/cooldown.ts";
import type { DiscordRest } from "../rest/client.ts";
import type { AnswerStore } from "./answer-store.ts";

/** What the router needs of the services that handlers get. */
export interface RouterServices {
  now(): number;
  /** Keeps the invocation alive until the promise settles. */
  waitUntil(work: Promise<unknown>): void;
  /** For what comes after the first answer. */
  readonly discord: DiscordRest;
  /** For handlers that run once. */
  readonly answers?: AnswerStore;
  /** For handlers with a cooldown. */
  readonly cooldowns?: CooldownStore;
}
