import type { EventStore } from "../discord/index.ts";
import { type RedisCommands, RedisUnknownOutcomeError } from "../redis/index.ts";
import { createKeys } from "./keys.ts";

export interface EventStoreOptions {
  redis(): Pick<RedisCommands, "get" | "set">;
  prefix: string;
  createId?(): string;
}

/** Discord sends an event again for ten minutes. */
const lifeMs = 30 * 60_000;

/**
 * Returns a store of the webhook events that were handled, under `e:<digest>` for 30 minutes.
 * Cost: 1 command, 1 round trip for each claim; a lost reply adds 1/1.
 */
export function createEventStore({
  redis,
  prefix,
  createId = () => crypto.randomUUID(),
}: EventStoreOptions): EventStore {
  const keys = createKeys(prefix);
  return {
    async claim(digest) {
      const id = createId();
      const key = keys.event(digest);
      try {
        return (await redis().set(key, id, { nx: true, px: lifeMs })) !== null;
      } catch (error) {
        if (!(error instanceof RedisUnknownOutcomeError)) throw error;
        const stored = await redis().get<string>(key);
        return stored === null || stored === id;
      }
    },
  };
}
