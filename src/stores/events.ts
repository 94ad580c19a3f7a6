import type { EventStore } from "../discord/index.ts";
import { type RedisCommands, RedisUnknownOutcomeError } from "../redis/index.ts";

/** Discord sends an event again for ten minutes. */
const lifeMs = 30 * 60_000;

/** Which webhook events were taken, under `e:<digest>`. Claim: 1 command in 1 round trip. */
export function createEventStore(redis: () => RedisCommands, keyPrefix: string): EventStore {
  return {
    async claim(key) {
      const id = crypto.randomUUID();
      const name = `${keyPrefix}e:${key}`;
      try {
        return (await redis().set(name, id, { nx: true, px: lifeMs })) !== null;
      } catch (error) {
        if (!(error instanceof RedisUnknownOutcomeError)) throw error;
        const standing = await redis().get<string>(name);
        return standing === null || standing === id;
      }
    },
  };
}
