import type { InteractionRecord } from "./interactions/record.ts";
import type { World } from "./world/world.ts";

/** What the simulator's parts share. */
export interface Context {
  world: World;
  applicationId: string;
  /** Random for each simulator; what the Worker's REST calls carry. */
  botToken: string;
  /** Epoch milliseconds, and waiting, so that tests need not wait out Discord's clocks. */
  clock: Clock;
  createId(): string;
  /** Interactions by their token. */
  interactions: Map<string, InteractionRecord>;
  /** Uploaded files by the path they are served under. */
  files: Map<string, { bytes: ArrayBuffer; type: string }>;
  /** Where the simulator is served: what attachment urls begin with. */
  publicUrl(): string;
}

export interface Clock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The initial answer must come within this time. */
export const answerWithinMs = 3_000;
/** After this the interaction's token is dead. */
export const tokenLifeMs = 15 * 60_000;
