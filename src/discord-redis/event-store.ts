import type { EventStore } from "../discord/index.ts";
import { type ClaimCommands, setOnce } from "./claim.ts";
import { createKeys } from "./keys.ts";

export interface EventStoreOptions {
  redis(): ClaimCommands;
  /** Begins every key. */
  prefix: string;
  createId?(): string;
}

/** Discord sends an event again for ten minutes. */
const lifeMs = 30 * 60_000;

/**
 * Returns a store of the webhook events that were handled, under `e:<digest>` for 30 minutes.
 * Cost: 1 command, 1 round trip for each claim; after a lost reply 1 more, or 2 more where the command never arrived.
 */
export function createEventStore({
  redis,
  prefix,
  createId = () => crypto.randomUUID(),
}: EventStoreOptions): EventStore {
  const keys = createKeys(prefix);
  return {
    claim: async (digest) => (await setOnce(redis(), keys.event(digest), createId(), lifeMs)) === null,
  };
}
